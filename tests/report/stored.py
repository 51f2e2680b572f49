"""Calls by their facts, put into the database, changed there and taken out again."""

import random
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.instants import DAY, HOUR, SECOND, Micros, split
from callcenter.report.definitions import CallFacts
from callcenter.storage.columns import from_micros
from callcenter.storage.database import Database
from tests.report.given import MORNING

TIMES = {
    "started": "started_at",
    "queued": "queued_at",
    "first_ring": "first_ring_at",
    "answered": "answered_at",
    "ended": "ended_at",
    "wrap_up_ended": "wrap_up_ended_at",
}
SAME = ("outcome", "grade", "survey_offered", "language", "line", "source", "topic", "place", "seat", "law_firm")
OUTCOMES = ("abandoned_queue", "abandoned_queue", "queue_timeout", "voicemail", "callback_requested")
GRID = (0, 0, 0, 1, HOUR // 4 - 1, HOUR // 4, 7 * SECOND)
LONG = "很长的名字" * 40


def columns(call: CallFacts) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(call, name) for name in SAME} | {"hold_micros": call.hold}
    finer = []
    for name, column in TIMES.items():
        at: Micros | None = getattr(call, name)
        if at is None:
            values[column] = None
            continue
        whole, digits = split(at)
        values[column] = from_micros(whole)
        if digits:
            finer.append(f"{column}={digits}")
    return values | {"finer": " ".join(finer) or None, "source": call.source or "direct"}


def some_call(rng: random.Random, days: float = 3, fine: bool = False) -> CallFacts:
    """Many start on the borders of quarters, and a day apart to the microsecond."""
    started: Micros = MORNING + rng.randrange(int(days * 8)) * DAY // 8 + rng.choice(GRID)
    if fine and rng.random() < 0.1:
        started += Micros.__args__[1](1, 4)
    facets = {
        "language": rng.choice(("zh", "zh", "bo", None)),
        "line": rng.choice(("zh", "", LONG, LONG + "2")),
        "source": rng.choice(("direct", "12345")),
        "topic": rng.choice(("劳动", None)),
        "place": rng.choice(("=", "#", None)),
    }
    call = CallFacts(started, **facets)
    kind = rng.random()
    if kind < 0.15:
        return call._replace(ended=started + rng.randrange(30) * SECOND, outcome="abandoned_ivr")
    if kind < 0.2:
        return call
    queued = started + rng.randrange(20) * SECOND
    wait = rng.choice((0, 5 * SECOND, 5 * SECOND + 1, 15 * SECOND, 15 * SECOND + 1, rng.randrange(90 * SECOND)))
    if kind < 0.4:
        return call._replace(queued=queued, ended=queued + wait, outcome=rng.choice(OUTCOMES))
    ended = queued + wait + rng.randrange(600 * SECOND)
    offered = rng.random() < 0.7
    return call._replace(
        queued=queued,
        first_ring=rng.choice((None, queued, queued + wait // 2)),
        answered=queued + wait,
        ended=ended,
        wrap_up_ended=rng.choice((None, ended, ended + 40 * SECOND)),
        outcome=rng.choice(("answered", "answered", "transferred_out")),
        seat=rng.choice(("1001", "1002", "1003")),
        law_firm=rng.choice(("firm", None)),
        survey_offered=offered,
        grade=rng.choice((None, 1, 2, 5)) if offered else None,
    )


@dataclass
class Stored:
    """What is in the table, and known beside it."""

    database: Database
    calls: dict[str, CallFacts] = field(default_factory=dict)
    count: int = 0

    def add(self, *calls: CallFacts) -> None:
        with self.database.begin() as session:
            self.add_in(session, *calls)

    def add_in(self, session: Session, *calls: CallFacts) -> None:
        rows = []
        for call in calls:
            self.count += 1
            self.calls[f"c{self.count}"] = call
            rows.append({"id": f"c{self.count}"} | columns(call))
        if rows:
            session.execute(insert(CallRow), rows)

    def change(self, name: str, call: CallFacts) -> None:
        with self.database.begin() as session:
            session.execute(update(CallRow).where(CallRow.id == name).values(**columns(call)))
        self.calls[name] = call

    def remove(self, *names: str) -> None:
        with self.database.begin() as session:
            session.execute(delete(CallRow).where(CallRow.id.in_(names)))
        for name in names:
            del self.calls[name]

    @property
    def facts(self) -> list[CallFacts]:
        return [call._replace(source=call.source or "direct") for call in self.calls.values()]
