import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callcenter.account.table import SessionRow
from callcenter.api import live, live_endpoint
from callcenter.api import screen as screens
from callcenter.api.deps import Api
from callcenter.bus import names
from callcenter.call import events as e
from callcenter.call.model import EndedBy, Outcome, Source
from callcenter.ids import Linkedid, SeatId, Uniqueid
from tests.api.served import Pen, Served, serving
from tests.given import until
from tests.site import START, HandClock

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""What is told here does not depend on the kind of database."""

CALL, RING, SEAT = Linkedid("a-1.1"), Uniqueid("a-1.2"), SeatId("1001")


@pytest.fixture
def pen(api: Api, redis: Redis) -> Pen:
    pen = Pen(api, redis)
    pen.beats()
    return pen


@pytest.fixture
def served(api: Api, pen: Pen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(live, "FIGURES_S", 0.1)
    monkeypatch.setattr(live, "AGAIN_S", 0.05)
    monkeypatch.setattr(live, "BEAT_S", 1.0)
    with serving(api) as running:
        yield running


def begins(seconds: float = 0, call: Linkedid = CALL) -> list[e.CallEvent]:
    at = START + timedelta(seconds=seconds)
    return [
        e.CallStarted(at=at, call=call, caller="13912345678", source=Source.DIRECT),
        e.LanguageChosen(at=at, call=call, language="zh"),
        e.CallQueued(at=at, call=call, line="zh", channel=Uniqueid(call)),
    ]


def is_answered(seconds: float = 9) -> list[e.CallEvent]:
    at = START + timedelta(seconds=seconds)
    return [
        e.SeatRang(at=at, call=CALL, seat=SEAT, channel=RING),
        e.CallAnswered(at=at, call=CALL, seat=SEAT, channel=RING),
    ]


def ends(seconds: float = 20) -> list[e.CallEvent]:
    at = START + timedelta(seconds=seconds)
    return [
        e.TalkEnded(at=at, call=CALL, by=EndedBy.CALLER),
        e.CallEnded(at=at, call=CALL, outcome=Outcome.ANSWERED, by=EndedBy.CALLER),
    ]


def test_a_call_is_seen_from_the_queue_to_its_end(served: Served, pen: Pen) -> None:
    screen = served.screen()
    assert screen.state["calls"] == {}
    pen.happens(*begins())
    call = screen.until(lambda s: s["calls"].get(CALL))
    assert (call["state"], call["caller"], call["line"]) == ("queued", "139****5678", "zh")
    assert screen.until(lambda s: s["lines"]["zh"]["waiting"]) == 1
    pen.happens(*is_answered())
    assert screen.until(lambda s: s["calls"][CALL]["seat"]) == "1001"
    assert screen.state["seats"]["1001"]["answered"] == 1
    assert screen.state["lines"]["zh"]["waiting"] == 0
    pen.happens(*ends())
    screen.until(lambda s: not s["calls"])
    assert served.screen().state["seats"] == screen.state["seats"]


def test_figures_follow_the_calls_and_say_what_they_are_made_of(served: Served, pen: Pen, clock: HandClock) -> None:
    screen = served.screen()
    empty = {"value": None, "numerator": 0, "denominator": 0}
    assert screen.state["figures"]["connection_rate"] == empty
    clock.forward(minutes=1)
    pen.happens(*begins(), *is_answered(), *ends())
    screen.until(lambda s: s["figures"]["answered"] == 1)
    figures = screen.state["figures"]
    assert {name: figures[name] for name in ("in", "to_seat", "answered")} == {"in": 1, "to_seat": 1, "answered": 1}
    whole = {"value": 1.0, "numerator": 1, "denominator": 1}
    assert figures["connection_rate"] == figures["within_threshold"] == whole
    assert figures["satisfaction"] == empty
    assert figures["targets"] == {"connection_rate": 0.95, "within_threshold": 0.8, "satisfaction": 0.98}
    assert figures["participation"] == {"value": 0.0, "numerator": 0, "denominator": 1}


def test_a_screen_that_joins_late_sees_what_the_first_one_sees(served: Served, pen: Pen) -> None:
    first = served.screen()
    pen.happens(*begins())
    first.until(lambda s: s["calls"] and s["figures"]["in"] == 1)
    second = served.screen("1001")
    assert second.state == first.state
    pen.happens(*is_answered())
    for screen in (first, second):
        screen.until(lambda s: s["calls"][CALL]["state"] == "talking")


def test_a_missing_event_gives_everybody_a_new_snapshot(served: Served, pen: Pen) -> None:
    screen = served.screen()
    pen.happens(*begins(), publish=False)
    pen.happens(*is_answered())
    screen.until(lambda s: s["calls"].get(CALL, {}).get("state") == "talking")
    assert "snapshot" in screen.kinds[1:]


def test_events_told_twice_or_of_another_node_change_nothing(served: Served, pen: Pen, redis: Redis) -> None:
    screen = served.screen()
    pen.happens(*begins())
    screen.until(lambda s: s["calls"])
    entries: Any = redis.xrange(names.EVENTS)
    envelope = json.loads(entries[-1][1][b"e"])
    redis.xadd(names.EVENTS, {"e": json.dumps(envelope)}, id="100-0")
    redis.xadd(names.EVENTS, {"e": json.dumps(envelope | {"node": "b", "seq": 77})}, id="101-0")
    redis.xtrim(names.EVENTS, minid="102")
    while screen.read(within=7)["type"] != "beat":
        continue
    assert screen.state["calls"][CALL]["state"] == "queued"
    assert "snapshot" not in screen.kinds[1:]


def test_a_silent_engine_is_said_within_seconds_and_so_is_its_return(served: Served, pen: Pen) -> None:
    screen = served.screen()
    screen.until(lambda s: s["engine"]["state"] == "ok")
    pen.falls_silent()
    screen.until(lambda s: s["engine"]["state"] == "silent")
    pen.beats()
    screen.until(lambda s: s["engine"]["state"] == "ok")


def test_a_quiet_feed_beats(served: Served, pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = served.screen()
    screen.until(lambda s: s["engine"]["state"] == "ok")
    while screen.read(within=7)["type"] != "beat":
        continue
    assert screen.kinds[-1] == "beat"


def test_an_administrator_sees_no_callers(served: Served, pen: Pen) -> None:
    pen.happens(*begins())
    screen = served.screen("admin")
    assert screen.until(lambda s: s["calls"].get(CALL))["caller"] == ""
    pen.happens(*is_answered())
    assert screen.until(lambda s: s["calls"][CALL]["state"] == "talking" and s["calls"][CALL])["caller"] == ""


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"])
def test_the_page_of_another_site_gets_no_feed(served: Served, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        served.connect(served.sign_in("1001"), origin=origin)
    assert refused.value.response.status_code == 403


def test_our_own_page_gets_the_feed(served: Served) -> None:
    socket = served.connect(served.sign_in("1001"), origin=served.url)
    assert json.loads(socket.recv(timeout=5))["type"] == "snapshot"


def test_without_signing_in_there_is_no_feed(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        served.connect(None)
    assert refused.value.response.status_code == 401


def test_signing_out_closes_the_feed(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_endpoint, "STILL_SIGNED_IN_S", 0.1)
    client = served.sign_in("1001")
    socket = served.connect(client)
    socket.recv(timeout=5)
    client.post("/api/sign-out")
    with pytest.raises(ConnectionClosed) as closed:
        list(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


def test_an_open_screen_keeps_its_person_signed_in(
    served: Served, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_endpoint, "STILL_SIGNED_IN_S", 0.05)
    client = served.sign_in("1001")
    socket = served.connect(client)
    socket.recv(timeout=5)

    def expires() -> Any:
        with served.api.database.read() as session:
            return session.query(SessionRow).one().expires_at

    clock.forward(minutes=25)
    until(lambda: expires() > START + timedelta(minutes=40), within=10)
    clock.forward(minutes=25)
    assert client.get("/api/me").status_code == 200


def test_a_screen_that_does_not_read_is_dropped_and_the_others_go_on(
    served: Served, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "BEHIND_MAX", 3)
    hub = served.api.hub
    screen = served.screen()
    slow = screens.Screen(role="supervisor")  # type: ignore[arg-type]
    hub._screens.add(slow)
    for n in range(6):
        pen.happens(*begins(n, Linkedid(f"a-1.{n}")))
        screen.until(lambda s, n=n: f"a-1.{n}" in s["calls"])
    assert slow not in hub._screens
    assert slow.queue.qsize() == 4


def test_a_burst_of_calls_is_told_in_few_messages(served: Served, pen: Pen, redis: Redis) -> None:
    screen = served.screen()
    pen.happens(*(event for n in range(100) for event in begins(n, Linkedid(f"a-9.{n}"))))
    screen.until(lambda s: len(s["calls"]) == 100, within=20)
    assert screen.state["lines"]["zh"]["waiting"] == 100
    assert len(screen.kinds) < 10
