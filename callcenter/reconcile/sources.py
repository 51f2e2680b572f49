"""The witnesses that are files: Asterisk's CEL file and queue_log with what rotation made of them, and the sound."""

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import BinaryIO

from callcenter.asterisk.cel_line import CelLine, CelRubbish, parse_line
from callcenter.asterisk.cel_story import CelStory
from callcenter.asterisk.events import TelephonyEvent
from callcenter.asterisk.queue_log import STARTED, QueueLine, QueueLogRubbish, parse
from callcenter.call.model import CallRecord
from callcenter.callback.model import CHANNEL
from callcenter.ids import Linkedid
from callcenter.recording.wav import HEADER

EDGE = timedelta(minutes=1)
"""A call that begins at midnight may lie in different days by AMI and by CEL."""
LONGEST = timedelta(hours=12)
"""No call lasts longer: so far after the day its lines are looked for."""
LINKEDID = re.compile(rf"(?:.*-)?(\d{{9,11}})\.\d+|{CHANNEL}[0-9a-f]{{32}}")
"""A call's id: Asterisk's own, which tells the second of its beginning, or that of an attempt to call somebody back."""
SOUND = re.compile(rf"(?P<call>[a-z0-9]{{1,16}}-\d{{9,11}}\.\d+|{CHANNEL}[0-9a-f]{{32}})(?:-caller|-seat)?\.wav")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple[int, int]
"""(number of the file by age, byte in it): tells which of two lines was written first."""


@dataclass(frozen=True, slots=True)
class Hangup:
    at: datetime
    by_party: bool
    """Whoever is behind this channel put the phone down; otherwise it was ended by something else."""


@dataclass(slots=True)
class CelCall:
    """What the CEL file tells of one linkedid."""

    linkedid: Linkedid
    lines: list[CelLine] = field(default_factory=list)
    """Let go of when they are folded: a day has half a million."""
    record: CallRecord | None = None
    """As folded; None: no citizen's call."""
    place: Place = (0, 0)
    """Behind the newest line."""
    newest: datetime = LONG_AGO
    begun: bool = False
    """The line of its beginning is there."""
    ended: bool = False
    party: bool = False
    """Asterisk names somebody who hung up."""
    hangups: dict[str, Hangup] = field(default_factory=dict)
    """By channel (Uniqueid)."""

    def take(self, line: CelLine, place: Place) -> None:
        self.lines.append(line)
        self.place = place
        self.newest = max(self.newest, line.at)
        self.begun |= line.type == "CHAN_START" and line.uniqueid == self.linkedid
        self.ended |= line.type == "LINKEDID_END"
        if line.type == "HANGUP":
            self.party |= bool(line.source)
            self.hangups[line.uniqueid] = Hangup(line.at, line.source == line.channel)

    def events(self) -> list[TelephonyEvent]:
        """In order of time, through the same story as the engine's own reading."""
        story = CelStory({})
        ordered = sorted(self.lines, key=lambda line: line.at)
        events = [event for line in ordered for event in story.tell(line)]
        events += story.end_of_batch()
        return sorted(events, key=lambda event: event.at)


Fold = Callable[[CelCall], CallRecord | None]


@dataclass(slots=True)
class BadLine:
    """A line that cannot be read; never the line itself."""

    place: str
    """`file:byte`"""
    since: float
    """Unix seconds of the good lines before and after it."""
    until: float = inf


class BadLines(list[BadLine]):
    def __init__(self) -> None:
        super().__init__()
        self._newest = 0.0

    def good(self, at: float) -> None:
        for bad in reversed(self):
            if bad.until != inf:
                break
            bad.until = at
        self._newest = at

    def bad(self, path: Path, offset: int) -> None:
        self.append(BadLine(f"{path.name}:{offset}", self._newest))


@dataclass(slots=True)
class CelDay:
    calls: dict[str, CelCall]
    bad_lines: list[BadLine]
    files: list[Path]

    def unread(self, call: CelCall, inode: int, offset: int) -> bool:
        """Whether the call's newest line lies behind the engine's cursor."""
        if inode == 0:
            return bool(self.files) and call.place[0] == len(self.files) - 1
        numbers = [number for number, path in enumerate(self.files) if path.exists() and path.stat().st_ino == inode]
        return bool(numbers) and call.place > (numbers[0], offset)


@dataclass(slots=True)
class QueueDay:
    calls: dict[str, list[QueueLine]]
    starts: list[int]
    """Unix seconds at which Asterisk was started, also after the day."""
    bad_lines: list[BadLine]


def cel_day(file: Path, start: datetime, end: datetime, fold: Fold | None = None) -> CelDay:
    """The calls whose first line lies within the day, one minute before and after it included.

    Calls of which the beginning is not in the files are left out, unless their id says that they are of the day.
    `fold`: makes each call's record as soon as all its lines are there; without it the lines are kept.
    """
    found: dict[str, CelCall] = {}
    bad = BadLines()
    kept = _files(file, start - EDGE, end + LONGEST)
    for number, path in enumerate(kept):
        for offset, text in _lines(path):
            try:
                line = parse_line(text)
            except CelRubbish:
                bad.bad(path, offset)
                continue
            bad.good(line.at.timestamp())
            call = found.get(line.linkedid)
            if call is None:
                if not start - EDGE <= line.at < end + EDGE:
                    continue
                call = found[line.linkedid] = CelCall(Linkedid(line.linkedid))
            elif call.ended or line.at >= end + LONGEST or call.lines[-1] == line:  # the same line twice tells once
                continue
            call.take(line, (number, offset + len(text.encode())))
            if fold is not None and call.ended:
                _fold(call, fold)
    calls = {
        linkedid: call for linkedid, call in found.items() if call.begun or _within(linkedid, start - EDGE, end + EDGE)
    }
    for call in calls.values():
        if fold is not None and not call.ended:
            _fold(call, fold)
    return CelDay(calls, bad, kept)


def _fold(call: CelCall, fold: Fold) -> None:
    call.record = fold(call)
    call.lines = []


def queue_day(file: Path, start: datetime, end: datetime) -> QueueDay:
    calls: dict[str, list[QueueLine]] = defaultdict(list)
    starts: list[int] = []
    bad = BadLines()
    first, last = (start - EDGE).timestamp(), (end + LONGEST).timestamp()
    for path in _files(file, start - EDGE, end + LONGEST):
        for offset, text in _lines(path):
            try:
                line = parse(text)
            except QueueLogRubbish:
                bad.bad(path, offset)
                continue
            bad.good(line.at)
            if line.at < first:
                continue
            if line.event == STARTED:
                starts.append(line.at)
            elif LINKEDID.fullmatch(line.call) and line.at < last:
                calls[line.call].append(line)
    return QueueDay(dict(calls), starts, bad)


def sound_files(folder: Path, start: datetime, end: datetime) -> dict[str, list[Path]]:
    """Sound files by call, of calls that began within the day; an id that does not tell that: files written within it.
    Asterisk names the folders by UTC."""
    found: dict[str, list[Path]] = defaultdict(list)
    day = start.astimezone(UTC).date()
    while day <= (end + LONGEST).astimezone(UTC).date():
        place = folder / f"{day:%Y/%m/%d}"
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            match = SOUND.fullmatch(path.name)
            if match and start <= (began(match["call"]) or _written(path)) < end:
                found[match["call"]].append(path)
        day += timedelta(days=1)
    return dict(found)


def is_empty(path: Path) -> bool:
    """Nothing but a header."""
    return path.stat().st_size <= HEADER.size


def began(linkedid: str) -> datetime | None:
    """The second in a linkedid; None where it tells none."""
    match = LINKEDID.fullmatch(linkedid)
    return datetime.fromtimestamp(int(match[1]), UTC) if match and match[1] else None


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _within(linkedid: str, start: datetime, end: datetime) -> bool:
    at = began(linkedid)
    return at is not None and start <= at < end


def _files(file: Path, since: datetime, until: datetime) -> list[Path]:
    """The file and what rotation made of it, oldest first, as far as they may hold lines of this time."""
    rotated = [path for path in file.parent.glob(f"{file.name}.*") if not _doubled(path)]
    every = [*sorted(rotated, key=lambda path: path.stat().st_mtime_ns), *([file] if file.exists() else [])]
    kept: list[Path] = []
    for path in every:
        written = path.stat().st_mtime
        if written >= since.timestamp():
            kept.append(path)
        if written >= until.timestamp():
            break  # the files after it are younger throughout
    return kept


def _doubled(path: Path) -> bool:
    """A compressed file whose original is still there: the work was cut off between the two."""
    return path.suffix == ".gz" and path.with_suffix("").exists()


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """(byte at which it begins, text) of each whole line; an empty text where a compressed file is damaged."""
    with _opened(path) as file:
        offset = 0
        try:
            for raw in file:
                if raw.endswith(b"\n") and raw.strip():
                    yield offset, raw.decode("utf-8", "replace").rstrip("\r\n")
                offset += len(raw)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            yield offset, ""


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]
