"""Records of a CSV file (RFC 4180, UTF-8) with the number of their first line, in bounded memory.

Not the csv module: it cannot name the cell that is too long, swallows the rest of the file into memory after a
quote that is never closed, does not say where that quote opened, and lets a quote inside a bare cell pass.
"""

import codecs
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import BinaryIO, NamedTuple

CELL_MAX = 10_000
"""Characters (rule 29)."""
CELLS_KEPT = 21
"""One more than a row has: enough to see that a record is wrong."""
PIECE = 1 << 20
"""Bytes read at once; longer lines come in pieces."""
BOM = b"\xef\xbb\xbf"

_BARE_END = re.compile(r'[,\n"\r]')


class NotUtf8(ValueError):
    def __init__(self, line: int, byte: int) -> None:
        super().__init__(f"the file is not UTF-8: byte 0x{byte:02X} in line {line}; save it as UTF-8")


class Record(NamedTuple):
    """`line` is the first one, or where a quote opens that is never closed. Cells longer than CELL_MAX are cut to one
    character more."""

    line: int
    cells: list[str]
    fault: str = ""
    """Why the record cannot be split into cells; empty: it could."""


class _At(Enum):
    CELL_START = auto()
    BARE = auto()
    QUOTED = auto()
    QUOTE_CLOSED = auto()


def records(file: BinaryIO) -> Iterator[Record]:
    """Raises NotUtf8."""
    splitter = _Splitter()
    for text in _pieces(file):
        if splitter.idle and text[-1] == "\n" and '"' not in text and "\r" not in text[:-2]:
            cells = text[: -2 if text.endswith("\r\n") else -1].split(",", CELLS_KEPT - 1)
            yield Record(splitter.skip_line(), cells)
        else:
            yield from splitter.feed(text)
    yield from splitter.finish()


def _pieces(file: BinaryIO) -> Iterator[str]:
    """Lines with their ending; a line longer than PIECE in several pieces, none of which ends between CR and LF."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    piece = file.readline(PIECE).removeprefix(BOM)
    while piece:
        if piece.endswith(b"\r"):
            piece += file.read(1)
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            raise NotUtf8(line, error.object[error.start]) from None
        if text:
            yield text
        line += piece.endswith(b"\n")
        piece = file.readline(PIECE)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise NotUtf8(line, error.object[error.start]) from None


class _Splitter:
    """The grammar, cell by cell. After a fault it goes on as a spreadsheet would, so that later lines are found."""

    def __init__(self) -> None:
        self._line = 1
        self._begin()

    def _begin(self) -> None:
        self._first_line = self._line
        self._at = _At.CELL_START
        self._cells: list[str] = []
        self._parts: list[str] = []
        self._length = 0
        self._quote_line = 0
        self._fault = ""
        self.idle = True
        """At the beginning of a record."""

    def skip_line(self) -> int:
        """A line was split elsewhere; its number."""
        line = self._line
        self._line = self._first_line = line + 1
        return line

    def feed(self, text: str) -> Iterator[Record]:
        at = 0
        while at < len(text):
            self.idle = False
            if self._at is _At.CELL_START:
                at = self._start(text, at)
            elif self._at is _At.QUOTED:
                at = self._quoted(text, at)
            elif self._at is _At.QUOTE_CLOSED and text[at] == '"':
                self._keep('"')
                self._at = _At.QUOTED
                at += 1
            else:
                ended = text[at] == "\n" or text.startswith("\r\n", at)
                if ended or text[at] == ",":
                    self._end_cell()
                    at += 2 if text[at] == "\r" else 1
                else:
                    at = self._bare(text, at)
                if ended:
                    self._line += 1
                    yield self._record()

    def finish(self) -> Iterator[Record]:
        """The last record may lack its line ending."""
        if self.idle:
            return
        if self._at is _At.QUOTED:
            self._fault = "the quote that opens here is never closed"
            self._first_line = self._quote_line
        self._end_cell()
        yield self._record()

    def _start(self, text: str, at: int) -> int:
        if text[at] == '"':
            self._quote_line = self._line
            self._at = _At.QUOTED
            return at + 1
        self._at = _At.BARE
        return at

    def _quoted(self, text: str, at: int) -> int:
        close = text.find('"', at)
        end = len(text) if close < 0 else close
        self._keep(text[at:end])
        self._line += text.count("\n", at, end)
        if close < 0:
            return end
        self._at = _At.QUOTE_CLOSED
        return close + 1

    def _bare(self, text: str, at: int) -> int:
        """Text outside quotes up to the next comma or line ending."""
        if self._at is _At.QUOTE_CLOSED:
            self._blame("text behind a closing quote; a quote inside a cell is written twice")
            self._at = _At.BARE
        if text[at] == '"':
            self._blame("a quote inside a cell that does not begin with one")
        elif text[at] == "\r":
            self._blame("a carriage return without a line feed, outside quotes")
        stop = _BARE_END.search(text, at + 1)
        end = stop.start() if stop else len(text)
        self._keep(text[at:end])
        return end

    def _keep(self, text: str) -> None:
        room = CELL_MAX + 1 - self._length
        if room > 0 and text:
            self._parts.append(text[:room])
            self._length += min(room, len(text))

    def _end_cell(self) -> None:
        if len(self._cells) < CELLS_KEPT:
            self._cells.append("".join(self._parts))
        self._parts = []
        self._length = 0
        self._at = _At.CELL_START

    def _blame(self, fault: str) -> None:
        self._fault = self._fault or fault

    def _record(self) -> Record:
        record = Record(self._first_line, self._cells, self._fault)
        self._begin()
        return record
