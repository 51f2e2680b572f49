"""Asterisk's own event log on file: what happened while nobody listened to the AMI.

The file is read from a position on; a line that is not finished yet is left for the next time; a file that was rotated
away is read to its end first. Rubbish is counted and passed over: one bad line must not cost the good ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from callcenter.asterisk.cel_line import CelLine, CelRubbish, parse_line
from callcenter.asterisk.cel_story import CelStory
from callcenter.asterisk.events import TelephonyEvent
from callcenter.ids import Linkedid


@dataclass(frozen=True, slots=True)
class CelBatch:
    events: list[TelephonyEvent]
    """In order of time."""
    inode: int
    offset: int
    """Where to go on: bytes into the file of that inode."""
    bad_lines: int
    lost_file: bool = False
    """The file of the given inode is not there any more: what it held after the offset is not known."""


class CelReader:
    """Reads one file, `path`, and what rotation made of it (`path` plus a suffix, not compressed)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._story = CelStory({})
        self._position = (0, 0)

    def read_from(self, inode: int, offset: int, known: Mapping[Linkedid, str | None] | None = None) -> CelBatch:
        """Everything after `offset` of the file `inode`; (0, 0): from the beginning of the present file.

        `known`: live calls that began before, and their queue if they have come to one. Not needed, and not looked
        at, when the last batch is gone on with: the reader remembers.
        """
        if (inode, offset) != self._position or inode == 0:
            self._story = CelStory(known or {})
        lines: list[CelLine] = []
        bad, lost = 0, False
        for path, begin in self._files(inode, offset):
            if path is None:
                lost = True
                continue
            with path.open("rb") as file:
                file.seek(begin)
                data = file.read()
            whole = data.rfind(b"\n") + 1
            for raw in data[:whole].split(b"\n"):
                if raw.strip():
                    try:
                        lines.append(parse_line(raw.decode("utf-8", "replace").rstrip("\r")))
                    except CelRubbish:
                        bad += 1
            inode, offset = path.stat().st_ino, begin + whole
        lines.sort(key=lambda line: line.at)
        events = [event for line in lines for event in self._story.tell(line)]
        events += self._story.end_of_batch()
        events.sort(key=lambda event: event.at)
        self._position = (inode, offset)
        return CelBatch(events, inode, offset, bad, lost)

    def _files(self, inode: int, offset: int) -> Iterator[tuple[Path | None, int]]:
        """Files to read in order of age, and where in each. None: the file asked for is gone."""
        present = self._path if self._path.exists() else None
        if present is not None and present.stat().st_ino == inode:
            yield present, offset if offset <= present.stat().st_size else 0
            return
        if inode:
            rotated = sorted(
                (p for p in self._path.parent.glob(f"{self._path.name}.*") if p.suffix not in (".gz", ".xz", ".zst")),
                key=lambda p: p.stat().st_mtime_ns,
            )
            ours = [place for place, path in enumerate(rotated) if path.stat().st_ino == inode]
            if ours:
                first, *later = rotated[ours[0] :]
                yield first, offset if offset <= first.stat().st_size else 0
                yield from ((path, 0) for path in later)
            else:
                yield None, 0
        if present is not None:
            yield present, 0
