"""A wallboard runs for a month without a reload: what it has drawn once it must not keep."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from callcenter.board.model import SeatNow, call_entity, seat_entity
from callcenter.call.model import CallRecord, CallState
from callcenter.ids import Linkedid, SeatId
from callcenter.seat.model import PhoneKind, SeatState, SeatView
from tests.asterisk.harness import System
from tests.browser.heap import measured
from tests.browser.seat import PATIENCE_MS, Browser

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("system", ["sqlite"], indirect=True),
]
"""What is told here does not depend on the kind of database."""

WARM, ROUNDS = 600, 6_000
CALL_S = 7
"""Messages that a made-up call lasts."""
MORE_NODES, MORE_LISTENERS, MORE_HEAP = 300, 100, 600_000
"""What may differ between two looks at a screen that only changes. A hundred bytes kept of each message are seen."""
NOW = datetime.now(UTC)
STATES = (SeatState.READY, SeatState.RINGING, SeatState.TALKING, SeatState.WRAP_UP)


class Feed:
    """A live feed that says what this test wants. Calls and seats are written as the server writes them: over a part
    that is missing the screens would stumble at each message, and the browser keeps every error it was told of."""

    def __init__(self) -> None:
        self.seq = 0
        self._socket: WebSocketRoute | None = None

    def open(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        seats = {str(n): self._seat(n, 0) for n in range(1001, 1009)}
        state = {"calls": {}, "seats": seats, "lines": {"zh": self._line(0)}, "figures": None, "alarms": {}}
        state |= {"engine": {"state": "ok", "at": NOW.isoformat()}, "watch": None, "today": None}
        self._send({"type": "snapshot", "state": state})

    def busy(self, messages: int) -> None:
        """Calls come and go, seats turn, an alarm rises and ends, topics change."""
        for n in range(self.seq, self.seq + messages):
            seat, call, over = 1001 + n % 8, f"a-{n}.1", f"a-{n - CALL_S}.1"
            patch: dict[str, Any] = {"calls": {call: self._call(call), over: None}, "lines": {"zh": self._line(n)}}
            patch["seats"] = {str(seat): self._seat(seat, n)}
            patch["alarms"] = {str(n): self._alarm(n) if n % 5 == 0 else None, str(n - 1): None}
            topics = [{"topic": f"civil.{n % 11}", "count": n}]
            waiting = {"requests": {"callback": n, "voicemail": 0}, "visits": {"unsettled": n, "overdue": 0}}
            patch["today"] = {"lost": {"menu": n}, "topics": topics, **waiting}
            patch["today"]["at"] = self._at(n)
            self._send({"type": "delta", "patch": patch})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._socket is not None
        self.seq += 1
        self._socket.send(json.dumps(message | {"seq": self.seq, "at": self._at(self.seq)}))

    def _moment(self, n: int) -> datetime:
        return NOW + timedelta(seconds=n / 50)

    def _at(self, n: int) -> str:
        return self._moment(n).isoformat()

    def _seat(self, seat: int, n: int) -> dict[str, Any]:
        view = SeatView(seat=SeatId(str(seat)), state=STATES[n // 8 % 4], since=self._moment(n), phone=PhoneKind.SIP)
        return seat_entity(SeatNow(view=view, name="王", languages=("zh",), answered=n))

    def _line(self, n: int) -> dict[str, Any]:
        return {"id": "zh", "waiting": n % 9, "longest_since": self._at(n), "ready": n % 4, "signed_in": 8}

    def _call(self, call: str) -> dict[str, Any]:
        known = {"linkedid": Linkedid(call), "caller": "138****5678", "language": "zh", "line": "zh"}
        return call_entity(CallRecord(**known, state=CallState.QUEUED, started_at=NOW, queued_at=NOW))

    def _alarm(self, n: int) -> dict[str, Any]:
        known = {"id": n, "rule": "long-wait", "subject": "zh", "severity": "warning", "unit": "seconds"}
        state = {"state": "raised", "raised_at": self._at(n), "limit": 60, "value": 61 + n % 60}
        return known | state | {"quiet": False, "acknowledged_by": ""}


def test_thousands_of_messages_leave_nothing_behind(system: System, screens: Callable[..., Browser]) -> None:
    browser, feed = screens(width=1920, height=1080), Feed()
    page = browser.page
    page.route_web_socket("**/api/live", feed.open)
    browser.sign_in("supervisor", at="/wallboard")
    browser.find("seat-1001").wait_for()
    browser.find("quarter-chart").locator("canvas").first.wait_for()
    page.on("console", lambda message: browser.complaints.append(message.text) if message.type == "error" else None)
    cdp = page.context.new_cdp_session(page)

    def after(messages: int) -> dict[str, int]:
        for _ in range(messages // 200):
            feed.busy(200)
            expected = str((feed.seq - 1) % 9)
            expect(browser.find("line-zh-waiting")).to_have_text(expected, timeout=PATIENCE_MS)
        return measured(cdp)

    before, later = after(WARM), after(ROUNDS)
    assert later["nodes"] - before["nodes"] < MORE_NODES, (before, later)
    assert later["listeners"] - before["listeners"] < MORE_LISTENERS, (before, later)
    assert later["heap"] - before["heap"] < MORE_HEAP, (before, later)
    assert browser.complaints == []
