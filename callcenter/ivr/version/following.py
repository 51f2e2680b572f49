"""This home's files brought to what is published: the set itself, and the dialplan that runs it without an engine.

Done by whoever publishes, at once, so that it happens without an engine, too; and by each engine every few seconds,
which is how other nodes learn of it.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from callcenter import secrets
from callcenter.asterisk import probe
from callcenter.confgen import files
from callcenter.confgen.render import FALLBACK, render_fallback
from callcenter.config import Settings
from callcenter.ivr import published_entries
from callcenter.ivr.version import home_files
from callcenter.ivr.version.repository import FlowBook
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

OWED = ".reload-owed"
"""Lies in the folder while Asterisk has not read the newest dialplan."""
LOOPBACK = "127.0.0.1"
DIALPLAN = "pbx_config.so"


def follow(settings: Settings, database: Database) -> int:
    """Number of the set that is now in the home's files; 0: nothing is published."""
    entries = published_entries.follow(settings, database)
    with database.read() as session:
        number = FlowBook(session).number()
    if number == 0:
        return 0
    owed = home_files.folder(settings) / OWED
    now = home_files.current_number(settings)
    if now == number and not owed.exists() and not entries:
        return number
    with _one_at_a_time(settings):
        if home_files.current_number(settings) != number:
            with database.read() as session:
                published = FlowBook(session).current_set()
            home_files.write(settings, published)
            number = published.number
            log.info("flows.published set=%d versions=%s", number, dict(published.versions))
        _dialplan(settings)
    return number


def _dialplan(settings: Settings) -> None:
    """A home whose Asterisk was never configured has none."""
    etc = settings.asterisk_dir / "etc"
    path, owed = etc / FALLBACK, home_files.folder(settings) / OWED
    if not path.is_file():
        return
    text = render_fallback(settings)
    if path.read_text() != text:
        owed.touch()
        files.put(etc, FALLBACK, text, group=path.stat().st_gid)
    if owed.exists():
        secret = secrets.read(settings.home).ami_password("doctor")
        if probe.reload(LOOPBACK, settings.ami_port, "doctor", secret, DIALPLAN):
            owed.unlink(missing_ok=True)
        else:
            log.warning("flows.dialplan_waits: Asterisk does not answer; it reads the new dialplan at its next start")


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    folder = home_files.folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
