"""The promise of the board: whoever followed the events sees what a fresh look at the database shows."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from callcenter import secrets
from callcenter.account.model import Person, Role
from callcenter.account.repository import People
from callcenter.asterisk import events as t
from callcenter.board.board import Board
from callcenter.board.model import Patch
from callcenter.board.repository import read_board
from callcenter.bus.envelope import Envelope, from_json
from callcenter.config import Settings
from callcenter.engine.pump import Pump
from callcenter.engine.registry import Registry
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step import Step
from callcenter.ids import Interface, Linkedid, NodeName, PersonId, QueueName, SeatId, Uniqueid
from callcenter.seat.model import Desired
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.given import examples
from tests.story import NOON, ready_seat
from tests.visit.given import RULES

NODE = NodeName("a")
LINES = ["zh", "bo"]
SEATS = {"1001": ("zh",), "1002": ("zh", "bo")}
CALLS = ("a-1.1", "a-1.2", "a-1.3")


class Engine:
    """The engine's own folds and writing, told events by hand; keeps what it would publish."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.vault = NumberVault(secrets.Secrets("aa" * 32, "bb" * 32, "cc" * 32, "dd" * 32))
        self.published: list[Envelope] = []
        self.now = NOON
        self.registry = Registry()
        with database.begin() as session:
            for seat, languages in SEATS.items():
                person = Person(
                    id=PersonId(seat), name=f"人{seat}", role=Role.SEAT, seat=SeatId(seat), languages=languages
                )
                People(session).add(person, "no password")
                self.registry.seats[SeatId(seat)] = ready_seat(seat, *languages)
        self.pump = Pump(self.registry, self, self.vault, NODE, self.clock(), 0, RULES)  # type: ignore[arg-type]
        for seat in SEATS:  # a first word of each, so that it has its row
            self.do(lambda seat=seat: self.registry.seats[SeatId(seat)].want(Desired.PAUSED, "开会", seat, self.now))

    def clock(self) -> Any:
        engine = self

        class Clock:
            def now(self) -> Any:
                return engine.now

        return Clock()

    def put(self, step: Step) -> None:
        with self.database.begin() as session:
            self.published += EngineRepository(session, NODE).write([step], self.now)

    def do(self, work: Any) -> None:
        """One turn of the pump."""

        done = asyncio.Event()

        async def job() -> Any:
            return work()

        async def end() -> Any:
            done.set()
            return []

        async def turn() -> None:
            self.pump.inbox = asyncio.Queue()
            self.pump.inbox.put_nowait(job)
            self.pump.inbox.put_nowait(end)
            running = asyncio.create_task(self.pump.run())
            await done.wait()
            running.cancel()

        self.now += timedelta(seconds=1)
        asyncio.run(turn())
        assert self.pump.faults == 0

    def hear(self, event: t.TelephonyEvent) -> None:
        self.do(lambda: self.registry.hear(event))

    def board(self) -> Board:
        with self.database.read() as session:
            return read_board(session, NODE, self.vault, LINES, self.now)


def word(engine: Engine, kind: str, call: str, seat: str, ring: int) -> t.TelephonyEvent:
    """One sentence of Asterisk about a call; it may fit or not: the engine must cope, and so must the board."""
    linkedid, caller, rung = Linkedid(call), Uniqueid(call), Uniqueid(f"{call}-ring{ring}")
    own = {"at": engine.now, "uniqueid": caller, "linkedid": linkedid}
    queue = QueueName(SEATS[seat][-1])
    to_seat = own | {
        "queue": queue,
        "interface": Interface(f"PJSIP/w{seat}"),
        "seat": SeatId(seat),
        "seat_uniqueid": rung,
    }
    channel = {"at": engine.now, "channel": "PJSIP/x-1", "uniqueid": caller, "linkedid": linkedid}
    seats_own = channel | {"uniqueid": rung}
    words: dict[str, Any] = {
        "dial": lambda: t.ChannelStarted(**channel, caller_number="13912345678", context="from-trunk", exten="12348"),
        "language": lambda: t.Fact(**own, name="language", value=queue),
        "topic": lambda: t.Fact(**own, name="topic", value="labour"),
        "join": lambda: t.QueueJoined(**own, queue=queue, position=1),
        "leave": lambda: t.QueueLeft(**own, queue=queue),
        "timeout": lambda: t.Fact(**own, name="outcome", value="queue_timeout"),
        "ring": lambda: t.SeatCalled(**to_seat),
        "missed": lambda: t.SeatRingEnded(**to_seat),
        "busy": lambda: t.DialEnded(at=engine.now, uniqueid=rung, linkedid=linkedid, status="BUSY"),
        "answer": lambda: t.SeatAnswered(**to_seat),
        "hold": lambda: t.Held(**seats_own),
        "unhold": lambda: t.Unheld(**seats_own),
        "complete": lambda: t.SeatCompleted(**to_seat, ended_by="caller"),
        "survey": lambda: t.Fact(**own, name="survey_offered", value="1"),
        "grade": lambda: t.Fact(**own, name="grade", value="2"),
        "gone": lambda: t.ChannelEnded(**channel, cause=16),
        "phone": lambda: t.ContactChanged(at=engine.now, endpoint=f"w{seat}", registered=bool(ring)),
    }
    made: t.TelephonyEvent = words[kind]()
    return made


STORIES = (
    "dial language join ring answer hold unhold complete survey grade gone",
    "dial language topic join ring missed ring busy ring answer complete gone",
    "dial join ring answer hold gone",
    "dial language join leave timeout gone",
    "dial join ring gone",
    "dial gone",
)
ANY = tuple({kind for story in STORIES for kind in story.split()} | {"phone"})
Sentence = tuple[str, str, str, int]


@st.composite
def days(draw: st.DrawFn) -> list[Sentence]:
    """Three callers' stories told at the same time, with wishes of the seats and nonsense thrown in."""
    stories = [draw(st.sampled_from(STORIES)).split() for _ in CALLS]
    rings, seats = [0] * len(CALLS), [draw(st.sampled_from(tuple(SEATS))) for _ in CALLS]
    told: list[Sentence] = []
    while any(stories) and len(told) < 60:
        match draw(st.integers(0, 9)):
            case 0:
                wish = draw(st.sampled_from([*Desired, "done", "extend", "tried", "untried"]))
                told.append(("want", wish, draw(st.sampled_from(tuple(SEATS))), 0))
            case 1:
                told.append(
                    (
                        draw(st.sampled_from(ANY)),
                        draw(st.sampled_from(CALLS)),
                        draw(st.sampled_from(tuple(SEATS))),
                        draw(st.integers(0, 2)),
                    )
                )
            case _:
                one = draw(st.sampled_from([i for i, story in enumerate(stories) if story]))
                kind = stories[one].pop(0)
                if kind == "ring":
                    rings[one] += 1
                    seats[one] = draw(st.sampled_from(tuple(SEATS)))
                told.append((kind, CALLS[one], seats[one], rings[one]))
    return told


def tell(engine: Engine, sentence: Sentence) -> None:
    kind, subject, seat_id, ring = sentence
    if kind != "want":
        engine.hear(word(engine, kind, subject, seat_id, ring))
        return
    seat = engine.registry.seats[SeatId(seat_id)]
    if subject == "done":
        engine.do(lambda: engine.registry.end_wrap_up(seat, engine.now))
    elif subject == "extend":
        engine.do(lambda: seat.extend_wrap_up(timedelta(seconds=60), engine.now))
    elif subject in ("tried", "untried"):
        engine.do(lambda: seat.microphone(subject == "tried", engine.now))
    else:
        engine.do(lambda: engine.registry.want(seat, Desired(subject), "吃饭", seat_id, engine.now))


def follow(board: Board, screen: dict[str, Any], envelopes: list[Envelope]) -> None:
    """The board folds the events as they travelled; a screen folds the patches as they travelled."""
    for envelope in envelopes:
        patch: Patch = board.apply(from_json(envelope.to_json()))
        travelled = json.loads(json.dumps(patch.as_json()))
        for part, entities in travelled.items():
            for id_, entity in entities.items():
                if entity is None:
                    screen[part].pop(id_, None)
                else:
                    screen[part][id_] = entity


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(day=days(), looked_after=st.integers(0, 40))
def test_a_board_that_followed_the_events_equals_one_read_anew(
    tmp_path_factory: Any, sqlite_fresh: Path, day: list[Sentence], looked_after: int
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / "callcenter.db").write_bytes(sqlite_fresh.read_bytes())
    database = Database(Settings(home=home))
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    engine = Engine(database)
    for sentence in day[:looked_after]:
        tell(engine, sentence)
    board = engine.board()
    screen = json.loads(json.dumps(board.state()))
    seen = len(engine.published)
    assert board.seq == seen
    for sentence in day[looked_after:]:
        tell(engine, sentence)
    follow(board, screen, engine.published[seen:])
    fresh = engine.board()
    database.close()
    assert board.state() == fresh.state()
    assert screen == fresh.state()
