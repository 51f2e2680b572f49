"""Messages by a gateway of the kind that carriers offer: one request by HTTP, its fields as the site writes them."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from callcenter.clock import Clock
from callcenter.errors import CallCenterError
from callcenter.message.gateway import Answer, Letter, Lost, NotSent, Rejected, Taken
from callcenter.message.model import MessageState
from callcenter.message.rules import HttpRules, Signature
from callcenter.message.travel import PATIENCE_S, carried

_NAME = re.compile(r"\{([A-Za-z0-9_.-]+)\}")
FRESH = timedelta(minutes=10)
RETRY = frozenset({401, 403, 429})


class ForgedReport(CallCenterError):
    code = "forged-request"
    status = 403


class HttpGateway:
    name = "http"

    def __init__(self, rules: HttpRules, secret: str, clock: Clock) -> None:
        self._rules = rules
        self._secret = secret
        self._clock = clock
        self._http = httpx.Client(timeout=PATIENCE_S)

    def send(self, letter: Letter) -> Answer:
        known = {
            "number": letter.number,
            "text": letter.text,
            "id": letter.id,
            "template": letter.template,
            "values": json.dumps(dict(letter.values), ensure_ascii=False),
            "at": str(int(self._clock.now().timestamp())),
            "account": self._rules.account,
        }
        if self._rules.signature is not None:
            known["signature"] = signed(self._rules.signature, known, self._secret)
        fields = {name: _filled(pattern, known) for name, pattern in self._rules.fields.items()}
        body: dict[str, Any] = {"json": fields} if self._rules.form == "json" else {"data": fields}
        return carried(lambda: self._read(self._http.post(self._rules.url, **body)))

    def find(self, letter: Letter, since: datetime) -> Taken | NotSent | Lost:
        """There is no common way to ask: a report of the carrier may still come, or a person decides."""
        return Lost("this kind of gateway cannot be asked")

    def _read(self, answer: httpx.Response) -> Answer:
        if answer.status_code in RETRY:
            return NotSent(f"the gateway answers {answer.status_code}; is `message_secret` right?")
        if answer.status_code >= 500:
            return Lost(f"the gateway answers {answer.status_code}")
        try:
            told = answer.json()
        except ValueError:
            return Lost("the gateway's answer is no JSON")
        word = _at(told, self._rules.taken_at)
        if word in self._rules.taken_if:
            return Taken(_at(told, self._rules.id_at) if self._rules.id_at else "")
        if word in self._rules.busy_if:
            return NotSent(f"the gateway is busy: {word}")
        return Rejected(word or str(answer.status_code)) if word or not answer.is_success else Lost("no word in answer")


def signed(rule: Signature, known: Mapping[str, str], secret: str) -> str:
    of = _filled(rule.of, {**known, "secret": secret}).encode()
    if rule.method == "hmac-sha256":
        found = hmac.new(secret.encode(), of, hashlib.sha256).hexdigest()
    else:
        found = hashlib.new(rule.method, of, usedforsecurity=False).hexdigest()
    return found.upper() if rule.upper else found


def check_signature(rule: Signature, signed_in: str, at: str, told: Mapping[str, str], secret: str, now: int) -> None:
    """`now`: seconds since 1970. Raises ForgedReport."""
    expected = signed(rule, told, secret)
    fresh = not at or (told.get(at, "").isdecimal() and abs(now - int(told[at])) <= FRESH.total_seconds())
    if not secret or not fresh or not hmac.compare_digest(expected.encode(), told.get(signed_in, "").encode()):
        raise ForgedReport("this report is not signed as `site/messages.yaml` says, or it is old")


def meaning(rules: HttpRules, word: str) -> MessageState:
    arrived = rules.reports is not None and word in rules.reports.delivered
    return MessageState.DELIVERED if arrived else MessageState.UNDELIVERED


def _filled(pattern: str, known: Mapping[str, str]) -> str:
    """Names that are not known stay as they are: a fixed text of the carrier may hold braces."""
    return _NAME.sub(lambda found: known.get(found[1], found[0]), pattern)


def _at(told: Any, path: str) -> str:
    """`result.status` of an answer; empty when it is not there."""
    for step in path.split("."):
        told = told.get(step) if isinstance(told, dict) else None
    return "" if told is None or isinstance(told, dict | list) else str(told)
