"""Each rule once: what breaks it, seen by the rows and signs that it reads; and that it ends when that is mended."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from threading import Thread
from typing import NamedTuple

import pytest
from redis import Redis
from sqlalchemy import delete, update

from callcenter.alarm.model import SPECS, Rule
from callcenter.alarm.repository import Alarms
from callcenter.call.table import CallRow
from callcenter.config import Settings
from callcenter.ivr.table import CallerRequestRow
from callcenter.reconcile.table import ReconciliationRow
from callcenter.recording.table import RecordingRow
from callcenter.seat.table import SeatRow
from callcenter.visit.model import Kind
from callcenter.visit.opening import opened
from callcenter.visit.table import VisitRow
from tests.alarm.test_watch import Night
from tests.api.given import call_row, recording_row
from tests.site import START, HandClock, Site

on_sqlite = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)

ELSEWHERE = {Rule.ENGINE_SILENT, Rule.NO_SEAT, Rule.REDIS_DOWN, Rule.SMS_DOWN, Rule.ROSTER_GAP, Rule.SPEECH_DOWN}
"""test_watch, test_sms, tests/roster, and below."""
HOUR = timedelta(hours=1)

Deed = Callable[[Night], object]


class Story(NamedTuple):
    breaks: Deed
    mends: Deed
    subject: str = ""


def says(**beat: object) -> Deed:
    return lambda night: night.pen.beats(**beat)


def adds(*rows: object) -> Deed:
    return lambda night: night.site.add(*rows)


def limit(value: float, back: float) -> Deed:
    def set_it(night: Night) -> None:
        with night.site.api.database.begin() as session:
            changed = dataclasses.replace(SPECS[Rule.DISK_LOW].default, limit=value, back=back)
            Alarms(session).set(Rule.DISK_LOW, changed)

    return set_it


def does(statement: object) -> Deed:
    def execute(night: Night) -> None:
        with night.site.api.database.begin() as session:
            session.execute(statement)

    return execute


def calls(night: Night) -> None:
    """19 of 20 are 95 %; 18 of 20 are not."""
    rows = [call_row(night.site, f"a-{n}.1", seat=None, answered_at=None, outcome="abandoned_queue") for n in range(2)]
    night.site.add(*rows, *(call_row(night.site, f"a-{n}.1") for n in range(2, 20)))


def waiting(night: Night) -> None:
    nothing = dict.fromkeys(("answered_at", "ended_at", "left_at", "outcome", "seat", "first_ring_at"))
    began = night.clock.now() - timedelta(seconds=70)
    night.site.add(call_row(night.site, line="bo", state="ringing", started_at=began, queued_at=began, **nothing))


def working(night: Night) -> None:
    night.redis.hset("rq:worker:w", mapping={"last_heartbeat": datetime.now(UTC).isoformat()})


def request(kind: str, hours: float, until_at: datetime | None = None) -> Deed:
    row = CallerRequestRow(call="a-1.1", kind=kind, at=START - hours * HOUR, language="zh", until_at=until_at)
    return adds(row)


def compared(days_ago: int, unexplained: int) -> Deed:
    day = (START - days_ago * timedelta(days=1)).date()
    row = {"node": "a", "day": day, "at": START, "explained": 5, "unexplained": unexplained, "report": {}}
    return lambda night: night.site.add(ReconciliationRow(**row))


def visits(night: Night) -> None:
    night.site.add(call_row(night.site, grade=5))
    row = opened(night.site.api.visit_rules, Kind.DISSATISFIED, "a-1.1", START - timedelta(days=30))
    night.site.add(VisitRow(**row))


SEAT = update(SeatRow).where(SeatRow.id == "1001")
SERVED = update(CallerRequestRow).values(state="served")
STORIES = {
    Rule.RATE_LOW: Story(calls, does(update(CallRow).values(answered_at=START - HOUR, outcome="answered"))),
    Rule.LONG_WAIT: Story(waiting, does(delete(CallRow)), "bo"),
    Rule.SEAT_UNREACHABLE: Story(
        does(SEAT.values(state="unreachable", since=START)), does(SEAT.values(state="ready")), "1001"
    ),
    Rule.ASTERISK_AWAY: Story(says(asterisk=False), says()),
    Rule.TRUNK_DOWN: Story(says(trunk=False), says(trunk=True)),
    Rule.RECORDS_WAIT: Story(says(problem="the database is away"), says()),
    Rule.WORKER_DOWN: Story(lambda night: None, working),
    Rule.DISK_LOW: Story(limit(100_000, 100_000), limit(0, 0)),
    Rule.RECORDING_LOST: Story(adds(recording_row(state="missing")), does(update(RecordingRow).values(state="sealed"))),
    Rule.DIFFERENCES: Story(compared(2, 3), compared(1, 0)),
    Rule.CALLBACK_OVERDUE: Story(request("callback", 4.1), does(SERVED)),
    Rule.VOICEMAIL_OVERDUE: Story(request("voicemail", 24.1), does(SERVED)),
    Rule.APPOINTMENT_LATE: Story(request("callback", 1, until_at=START), does(SERVED)),
    Rule.VISIT_OVERDUE: Story(visits, does(update(VisitRow).values(state="closed"))),
}


@pytest.fixture
def night(site: Site, redis: Redis, clock: HandClock) -> Night:
    seats = ("1001", "1002", "1003")
    site.add(*(SeatRow(id=seat, state="ready", since=START, desired="ready", reason="", missed=0) for seat in seats))
    return Night(site, redis, clock)


def goes_on(night: Night, rule: Rule) -> None:
    """Longer than any wait of the rule."""
    spec = SPECS[rule].default
    night.goes_on(spec.hold_s + spec.clear_s + 70)


def test_no_rule_is_without_a_story() -> None:
    assert set(STORIES) | ELSEWHERE == set(Rule)


@on_sqlite
@pytest.mark.parametrize("rule", STORIES)
def test_what_breaks_a_rule_raises_its_alarm_and_what_mends_it_ends_it(night: Night, rule: Rule) -> None:
    story = STORIES[rule]
    night.watch.look()
    assert (rule, story.subject) not in night.up()
    story.breaks(night)
    goes_on(night, rule)
    assert (rule, story.subject) in night.up()
    story.mends(night)
    goes_on(night, rule)
    assert (rule, story.subject) not in night.up()


@on_sqlite
def test_a_carrier_that_is_not_asked_says_nothing(night: Night) -> None:
    goes_on(night, Rule.TRUNK_DOWN)
    with night.site.api.database.read() as session:
        assert Rule.TRUNK_DOWN not in {row.rule for row in Alarms(session).up()}


class Answering(StreamRequestHandler):
    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b'{"ready": true}\n')


@pytest.fixture
def settings(database_settings: Settings, redis_url: str) -> Settings:
    return database_settings.model_copy(update={"redis_url": redis_url})


@pytest.fixture
def recogniser(night: Night) -> Iterator[ThreadingUnixStreamServer]:
    """A site with spoken menus."""
    api = night.site.api
    settings = api.settings.model_copy(update={"speech_model": api.settings.home / "model"})
    object.__setattr__(api, "settings", settings)
    night.watch = night.watcher()
    settings.speech_socket.parent.mkdir(parents=True, exist_ok=True)
    server = ThreadingUnixStreamServer(str(settings.speech_socket), Answering)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


@on_sqlite
def test_a_recogniser_that_is_gone_is_told(night: Night, recogniser: ThreadingUnixStreamServer) -> None:
    goes_on(night, Rule.SPEECH_DOWN)
    assert (Rule.SPEECH_DOWN, "") not in night.up()
    recogniser.shutdown()
    recogniser.server_close()
    night.site.api.settings.speech_socket.unlink()
    goes_on(night, Rule.SPEECH_DOWN)
    assert (Rule.SPEECH_DOWN, "") in night.up()
