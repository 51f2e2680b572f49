"""The reader against the csv module where both can read, and alone where the csv module cannot."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.call.history import reader
from callcenter.call.history.reader import CELL_MAX, records

cell = st.text(st.sampled_from('ab,"\n\r法\u2028\x0b ') | st.characters(exclude_categories=["Cs"]), max_size=8)
table = st.lists(st.lists(cell, min_size=2, max_size=5), max_size=6)


def read(content: bytes) -> list[reader.Record]:
    return list(records(io.BytesIO(content)))


@given(table, st.sampled_from(("\n", "\r\n")), st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)), st.booleans())
def test_whatever_was_written_is_read_back(rows, ending, quoting, closed):
    if any("\r" in value for row in rows for value in row):
        quoting = csv.QUOTE_ALL  # with the ending LF, the csv module writes a lone CR without quotes
    text = io.StringIO()
    csv.writer(text, lineterminator=ending, quoting=quoting).writerows(rows)
    content = text.getvalue()
    found = read((content if closed else content.removesuffix(ending)).encode())
    assert [record.cells for record in found] == rows
    assert not any(record.fault for record in found)
    lines = 1
    for record, row in zip(found, rows, strict=True):
        assert record.line == lines
        lines += 1 + sum(value.count("\n") for value in row)


@given(st.text(st.sampled_from('a,"\n\r'), max_size=40), st.integers(1, 9))
def test_any_text_is_read_the_same_in_pieces_of_any_size(content, size):
    def outcome() -> list[tuple[int, str | list[str]]]:
        return [(record.line, record.fault or record.cells) for record in read(content.encode())]

    whole = outcome()
    kept, reader.PIECE = reader.PIECE, size
    try:
        assert outcome() == whole
    finally:
        reader.PIECE = kept


@given(st.text(st.sampled_from('a,"\n'), max_size=40))
def test_where_nothing_is_wrong_the_csv_module_agrees(content):
    found = read(content.encode())
    if not any(record.fault for record in found):
        theirs = [row or [""] for row in csv.reader(io.StringIO(content, newline=""), strict=True)]
        assert [record.cells for record in found] == theirs


@pytest.mark.slow
def test_memory_stays_bounded_behind_a_quote_that_is_never_closed():
    class Endless(io.RawIOBase):
        left = 200

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
            self.left -= 1
            size = len(buffer) if self.left > 0 else 0
            buffer[:size] = (b"ab,\n" * (size // 4 + 1))[:size]
            return size

    stream = io.BufferedReader(Endless(), 1 << 16)  # type: ignore[arg-type]
    prefix = io.BytesIO(b'x,"')

    class Joined:
        def readline(self, size: int) -> bytes:
            return prefix.readline(size) or stream.readline(size)

        def read(self, size: int) -> bytes:
            return stream.read(size)

    (record,) = records(Joined())  # type: ignore[arg-type]
    assert record.line == 1
    assert len(record.cells[1]) == CELL_MAX + 1
