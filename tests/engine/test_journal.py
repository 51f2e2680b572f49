"""Steps are written whole, in order, once; none is lost while the database is away."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from callcenter.bus.envelope import Envelope
from callcenter.call.table import CallRow, EventRow
from callcenter.engine.journal import Journal
from callcenter.engine.registry import Registry
from callcenter.engine.step import Step, from_json
from callcenter.storage.database import Database
from callcenter.storage.event_log import from_row, to_values
from callcenter.storage.numbers import NumberVault
from tests.engine.conftest import NODE, StandingClock, Written
from tests.given import until
from tests.story import NOON, Story

EVENT = {"at": NOON, "type": "CallHeld", "call": "a-1.1", "seat": None, "data": {}}


def steps(first: int, last: int) -> list[Step]:
    return [Step(number=number, events=[EVENT]) for number in range(first, last + 1)]


def sequence(database: Database) -> list[int]:
    with database.read() as session:
        return list(session.scalars(select(EventRow.seq).order_by(EventRow.id)))


def test_events_are_numbered_without_gaps_in_the_order_they_were_put(
    journal: Journal, database: Database, written: Written
) -> None:
    journal.start()
    for step in steps(1, 120):
        journal.put(step)
    journal.stop()
    assert sequence(database) == list(range(1, 121))
    assert [envelope.seq for envelope in written.envelopes] == list(range(1, 121))
    assert [step.number for step in written.steps] == list(range(1, 121))


def test_a_step_that_was_written_before_is_not_written_again(journal: Journal, database: Database) -> None:
    journal.start()
    for step in [*steps(1, 3), *steps(2, 4)]:
        journal.put(step)
    journal.stop()
    assert sequence(database) == [1, 2, 3, 4]


def test_what_waits_while_the_database_is_away_is_in_a_file_and_is_written_when_it_is_back(
    journal: Journal, database: Database, written: Written, tmp_path: Path
) -> None:
    with database.begin() as session:
        session.execute(text("ALTER TABLE event RENAME TO event_away"))
        session.execute(text("ALTER TABLE node RENAME TO node_away"))
    file = tmp_path / "journal-a.jsonl"
    journal._write = _away_until(journal, database)  # type: ignore[method-assign]
    journal.start()
    for step in steps(1, 5):
        journal.put(step)
    until(lambda: journal.away and file.exists() and len(file.read_text().splitlines()) == 5)
    assert file.stat().st_mode & 0o777 == 0o600
    with database.begin() as session:
        session.execute(text("ALTER TABLE event_away RENAME TO event"))
        session.execute(text("ALTER TABLE node_away RENAME TO node"))
    until(lambda: len(written.envelopes) == 5)
    journal.stop()
    assert sequence(database) == [1, 2, 3, 4, 5]
    assert not file.exists()


def _away_until(journal: Journal, database: Database):  # type: ignore[no-untyped-def]
    """A missing table is a fault in the SQL on one database and in operation on the other: make both the latter."""
    from sqlalchemy.exc import DBAPIError, OperationalError

    real = journal._write

    def write(group):  # type: ignore[no-untyped-def]
        try:
            return real(group)
        except DBAPIError as error:
            raise OperationalError("away", None, error.orig or Exception("away")) from error

    return write


def test_an_engine_that_was_killed_during_an_outage_leaves_its_steps_to_the_next_one(
    database: Database, clock: StandingClock, tmp_path: Path, written: Written
) -> None:
    file = tmp_path / "journal-a.jsonl"
    lines = [step.to_json() + "\n" for step in steps(1, 3)]
    file.write_text("".join(lines) + lines[0][:20])  # killed in the middle of the fourth
    journal = Journal(database, NODE, clock, tmp_path, written)
    assert journal.recover() == 3
    assert sequence(database) == [1, 2, 3]
    assert not file.exists()


def test_what_an_earlier_engine_kept_is_kept_again_while_the_database_is_still_away(
    database: Database, clock: StandingClock, tmp_path: Path, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "journal-a.jsonl"
    file.write_text(steps(1, 1)[0].to_json() + "\n" + '{"number": 2, "ev')
    journal = Journal(database, NODE, clock, tmp_path, written)
    monkeypatch.setattr(journal, "_write", _always_away)
    assert journal.recover() == 1
    journal.start()
    journal.put(steps(2, 2)[0])
    until(lambda: len(file.read_text().splitlines()) == 2, saying="the torn line spoils the next")
    journal.stop()
    assert Journal(database, NODE, clock, tmp_path, written).recover() == 2
    assert sequence(database) == [1, 2]


def test_a_line_that_cannot_be_read_is_set_aside_and_the_others_are_written(
    database: Database, clock: StandingClock, tmp_path: Path, written: Written
) -> None:
    lines = [step.to_json() + "\n" for step in steps(1, 2)]
    (tmp_path / "journal-a.jsonl").write_text(lines[0] + '{"number": 7, "from": "another release"}\n' + lines[1])
    assert Journal(database, NODE, clock, tmp_path, written).recover() == 2
    assert sequence(database) == [1, 2]
    assert "another release" in (tmp_path / "journal-a.refused").read_text()


def test_nothing_that_a_step_holds_ends_the_writer(journal: Journal, database: Database) -> None:
    half_a_pair = Step(number=1, events=[EVENT | {"type": "\ud800"}])  # no error of the database: it never sees it
    journal.start()
    journal.put(half_a_pair)
    journal.put(steps(2, 2)[0])
    until(lambda: len(sequence(database)) == 1, saying="the writer is dead")
    assert journal.alive
    journal.stop()


def test_what_a_full_disk_kept_out_of_the_file_is_in_it_as_soon_as_there_is_room(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, whole = tmp_path / "journal-a.jsonl", tmp_path / "journal-a.new"
    whole.mkdir()  # stands in the way of the file that is to be written
    monkeypatch.setattr(journal, "_write", _always_away)
    journal.start()
    journal.put(steps(1, 1)[0])
    until(lambda: journal.away)
    whole.rmdir()
    journal.put(steps(2, 2)[0])
    until(lambda: file.exists() and len(file.read_text().splitlines()) == 2)
    journal.stop()


def _always_away(_group: Sequence[Step]) -> list[Envelope]:
    raise OperationalError("away", None, Exception("away"))


def test_a_step_the_database_refuses_is_set_aside_and_the_others_go_on(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    bad = Step(number=2, events=[EVENT | {"type": None}])
    journal.start()
    for step in [*steps(1, 1), bad, *steps(3, 4)]:
        journal.put(step)
    journal.stop()
    assert len(sequence(database)) == 3
    assert from_json((tmp_path / "journal-a.refused").read_text()) == bad


def test_a_call_comes_back_from_its_rows_as_it_was(
    journal: Journal, database: Database, vault: NumberVault, registry: Registry, clock: StandingClock
) -> None:
    from callcenter.call.rows import from_row as record_from
    from callcenter.call.rows import to_values as call_values

    story = Story(registry).dials(0).joins(1).rings(2, "1001").answered(4, "1001").hold(9, True)
    step = Step(
        number=1,
        events=[to_values(event) for event in story.happened],
        calls=[call_values(story.record, NODE, vault)],
    )
    journal.start()
    journal.put(from_json(step.to_json()))
    journal.stop()
    with database.read() as session:
        row = session.get(CallRow, story.call)
        assert row is not None
        assert record_from(row, vault) == story.record
        events = [from_row(r) for r in session.scalars(select(EventRow).order_by(EventRow.seq))]
        stored = session.execute(text("SELECT CAST(data AS TEXT) FROM event")).scalars().all()
    assert [type(event) for event in events] == [type(event) for event in story.happened]
    assert events[1:] == story.happened[1:]
    assert not any("13912345678" in data for data in stored), "a number in clear in the event log"


@pytest.mark.parametrize("number", ["13912345678", "", "10086", "1"])
def test_a_number_is_sealed_found_and_masked(vault: NumberVault, number: str) -> None:
    assert vault.open(vault.seal(number)) == number
    assert (vault.search_hash(number) is None) == (number == "")
