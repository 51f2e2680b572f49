"""Occupancy, repeats, requests, one's own positive grades and shifts, each against a plain second writing."""

import random
from datetime import datetime, time, timedelta
from fractions import Fraction

import pytest
from pydantic import ValidationError
from sqlalchemy import insert

from callcenter.call.table import CallRow, EventRow
from callcenter.callback.table import CallbackAttemptRow
from callcenter.config import Settings
from callcenter.consultation.table import ConsultationRow
from callcenter.instants import CHINA, DAY, HOUR, SECOND
from callcenter.ivr.table import CallerRequestRow
from callcenter.report import service
from callcenter.report.choices import Choices, choices
from callcenter.report.rollup.refresh import Refresh
from callcenter.seat.model import SeatState
from callcenter.seat.table import SeatRow
from callcenter.storage.columns import from_micros
from callcenter.visit.table import VisitAttemptRow, VisitRow
from tests.report import naive
from tests.report.given import MORNING
from tests.report.stored import Stored, some_call

STATES = [state.value for state in SeatState]


def iso(seconds: float) -> str:
    return from_micros(MORNING + round(seconds * SECOND)).isoformat()


def asked(database, start: float, end: float, *variants: str, now: float | None = None, **more) -> dict:
    """{(): {variant: figure}, group: …}"""
    at = None if now is None else from_micros(MORNING + round(now * SECOND))
    with database.read() as session:
        report = service.kpi(session, iso(start), iso(end), variants=variants, now=at, **more)
    parts = [((), report), *((tuple(g["by"].values()), g) for g in report.get("groups", []))]
    return {key: {figure["variant"]: figure for figure in part["figures"]} for key, part in parts}


def same(figure: dict, expected: tuple) -> bool:
    return (figure["numerator"], figure["denominator"], figure["value"]) == (
        expected[0],
        expected[1],
        None if expected[2] is None else float(expected[2]),
    )


def write_states(database, story: list[tuple]) -> None:
    now: dict[str, str] = {}
    rows = []
    for number, (second, seat, state) in enumerate(story, 1):
        data = {"before": now.get(seat, "signed_out"), "after": state}
        at = from_micros(MORNING + second * SECOND)
        rows.append({"node": "a", "seq": number, "at": at, "type": "SeatStateChanged", "seat": seat, "data": data})
        now[seat] = state
    with database.begin() as session:
        session.execute(insert(EventRow), rows)
        for seat, state in now.items():
            session.add(SeatRow(id=seat, state=state, since=from_micros(MORNING)))


@pytest.mark.parametrize("seed", range(4))
def test_occupancy_is_what_a_clock_beside_every_seat_counts(database, seed):
    rng = random.Random(seed)
    seconds = sorted(rng.sample(range(3000), 60))
    story = [(second, rng.choice(("1001", "1002", "1003")), rng.choice(STATES)) for second in seconds]
    write_states(database, story)
    for start, end, now in ((0, 3000, 9000), (500, 501, 9000), (700, 2500, 9000), (2990, 9000, 4000), (0, 9000, 1000)):
        expected = naive.occupancy(story, start, min(end, now))
        found = asked(database, start, end, "occupancy", by=["seat"], now=now)[()]
        assert all(same(found[variant], scaled) for variant, scaled in in_micros(expected).items())


def in_micros(expected: dict[str, tuple]) -> dict[str, tuple]:
    return {name: (n * SECOND, d * SECOND, value) for name, (n, d, value) in expected.items()}


def test_a_seat_that_did_not_change_is_told_by_what_it_does_later(database):
    write_states(database, [(0, "1001", "ready"), (100, "1001", "talking"), (5000, "1001", "ready")])
    found = asked(database, 1000, 2000, "occupancy:of_working", now=9000)[()]["of_working"]
    assert (found["numerator"], found["denominator"]) == (1000 * SECOND, 1000 * SECOND)
    later = asked(database, 6000, 7000, "occupancy:of_working", now=9000)[()]["of_working"]
    assert (later["numerator"], later["denominator"]) == (0, 1000 * SECOND)


@pytest.mark.parametrize("seed", range(3))
def test_repeats_are_found_as_by_looking_at_every_pair(database, seed):
    rng = random.Random(seed)
    rows, calls, records = [], [], []
    for number in range(120):
        row = {
            "at": rng.randrange(0, 20 * 86_400, 21_600) + rng.choice((0, 0, 1)),
            "answered": rng.random() < 0.7,
            "number": rng.choice(("a", "b", "c", "d", None)),
            "topic": rng.choice(("labour", "debt", None)),
        }
        rows.append(row)
        at = from_micros(MORNING + row["at"] * SECOND)
        written = row["topic"] is not None and rng.random() < 0.5
        calls.append(
            {"id": f"c{number}", "started_at": at, "queued_at": at, "answered_at": at if row["answered"] else None}
            | {"caller_hash": row["number"], "topic": "other" if written else row["topic"], "outcome": None}
        )
        if written:  # what the lawyer wrote counts, not what the caller pressed
            records.append({"call": f"c{number}", "topic": row["topic"], "seat": "1001", "opened_at": at})
    with database.begin() as session:
        session.execute(insert(CallRow), calls)
        session.execute(insert(ConsultationRow), [{k: v for k, v in r.items() if has(k)} for r in records])
    for start, end, days in ((0, 20 * 86_400, 7), (3 * 86_400, 15 * 86_400, 2), (0, 86_400, 1)):
        found = asked(database, start, end, "first_call_resolution", choices=Choices(repeat_days=days))[()]
        expected = naive.repeats(rows, start, end, days)
        assert {name: same(found[name], figures) for name, figures in expected.items()} == dict.fromkeys(expected, True)
    by_topic = asked(database, 0, 20 * 86_400, "first_call_resolution:no_repeat", by=["topic"])
    assert by_topic[()]["no_repeat"]["denominator"] == sum(
        part["no_repeat"]["denominator"] for key, part in by_topic.items() if key and "no_repeat" in part
    )


def has(column: str) -> bool:
    return column in ConsultationRow.__table__.columns


def test_requests_count_by_how_they_ended(database):
    story = [  # kind, state, hours until it was over
        ("callback", "served", 2),
        ("callback", "done", 30),
        ("callback", "open", None),
        ("callback", "given_up", 5),
        ("callback", "cancelled", 1),
        ("callback", "merged", 1),
        ("callback", "refused", 0),
        ("voicemail", "done", 24),
        ("voicemail", "done", 25),
        ("voicemail", "open", None),
    ]
    with database.begin() as session:
        for number, (kind, state, hours) in enumerate(story):
            ended = None if hours is None else from_micros(MORNING + HOUR + hours * HOUR)
            at = from_micros(MORNING + HOUR)
            session.add(
                CallerRequestRow(call=f"c{number}", kind=kind, at=at, language="zh", state=state, ended_at=ended)
            )
    wanted = asked(database, 0, 86_400, "callback_completion")[()]
    assert [(f["numerator"], f["denominator"]) for f in wanted.values()] == [(2, 4), (1, 4)]
    messages = asked(database, 0, 86_400, "voicemail_answered")[()]["within_24h"]
    assert (messages["numerator"], messages["denominator"]) == (1, 3)


def test_what_nobody_registers_yet_is_null_and_not_zero_percent(database):
    found = asked(database, 0, 86_400, "quality_coverage")[()]
    assert {(f["value"], f["denominator"]) for f in found.values()} == {(None, 0)}
    assert len(found) == 1


def test_visits_of_the_dissatisfied_are_complete_only_when_all_are_closed(database):
    at = from_micros(MORNING + HOUR)
    opened = {"kind": "dissatisfied", "opened_at": at, "warn_at": at, "due_at": at + timedelta(days=7)}
    rang = {"kind": "visit", "number_hash": "", "node": "a", "line": "zh", "number_of_try": 1, "claimed_at": at}
    rang |= {"state": "over", "ended_at": at}
    by_hand = {"kind": "dissatisfied", "at": at, "by": "1002", "how": "message", "note": ""}
    with database.begin() as session:
        for number, (node, grade, language) in enumerate(
            [("a", 5, "zh"), ("a", 4, "bo"), ("a", 4, "zh"), ("a", 5, "zh"), ("a", 3, "zh"), ("", 5, "zh")]
        ):
            call = CallRow(id=f"c{number}", node=node, started_at=at, answered_at=at, ended_at=at, outcome="answered")
            call.grade, call.language = grade, language
            session.add(call)
        session.add(VisitRow(call="c0", state="closed", closed_at=at, **opened))
        session.add(VisitRow(call="c1", state="assigned", **opened))
        session.add(VisitRow(call="c2", state="open", **opened))
        session.add(VisitAttemptRow(call="c0", reached=True, **by_hand))
        session.add(VisitAttemptRow(call="c1", reached=False, **by_hand))
        session.add(CallbackAttemptRow(id="cb-1", call="c1", result="served", **rang))
        session.add(CallbackAttemptRow(id="cb-2", call="c2", result="not_sent", **rang))

    def counts(**more):
        found = asked(database, 0, 86_400, "return_visit_completion", **more)
        return {
            key: {name: (f["numerator"], f["denominator"]) for name, f in part.items()} for key, part in found.items()
        }

    everything = {"attempted": (2, 4), "reached": (2, 4), "all": (1, 4), "in_time": (1, 4)}
    assert counts()[()] == everything
    assert counts(by=("language",))[("bo",)] == dict.fromkeys(("attempted", "reached"), (1, 1)) | dict.fromkeys(
        ("all", "in_time"), (0, 1)
    )
    assert counts(choices=Choices(dissatisfied=(5,)))[()]["all"] == (1, 2)
    with database.begin() as session:
        for number, late in ((1, 0), (2, 8), (3, 0)):
            row = session.get(VisitRow, ("dissatisfied", f"c{number}")) or VisitRow(call=f"c{number}", **opened)
            row.state, row.closed_at = "closed", at + timedelta(days=late)
            session.add(row)
    assert counts()[()] | {"attempted": (4, 4), "reached": (4, 4)} == {
        "attempted": (4, 4), "reached": (4, 4), "all": (4, 4), "in_time": (3, 4),
    }  # fmt: skip


def test_further_figures_come_only_when_they_are_named(database):
    names = set(asked(database, 0, 86_400)[()])
    assert "of_working" not in names
    assert "positive" in names
    assert {"of_working", "no_repeat", "within_24h"} <= set(asked(database, 0, 86_400, "further")[()])


@pytest.mark.parametrize("grades", [(1, 2), (2, 5), (1, 2, 3, 4)])
def test_a_site_chooses_its_positive_grades(database, grades):
    rng = random.Random(3)
    stored = Stored(database)
    stored.add(*(some_call(rng) for _ in range(150)))
    found = asked(database, 0, 3 * 86_400, "satisfaction:positive", choices=Choices(positive=grades))[()]["positive"]
    rows = [{"started_at": call.started, "answered_at": call.answered, "grade": call.grade} for call in stored.facts]
    assert same(found, naive.positive(rows, MORNING, MORNING + 3 * DAY, grades))
    assert ", ".join(map(str, grades)) in found["formula"]


@pytest.mark.parametrize("rolled_up", [True, False])
def test_calls_by_shift(database, database_settings, rolled_up):
    rng = random.Random(5)
    stored = Stored(database)
    stored.add(*(some_call(rng) for _ in range(200)))
    if rolled_up:
        Refresh(database, database_settings).run()
    settings = Settings(home=database_settings.home, shift_starts=[time(6, 30), time(14, 15), time(22)])
    with database.read() as session:
        report = service.kpi(session, iso(0), iso(3 * 86_400), by=["shift"], choices=choices(settings))
    starts, names = [6 * 60 + 30, 14 * 60 + 15, 22 * 60], ["06:30-14:15", "14:15-22:00", "22:00-06:30"]
    expected: dict[str, int] = {}
    for call in stored.facts:
        if MORNING <= call.started < MORNING + 3 * DAY:
            midnight = Fraction(call.started, SECOND) + 8 * 3600
            name = names[naive.shift(midnight % 86_400, starts)]
            expected[name] = expected.get(name, 0) + 1
    assert {group["by"]["shift"]: group["counts"]["in"] for group in report["groups"]} == expected
    assert len(expected) == 3


@pytest.mark.parametrize("starts", [["08:00", "07:00"], ["08:07"], [], ["08:00", "08:00"]])
def test_shifts_that_make_no_sense_are_refused(starts):
    with pytest.raises(ValidationError, match="shift_starts"):
        Settings(shift_starts=starts)


def test_a_shift_of_the_night_is_one_on_both_sides_of_midnight(database):
    stored = Stored(database)
    evening = datetime(2026, 1, 5, 23, 30, tzinfo=CHINA)
    for at in (evening, evening + timedelta(hours=2)):
        micros = (at - datetime(1970, 1, 1, tzinfo=CHINA)) // timedelta(microseconds=1) - 8 * HOUR
        stored.add(some_call(random.Random(1))._replace(started=micros, queued=None, answered=None, ended=None))
    with database.read() as session:
        report = service.kpi(
            session,
            "2026-01-05T00:00:00+08:00",
            "2026-01-07T00:00:00+08:00",
            by=["shift"],
            choices=Choices(shifts=(8 * HOUR, 22 * HOUR)),
        )
    assert [(group["by"]["shift"], group["counts"]["in"]) for group in report["groups"]] == [("22:00-08:00", 2)]
