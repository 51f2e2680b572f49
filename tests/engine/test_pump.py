"""What comes in, in order, becomes steps; a fault in one event does not stop the others."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from callcenter.asterisk import events as t
from callcenter.asterisk.link import OutcomeUnknown
from callcenter.call.table import CallRow
from callcenter.consultation.table import ConsultationRow
from callcenter.engine.pump import Pump
from callcenter.engine.registry import Registry
from callcenter.ids import Linkedid
from callcenter.recording.table import RecordingRow
from callcenter.seat.table import SeatRow
from callcenter.storage.database import Database
from tests.engine.conftest import Written
from tests.given import until
from tests.story import Story, at


def run(pump: Pump, *items: t.TelephonyEvent | Callable[[], Awaitable[Any]]) -> None:
    async def all_of_them() -> None:
        done = asyncio.Event()

        async def last() -> Any:
            done.set()
            return ()

        task = asyncio.create_task(pump.run())
        for item in (*items, last):
            pump.inbox.put_nowait(item)
        await done.wait()
        task.cancel()

    asyncio.run(all_of_them())


def told_story() -> Story:
    story = Story().dials(0).fact(1, "recording", "2026/11/22/a-1.1").joins(1).rings(2, "1001").answered(4, "1001")
    return story.completed(60, "1001", "seat").fact(60.1, "survey_offered", "1").fact(63, "grade", "5").hangs_up(64)


def test_a_call_leaves_its_record_its_case_record_and_a_recording_to_seal(
    pump: Pump, database: Database, written: Written
) -> None:
    run(pump, *told_story().told)
    until(lambda: any(e.type == "CallEnded" for e in written.envelopes))
    with database.read() as session:
        call = session.scalars(select(CallRow)).one()
        case = session.scalars(select(ConsultationRow)).one()
        recording = session.scalars(select(RecordingRow)).one()
        seat = session.get(SeatRow, "1001")
    assert (call.outcome, call.grade, call.seat, call.ended_at) == ("answered", 5, "1001", at(60))
    assert (case.call, case.seat, case.opened_at, case.closed_at) == ("a-1.1", "1001", at(4), None)
    assert (recording.file, recording.state) == ("2026/11/22/a-1.1", "due")
    assert seat is not None
    assert (seat.state, seat.wrap_up_ends) == ("wrap_up", at(120))


def test_the_call_and_its_seat_change_in_one_transaction(pump: Pump, written: Written) -> None:
    run(pump, *told_story().told)
    until(lambda: any(e.type == "CallEnded" for e in written.envelopes))
    step = next(s for s in written.steps if any(e["type"] == "CallAnswered" for e in s.events))
    assert [e["type"] for e in step.events] == ["CallAnswered", "SeatStateChanged"]
    assert [c["id"] for c in step.calls] == ["a-1.1"]
    assert [s["id"] for s in step.seats] == ["1001"]


def test_an_event_that_cannot_be_folded_is_counted_and_the_next_is_heard(pump: Pump, written: Written) -> None:
    async def broken() -> Any:
        raise RuntimeError("a defect")

    story = Story().dials(0)
    run(pump, broken, *story.told)
    until(lambda: [e.type for e in written.envelopes] == ["CallStarted"])
    assert pump.faults == 1


def test_a_resync_that_fails_while_the_link_holds_is_done_again(pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcenter.engine.pump.RESYNC_AGAIN_S", 0.01)
    attempts = 0

    async def resync(_lost_at: datetime | None) -> list[Any]:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise OutcomeUnknown("Asterisk did not answer QueueStatus within 15 s")
        return []

    pump.resync = resync
    pump.tell(t.FullyBooted(at=at(0)))

    async def whole() -> None:
        task = asyncio.create_task(pump.run())
        async with asyncio.timeout(5):
            await asyncio.to_thread(until, lambda: pump.synced)
        task.cancel()

    asyncio.run(whole())
    assert (attempts, pump.faults) == (3, 2)


def test_a_fault_is_logged_without_the_callers_number(pump: Pump, caplog: pytest.LogCaptureFixture) -> None:
    run(pump, replace(told_story().told[0], channel=None))  # type: ignore[call-arg]
    assert "ChannelStarted call=a-1.1" in caplog.text
    assert "13912345678" not in caplog.text


def test_the_end_of_wrap_up_is_on_the_calls_record(pump: Pump, registry: Registry, database: Database) -> None:
    async def saved() -> Any:
        return registry.end_wrap_up(registry.seats["1001"], at(75))  # type: ignore[index]

    run(pump, *told_story().told, saved)

    def wrapped() -> bool:
        with database.read() as session:
            return session.scalars(select(CallRow.wrap_up_ended_at)).first() == at(75)

    until(wrapped)
    assert registry.calls == {}, "nothing keeps the call in memory"


def test_wrap_up_at_its_cap_is_on_the_record_with_the_time_of_the_cap(registry: Registry) -> None:
    for event in told_story().told:
        registry.hear(event)
    happened = registry.tick(at(500))
    assert [(type(e).__name__, e.at) for e in happened][:1] == [("WrapUpEnded", at(120))]


def test_what_is_told_late_of_an_ended_call_begins_nothing(registry: Registry) -> None:
    story = Story(registry).dials(0).joins(1).abandons(5)
    before = len(story.happened)
    for event in list(story.told):
        story.hear(event)
    assert len(story.happened) == before
    assert Linkedid("a-1.1") not in registry.calls
