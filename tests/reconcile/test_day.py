"""Each kind of difference, provoked in a recorded day in which otherwise everything agrees."""

import gzip
import json
import os
from datetime import timedelta

from sqlalchemy import delete, update

from callcenter.call.table import CallRow, EventRow
from callcenter.callback.model import CHANNEL
from callcenter.reconcile.model import Kind, Reason, Witness
from callcenter.reconcile.schemas import report_out
from callcenter.recording.table import RecordingRow
from tests.reconcile.given import ANSWERED, RecordedDay, renamed


def test_a_day_in_order_has_no_difference(day: RecordedDay) -> None:
    report = day.compare(deep=True)
    assert report.differences == []
    assert report.compared[Witness.RECORD] == report.compared[Witness.CEL] == report.compared[Witness.EVENTS] == 11
    assert report.compared[Witness.QUEUE_LOG] == 10
    assert report.compared[Witness.RECORDING] == report.compared[Witness.FILE] > 0


def test_a_record_that_was_changed_by_hand_is_found_by_every_witness(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.execute(update(CallRow).where(CallRow.id == ANSWERED).values(seat="1009"))
    assert day.unexplained() == [
        (Kind.EVENTS_DIFFER, "seat"),
        (Kind.CEL_DIFFERS, "seat"),
        (Kind.QUEUE_LOG_DIFFERS, "seat"),
    ]


def test_a_clock_may_be_off_by_its_tolerance_and_no_more(day: RecordedDay) -> None:
    with day.database.begin() as session:
        row = session.get(CallRow, ANSWERED)
        assert row is not None
        assert row.answered_at is not None
        row.answered_at += timedelta(milliseconds=300)
    assert day.unexplained() == [(Kind.EVENTS_DIFFER, "answered_at")]
    with day.database.begin() as session:
        row = session.get(CallRow, ANSWERED)
        assert row is not None
        assert row.answered_at is not None
        row.answered_at += timedelta(seconds=4)
    assert {kind for kind, _ in day.unexplained()} == {Kind.EVENTS_DIFFER, Kind.CEL_DIFFERS, Kind.QUEUE_LOG_DIFFERS}


def test_a_choice_that_asterisk_could_not_note_any_more_is_explained(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.execute(update(CallRow).where(CallRow.queued_at.is_(None)).values(language="bo"))
    found = {d.reason for d in day.compare().differences if d.kind is Kind.CEL_DIFFERS}
    assert found == {Reason.LEFT_MENU}
    with day.database.begin() as session:
        session.execute(update(CallRow).where(CallRow.id == ANSWERED).values(language="mn"))
    assert (Kind.CEL_DIFFERS, "language") in day.unexplained()


def test_a_call_without_events_and_events_without_a_call(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.execute(delete(EventRow).where(EventRow.call == ANSWERED))
    assert day.only(Kind.NO_EVENTS).call == ANSWERED


def test_an_event_that_nobody_can_read(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.execute(
            update(EventRow).where(EventRow.call == ANSWERED, EventRow.type == "CallQueued").values(type="Unheard")
        )
    assert day.only(Kind.EVENTS_UNREADABLE).call == ANSWERED


def test_a_lost_record_is_named_with_what_asterisk_knows(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.execute(delete(CallRow).where(CallRow.id == ANSWERED))
        session.execute(delete(EventRow).where(EventRow.call == ANSWERED))
        session.execute(delete(RecordingRow).where(RecordingRow.call == ANSWERED))
    report = day.compare()
    assert [(d.kind, d.call) for d in report.differences] == [
        (Kind.NO_RECORD, ANSWERED),
        (Kind.ORPHAN_FILE, ANSWERED),
    ]
    assert "answered" in report.differences[0].said[Witness.CEL]
    assert report.unexplained == 2


def test_what_the_engine_has_not_read_yet_explains_a_lost_record(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.execute(delete(CallRow).where(CallRow.id == ANSWERED))
        session.execute(delete(EventRow).where(EventRow.call == ANSWERED))
        session.execute(delete(RecordingRow).where(RecordingRow.call == ANSWERED))
    for path in day.settings.recordings_dir.rglob(f"{ANSWERED}*"):
        path.unlink()
    day.read_up_to(0)
    assert day.only(Kind.NO_RECORD).reason is Reason.ENGINE_BEHIND


def test_a_call_that_only_the_queue_log_knows(day: RecordedDay) -> None:
    day.add_line(day.queue_log, "1795352100|a-1795352095.77|bo|NONE|ENTERQUEUE||13900000001|1")
    found = day.only(Kind.NO_RECORD)
    assert (found.call, found.said[Witness.QUEUE_LOG]) == ("a-1795352095.77", "entered queue bo")


def test_a_call_that_is_not_in_the_cel_file(day: RecordedDay) -> None:
    day.drop_lines(day.cel, ANSWERED)
    assert day.only(Kind.NO_CEL).call == ANSWERED


def test_a_call_that_is_not_in_the_queue_log(day: RecordedDay) -> None:
    day.drop_lines(day.queue_log, ANSWERED)
    assert day.only(Kind.NO_QUEUE_LOG).call == ANSWERED


def test_a_talk_without_its_end_in_the_queue_log(day: RecordedDay) -> None:
    day.drop_lines(day.queue_log, ANSWERED, "COMPLETE")
    assert day.only(Kind.NO_END_IN_QUEUE_LOG).call == ANSWERED


def test_the_kill_of_asterisk_explains_ends_that_it_could_not_write(day: RecordedDay) -> None:
    for kind in ("HANGUP", "CHAN_END", "LINKEDID_END"):
        day.drop_lines(day.cel, f'"{kind}"', ANSWERED)
    day.drop_lines(day.queue_log, ANSWERED, "COMPLETE")
    assert {kind for kind, _ in day.unexplained()} >= {Kind.NO_END_IN_CEL, Kind.NO_END_IN_QUEUE_LOG}
    day.add_line(day.queue_log, "1795352300|NONE|NONE|NONE|QUEUESTART|")
    assert day.unexplained() == []
    assert {d.reason for d in day.compare().differences} == {Reason.ASTERISK_STOPPED}


def test_a_record_that_is_still_live(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.execute(delete(EventRow).where(EventRow.call == ANSWERED, EventRow.type == "CallEnded"))
        session.execute(
            update(CallRow).where(CallRow.id == ANSWERED).values(state="survey", left_at=None, outcome=None)
        )
    found = day.only(Kind.NO_END_ON_RECORD)
    assert (found.call, found.reason) == (ANSWERED, Reason.UNKNOWN)


def test_a_call_of_this_moment_is_in_progress(day: RecordedDay) -> None:
    day.drop_lines(day.queue_log, ANSWERED)
    with day.database.read() as session:
        row = session.get(CallRow, ANSWERED)
        assert row is not None
        assert row.left_at is not None
        day.clock.at = row.left_at + timedelta(seconds=3)
    ours = [difference for difference in day.compare().differences if difference.call == ANSWERED]
    assert [(d.kind, d.reason) for d in ours] == [(Kind.NO_QUEUE_LOG, Reason.IN_PROGRESS)]


def test_rubbish_is_named_by_its_place_and_never_quoted(day: RecordedDay) -> None:
    day.add_line(day.cel, '"CHAN_START","13900000001')
    day.add_line(day.queue_log, "13900000001|x")
    found = day.compare().differences
    assert [difference.kind for difference in found] == [Kind.CEL_UNREADABLE, Kind.QUEUE_LOG_UNREADABLE]
    assert "13900000001" not in json.dumps(report_out(day.compare()))
    assert day.compare().unexplained == 2
    day.add_line(day.queue_log, "1795352300|NONE|NONE|NONE|QUEUESTART|")
    assert {difference.reason for difference in day.compare().differences} == {Reason.TORN_LINE}


def test_recordings_that_are_missing_unsealed_broken_or_changed(day: RecordedDay) -> None:
    def recording(**values: object) -> None:
        with day.database.begin() as session:
            session.execute(update(RecordingRow).where(RecordingRow.call == ANSWERED).values(**values))

    (path,) = day.settings.recordings_dir.rglob(f"{ANSWERED}.wav")
    good = path.read_bytes()
    path.write_bytes(good[::-1])
    assert day.compare().differences == []
    assert day.only(Kind.RECORDING_CHECKSUM, deep=True).call == ANSWERED
    path.write_bytes(good + b"!")
    assert day.only(Kind.RECORDING_SIZE).call == ANSWERED
    path.unlink()
    assert day.only(Kind.NO_RECORDING_FILE).call == ANSWERED
    for state, kind in (
        ("due", Kind.RECORDING_UNSEALED),
        ("missing", Kind.RECORDING_MISSING),
        ("broken", Kind.RECORDING_BROKEN),
    ):
        recording(state=state, problem="why")
        assert "why" in day.only(kind).said[Witness.RECORDING]
    with day.database.begin() as session:
        session.execute(delete(RecordingRow).where(RecordingRow.call == ANSWERED))
    assert day.only(Kind.NO_RECORDING_ROW).call == ANSWERED


def test_a_file_without_a_recording_and_a_header_without_sound(day: RecordedDay) -> None:
    folder = day.settings.recordings_dir / "2026/11/22"
    (folder / "a-1795352050.5-caller.wav").write_bytes(bytes(44))
    assert day.only(Kind.ORPHAN_FILE).reason is Reason.NEVER_JOINED
    (folder / "a-1795352050.5-caller.wav").write_bytes(bytes(45))
    assert day.only(Kind.ORPHAN_FILE).reason is Reason.UNKNOWN


CALLED_BACK = f"{CHANNEL}{0xCAFE:032x}"
"""The id of an attempt: it does not tell when it began."""


def test_a_citizen_who_was_called_back_is_in_the_queue_log_by_the_id_of_the_attempt(day: RecordedDay) -> None:
    renamed(day, ANSWERED, CALLED_BACK)
    of_its_beginning = {
        Kind.CEL_DIFFERS,
        Kind.ORPHAN_FILE,
    }  # a callback begins when he answers; its sound has the old name
    assert day.compare().compared[Witness.QUEUE_LOG] == 10
    assert {kind for kind, _ in day.unexplained()} <= of_its_beginning
    day.drop_lines(day.queue_log, CALLED_BACK, "COMPLETE")
    assert {kind for kind, _ in day.unexplained()} - of_its_beginning == {Kind.NO_END_IN_QUEUE_LOG}


def test_an_attempt_of_which_only_asterisks_files_tell_is_of_the_day_of_its_lines(day: RecordedDay) -> None:
    day.add_line(day.queue_log, f"1795352100|{CALLED_BACK}|zh|NONE|ENTERQUEUE||12348|1")
    assert day.only(Kind.NO_RECORD).call == CALLED_BACK
    with day.database.begin() as session:
        before_midnight = day.clock.at - timedelta(days=2)
        session.add(CallRow(id=CALLED_BACK, node="a", started_at=before_midnight, rings=[]))
    assert day.compare().differences == [], "it began the day before"


def test_sound_of_an_attempt_that_no_call_has(day: RecordedDay) -> None:
    sound = day.settings.recordings_dir / "2026/11/22" / f"{CALLED_BACK}-seat.wav"
    sound.write_bytes(bytes(45))
    os.utime(sound, (1795352100, 1795352100))
    assert day.only(Kind.ORPHAN_FILE).call == CALLED_BACK
    os.utime(sound, (1795352100 + 86_400,) * 2)
    assert day.compare().differences == [], "written on another day"


def test_imported_history_is_counted_and_not_compared(day: RecordedDay) -> None:
    with day.database.begin() as session:
        session.add(CallRow(id="old-1", node="", started_at=day.clock.at - timedelta(hours=7), rings=[]))
        session.add(CallRow(id="b-1795352050.1", node="b", started_at=day.clock.at - timedelta(hours=7), rings=[]))
    report = day.compare()
    assert report.differences == []
    assert report.not_compared == {"imported": 1, "other_nodes": 1}


def test_rotated_and_compressed_files_tell_the_same(day: RecordedDay) -> None:
    lines = day.cel.read_bytes().splitlines(keepends=True)
    first, second = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    packed = day.cel.with_name("cel.csv.2026-11-22.gz")
    with gzip.open(packed, "wb") as file:
        file.write(b"".join(first))
    before = 1795352100
    os.utime(packed, (before, before))
    day.cel.write_bytes(b"".join(second))
    rotated = day.queue_log.with_name("queue_log.2026-11-22")
    day.queue_log.rename(rotated)
    assert day.compare().differences == []
    packed.write_bytes(packed.read_bytes()[:-40])
    os.utime(packed, (before, before))
    assert Kind.CEL_UNREADABLE in {kind for kind, _ in day.unexplained()}


def test_the_summary_counts_by_kind(day: RecordedDay) -> None:
    day.drop_lines(day.queue_log, "|")
    shown = report_out(day.compare(), limit=3)
    assert shown["summary"] == [{"kind": "no-queue-log", "explained": 0, "unexplained": 10}]
    assert (len(shown["differences"]), shown["left_out"], shown["unexplained"]) == (3, 7, 10)
