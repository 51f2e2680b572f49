"""The evaluator on real rows: who judges, what is raised, what the webhook gets."""

import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from redis import Redis
from sqlalchemy import select

from callcenter.alarm.jobs import AGAIN_AFTER, attempt
from callcenter.alarm.model import Rule
from callcenter.alarm.repository import Alarms
from callcenter.alarm.table import AlarmDeliveryRow, AlarmRow
from callcenter.alarm.watch import HELD_FOR, Watch
from callcenter.seat.table import SeatRow
from tests.api.given import call_row
from tests.api.served import Pen
from tests.site import START, HandClock, Site


class Night:
    """A site whose engine speaks or is silent, and one who watches it."""

    def __init__(self, site: Site, redis: Redis, clock: HandClock) -> None:
        self.site, self.clock, self.redis = site, clock, redis
        self.pen = Pen(site.api, redis)
        self.reminded: list[str] = []
        self.watch = self.watcher()
        self.engine_speaks()

    def watcher(self) -> Watch:
        api = self.site.api
        return Watch(
            api.settings, api.database, self.redis, self.clock, remind=lambda _redis, id_: self.reminded.append(id_)
        )

    def engine_speaks(self, seconds_ago: float = 0) -> None:
        file = self.site.api.settings.engine_beat
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
        at = time.time() - seconds_ago
        os.utime(file, (at, at))
        self.pen.beats()

    def engine_dies(self) -> None:
        self.engine_speaks(60)
        self.pen.falls_silent()

    def goes_on(self, seconds: float) -> None:
        for _ in range(int(seconds / 5)):
            self.clock.forward(seconds=5)
            self.watch.look()

    def up(self) -> set[tuple[str, str]]:
        with self.site.api.database.read() as session:
            return {(row.rule, row.subject) for row in Alarms(session).up()}

    def row(self, rule: Rule) -> AlarmRow:
        with self.site.api.database.read() as session:
            return session.scalars(select(AlarmRow).where(AlarmRow.rule == rule.value)).one()


@pytest.fixture
def night(site: Site, redis: Redis, clock: HandClock) -> Night:
    night = Night(site, redis, clock)
    seats = ("1001", "1002", "1003")
    site.add(*(SeatRow(id=seat, state="ready", since=START, desired="ready", reason="", missed=0) for seat in seats))
    night.watch.look()
    return night


def test_a_dead_engine_is_told_and_nobody_is_said_to_be_absent(night: Night) -> None:
    assert not night.up() - {("worker-down", "")}
    night.engine_dies()
    night.watch.look()
    assert ("engine-silent", "") in night.up()
    with night.site.api.database.begin() as session:
        for seat in session.scalars(select(SeatRow)):
            seat.state = "signed_out"
    night.goes_on(600)
    assert {rule for rule, _ in night.up()} <= {"engine-silent", "worker-down"}, "unknown is not bad"
    night.engine_speaks()
    night.goes_on(10)
    night.engine_speaks()
    night.goes_on(5)
    assert ("engine-silent", "") not in night.up()
    assert night.row(Rule.ENGINE_SILENT).cleared_at is not None


def test_a_language_without_a_seat_is_told_after_two_minutes_and_over_when_one_comes(night: Night) -> None:
    with night.site.api.database.begin() as session:
        session.get_one(SeatRow, "1003").state = "signed_out"
    for _ in range(26):
        night.engine_speaks()
        night.goes_on(5)
    assert ("no-seat", "mn") in night.up()
    assert ("no-seat", "zh") not in night.up()
    with night.site.api.database.begin() as session:
        session.get_one(SeatRow, "1003").state = "talking"
    for _ in range(3):
        night.engine_speaks()
        night.goes_on(5)
    assert ("no-seat", "mn") not in night.up()


def test_a_caller_who_waits_too_long_is_told_by_his_line(night: Night) -> None:
    began = night.clock.now() - timedelta(seconds=70)
    nothing = dict.fromkeys(("answered_at", "ended_at", "left_at", "outcome", "seat", "first_ring_at"))
    night.site.add(
        call_row(night.site, "a-9.1", line="bo", state="queued", started_at=began, queued_at=began, **nothing)
    )
    night.watch.look()
    assert ("long-wait", "bo") in night.up()
    assert night.row(Rule.LONG_WAIT).value == 70


def test_one_watches_and_another_takes_over_when_it_is_gone(night: Night) -> None:
    second = night.watcher()
    assert (night.watch.look(), second.look(), night.watch.look()) == (True, False, True)
    night.clock.forward(seconds=HELD_FOR.total_seconds() + 1)
    assert (second.look(), night.watch.look()) == (True, False)


def test_redis_that_is_away_is_told(night: Night) -> None:
    night.watch._redis = night.watch._readings._redis = Redis.from_url("unix:///nowhere/redis.sock")
    night.goes_on(15)
    assert ("redis-down", "") in night.up()


class Receiver(HTTPServer):
    """The other side of the webhook."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        super().__init__(("127.0.0.1", 0), Taking)
        self.url = f"http://127.0.0.1:{self.server_port}/in"


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def posted(site: Site, redis: Redis, clock: HandClock, receiver: Receiver) -> Night:
    """A dead engine, and a message of it on its way."""
    settings = site.api.settings.model_copy(update={"alarm_webhook": receiver.url})
    object.__setattr__(site.api, "settings", settings)
    night = Night(site, redis, clock)
    night.engine_dies()
    night.watch.look()
    return night


def tries(night: Night) -> str:
    api = night.site.api
    return attempt(api.database, api.settings, "key", night.clock, night.reminded[0])


def test_the_webhook_gets_a_signed_message_once(posted: Night, receiver: Receiver) -> None:
    assert (tries(posted), tries(posted)) == ("sent", "")
    ((headers, body),) = receiver.got
    told = json.loads(body)
    assert (told["event"], told["alarm"]["rule"]) == ("alarm.raised", "engine-silent")
    assert told["id"] == headers["x-callcenter-delivery"] == posted.reminded[0]
    signed = headers["x-callcenter-timestamp"].encode() + b"." + body
    expected = hmac.new(b"key", signed, hashlib.sha256).hexdigest()
    assert headers["x-callcenter-signature"] == f"sha256={expected}"


@pytest.mark.parametrize("status", [500, 302])
def test_what_is_not_taken_comes_again_and_a_redirect_is_not_followed(
    posted: Night, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    assert (tries(posted), tries(posted)) == ("due", ""), "not before its time"
    assert len(receiver.got) == 1
    posted.clock.at += AGAIN_AFTER[0]
    receiver.status = 204
    assert tries(posted) == "sent"
    first, second = (headers["x-callcenter-delivery"] for headers, _ in receiver.got)
    assert first == second, "the other side can tell that it is the same"


def test_it_is_given_up_in_the_end(posted: Night, receiver: Receiver) -> None:
    receiver.status = 500
    for wait in AGAIN_AFTER:
        assert tries(posted) == "due"
        posted.clock.at += wait
    assert tries(posted) == "given_up"
    with posted.site.api.database.read() as session:
        assert session.get_one(AlarmDeliveryRow, posted.reminded[0]).problem == "127.0.0.1: answered 500"
