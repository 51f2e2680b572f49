"""The gateway for short messages: an extra, so nothing here fails."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
from sqlalchemy.exc import SQLAlchemyError

from callcenter import secrets
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.doctor.model import Result, ok, warn
from callcenter.doctor.services import PATIENCE_S
from callcenter.errors import CallCenterError
from callcenter.message.repository import Messages
from callcenter.message.rules import MessageRules, read_message_rules
from callcenter.message.setup import address, lacking
from callcenter.storage.database import Database

NAME = "messages"
LATE = timedelta(minutes=5)
READ = "see docs/operations/messages.md"


def gateway(settings: Settings) -> Iterator[Result]:
    try:
        own = secrets.read(settings.home)
    except CallCenterError:
        return  # said by the check of the secrets
    rules, faults = read_message_rules(settings.flows_dir)
    lacks = lacking(settings, own, rules)
    if faults:
        yield warn(NAME, f"{faults[0].file}, line {faults[0].line}: {faults[0].message}", "correct it: no message goes")
    elif rules.gateway == "none":
        yield ok(NAME, "no gateway: short messages are noted and not sent")
    elif lacks:
        yield warn(NAME, f"{' and '.join(lacks)} missing for the gateway {rules.gateway}", READ)
    else:
        yield from _in_use(settings, rules)


def _in_use(settings: Settings, rules: MessageRules) -> Iterator[Result]:
    """Nothing is sent: whether the token is right shows a test message (短信 › 通道)."""
    url = httpx.URL(address(rules))
    try:
        httpx.head(url.copy_with(raw_path=b"/"), timeout=PATIENCE_S)  # any answer will do
    except httpx.HTTPError as error:
        yield warn(NAME, f"{url.host} of the gateway {rules.gateway} does not answer: {error}", READ)
        return
    database, now = Database(settings), SystemClock().now()
    try:
        with database.read() as session:
            since = Messages(session).overdue_since(now)
    except SQLAlchemyError:
        return  # said by the check of the database
    finally:
        database.close()
    if since is not None and now - since > LATE:
        minutes = int((now - since).total_seconds() // 60)
        yield warn(NAME, f"the oldest message waits for {minutes} minutes", "look at 短信; see var/log/worker.log")
    else:
        yield ok(NAME, f"{rules.gateway} at {url.host}, nothing waits too long")
