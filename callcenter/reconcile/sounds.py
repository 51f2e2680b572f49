"""Recordings: what the rows promise and what lies on the disk."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from callcenter.call.model import CallRecord
from callcenter.errors import BadInput
from callcenter.reconcile.model import Difference, Kind, Reason, Witness
from callcenter.reconcile.sources import is_empty, sound_files
from callcenter.recording import files
from callcenter.recording.model import GRACE, RecordingState
from callcenter.recording.table import RecordingRow

SOUND_AFTER = timedelta(seconds=1)
"""Of a talk shorter than this there may be no sound at all."""


class Sounds:
    def __init__(self, folder: Path, start: datetime, end: datetime, now: datetime, deep: bool) -> None:
        self._folder = folder
        self._now = now
        self._deep = deep
        self._lying = sound_files(folder, start, end)
        self.files = sum(len(paths) for paths in self._lying.values())

    def compare(
        self, records: Mapping[str, CallRecord], rows: Mapping[str, RecordingRow], stopped: Callable[[str], bool]
    ) -> Iterator[Difference]:
        """Some calls of the day and their recordings. `stopped`: whether Asterisk stopped during a call."""
        for call, record in records.items():
            talk_over = record.answered_at is not None and record.ended_at is not None
            if talk_over and record.recording and call not in rows:
                said = {Witness.RECORD: f"recorded as {record.recording}", Witness.RECORDING: ""}
                yield Difference(call=call, kind=Kind.NO_RECORDING_ROW, said=said)
            if record.live:
                self._lying.pop(call, None)
        for call, row in rows.items():
            self._lying.pop(call, None)
            yield from self._row(row, records.get(call), stopped)
            if call not in records:
                said = {Witness.RECORDING: f"{row.state}, {row.file}", Witness.RECORD: ""}
                yield Difference(call=call, kind=Kind.RECORDING_WITHOUT_CALL, said=said)

    def left_over(self) -> set[str]:
        """Calls of files that belong to none of those compared so far."""
        return set(self._lying)

    def orphans(self, of_other_days: Collection[str]) -> Iterator[Difference]:
        """Files that belong to no call at all."""
        for call, paths in self._lying.items():
            if call not in of_other_days:
                yield from (self._orphan(call, path) for path in paths)

    def _row(
        self, row: RecordingRow, record: CallRecord | None, stopped: Callable[[str], bool]
    ) -> Iterator[Difference]:
        call = row.call
        reason = Reason.UNKNOWN
        if stopped(call):
            reason = Reason.ASTERISK_STOPPED
        elif record is not None and record.answered_at and record.ended_at:
            talked = record.ended_at - record.answered_at
            reason = Reason.TOO_SHORT if talked < SOUND_AFTER else Reason.UNKNOWN
        told = f"{row.state}{': ' if row.problem else ''}{row.problem}"
        kind = {
            RecordingState.DUE.value: Kind.RECORDING_UNSEALED,
            RecordingState.MISSING.value: Kind.RECORDING_MISSING,
            RecordingState.BROKEN.value: Kind.RECORDING_BROKEN,
        }.get(row.state)
        if kind is not None:
            if kind is Kind.RECORDING_UNSEALED and self._now - row.due_at < GRACE:
                reason = Reason.IN_PROGRESS
            yield Difference(call=call, kind=kind, said={Witness.RECORDING: told}, reason=reason)
        elif row.state == RecordingState.SEALED:
            yield from self._sealed(call, row)

    def _sealed(self, call: str, row: RecordingRow) -> Iterator[Difference]:
        try:
            path = files.of(self._folder, row.file).sealed
            size = path.stat().st_size
        except (BadInput, OSError):
            said = {Witness.RECORDING: f"sealed as {row.file}.wav", Witness.FILE: ""}
            yield Difference(call=call, kind=Kind.NO_RECORDING_FILE, said=said)
            return
        if size != row.bytes:
            said = {Witness.RECORDING: f"{row.bytes} bytes", Witness.FILE: f"{size} bytes"}
            yield Difference(call=call, kind=Kind.RECORDING_SIZE, said=said)
        elif self._deep and (digest := _digest(path)) != row.sha256:
            said = {Witness.RECORDING: row.sha256 or "", Witness.FILE: digest}
            yield Difference(call=call, kind=Kind.RECORDING_CHECKSUM, said=said)

    def _orphan(self, call: str, path: Path) -> Difference:
        empty = is_empty(path)
        size = path.stat().st_size
        return Difference(
            call=call,
            kind=Kind.ORPHAN_FILE,
            said={Witness.FILE: f"{path.name}, {size} bytes", Witness.RECORDING: ""},
            reason=Reason.NEVER_JOINED if empty else Reason.UNKNOWN,
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
