"""Rules 22 and 28-30 of the call-history file: the file as a whole, one by one."""

import pytest
from sqlalchemy import select

from callcenter.call.table import CallRow
from callcenter.instants import format_instant, parse_instant
from callcenter.report.repository import facts
from callcenter.storage.columns import to_micros
from tests.call_history.given import (
    ABANDONED,
    ANSWERED,
    HEADER,
    history,
    needs_one_database,
    numbered,
    row_faults,
    take,
    vault,
)


def test_a_good_row_is_stored_whole(database, database_settings):
    assert take(database, database_settings, history(ANSWERED)) == []
    with database.read() as session:
        (row,) = session.scalars(select(CallRow))
    for name in ("source", "line", "language", "topic", "place", "ended_by", "outcome", "seat", "law_firm"):
        assert getattr(row, name) == ANSWERED[name]
    for name in [name for name in ANSWERED if name.endswith("_at")]:
        assert to_micros(getattr(row, name)) == parse_instant(ANSWERED[name])
    assert (row.id, row.hold_micros, row.survey_offered, row.grade) == ("c-1", 30_000_000, True, 1)
    assert (row.state, row.node, row.rings, row.left_at) == ("ended", "", [], row.ended_at)
    assert b"13812342346" not in row.caller
    assert vault(database_settings).open(row.caller) == "13812342346"
    assert row.caller_hash == vault(database_settings).search_hash("13812342346")


@needs_one_database
class TestRule22:
    def test_crlf_bom_and_no_line_ending_at_the_end_are_accepted(self, faults_of):
        rows = history(*numbered(ANSWERED, ABANDONED))
        assert faults_of(b"\xef\xbb\xbf" + rows.replace(b"\n", b"\r\n").removesuffix(b"\r\n")) == []

    def test_quoted_cells_with_commas_quotes_and_lines_keep_their_text(self, database, database_settings):
        topic = 'a, "b"\r\nc\nd\re'
        assert take(database, database_settings, history(ANSWERED | {"topic": topic})) == []
        with database.read() as session:
            assert session.scalar(select(CallRow.topic)) == topic

    def test_rows_in_any_order_and_offset(self, database, database_settings):
        early = ANSWERED | {"call_id": "c-2", "started_at": "2026-01-05T01:59:59Z"}
        assert take(database, database_settings, history(ANSWERED, early)) == []

    @pytest.mark.parametrize(
        "header",
        [
            HEADER.replace("source", "Source"),
            HEADER + ",more",
            HEADER.removesuffix(",grade"),
            HEADER.replace("caller,source", "source,caller"),
            HEADER.replace(",", ";"),
            " " + HEADER,
            "",
        ],
    )
    def test_another_header_is_a_fault_of_the_file(self, faults_of, header):
        body = history(ANSWERED).split(b"\n", 1)[1]
        assert faults_of(header.encode() + b"\n" + body) == [(1, "-")]

    def test_an_empty_file_is_a_fault_and_a_header_alone_is_none(self, faults_of):
        assert faults_of(b"") == [(1, "-")]
        assert faults_of(HEADER.encode() + b"\n") == []

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
    def test_another_encoding_is_a_fault_of_the_file(self, faults_of, encoding):
        assert faults_of(history(ANSWERED).decode().encode(encoding)) == [(1, "-")]

    def test_a_character_cut_at_the_end_is_a_fault_of_the_file(self, faults_of):
        assert faults_of(history(ANSWERED) + b"\xe5\x8a") == [(1, "-")]


class TestRule28:
    def test_twice_in_the_file_names_the_later_line(self, faults_of):
        assert faults_of(history(ANSWERED, ANSWERED | {"call_id": "x"}, ANSWERED)) == [(4, "call_id")]

    def test_a_bad_row_takes_its_id_too(self, faults_of):
        assert faults_of(history(ANSWERED | {"grade": "9"}, ANSWERED)) == [(2, "grade"), (3, "call_id")]

    def test_on_record(self, faults_of):
        assert faults_of(history(ANSWERED)) == []
        again = history(ANSWERED | {"call_id": "c-9"}, ANSWERED, ANSWERED | {"grade": "9"})
        assert faults_of(again) == [(3, "call_id"), (4, "call_id"), (4, "grade")]

    def test_ids_that_differ_in_case_or_space_differ(self, faults_of):
        rows = [ANSWERED | {"call_id": name} for name in ("a", "A", "a ", "ａ", "á", "a\u0301")]
        assert faults_of(history(*rows)) == []

    def test_long_ids_are_compared_whole(self, faults_of):
        rows = [ANSWERED | {"call_id": "x" * 9_999 + end} for end in "abca"]
        assert faults_of(history(*rows)) == [(5, "call_id")]
        assert faults_of(history(*rows[:3])) == []
        assert faults_of(history(rows[1])) == [(2, "call_id")]


class TestRule29:
    TEXTS = ("caller", "line", "language", "topic", "place", "seat", "law_firm", "call_id")

    @pytest.mark.parametrize("column", TEXTS)
    def test_ten_thousand_characters_and_no_more(self, faults_of, column):
        assert row_faults(faults_of, **{column: "法" * 10_001}) == [column]
        assert row_faults(faults_of, **{column: "法" * 10_000}) == []

    @pytest.mark.parametrize("column", ["source", "started_at", "hold_seconds", "grade"])
    def test_any_cell_that_is_too_long_is_named(self, faults_of, column):
        assert row_faults(faults_of, **{column: "1" * 10_001}) == [column]

    def test_quotes_count_as_the_one_that_they_mean(self, faults_of):
        assert row_faults(faults_of, topic='"' * 10_001) == ["topic"]
        assert row_faults(faults_of, topic='"' * 10_000) == []

    @pytest.mark.parametrize("column", TEXTS)
    def test_nul(self, faults_of, column):
        assert row_faults(faults_of, **{column: "a\0b"}) == [column]

    @pytest.mark.slow
    def test_a_line_of_many_megabytes_names_its_column(self, faults_of):
        assert faults_of(history(ANSWERED | {"topic": "x" * 5_000_000, "seat": '"' * 3_000_000})) == [
            (2, "topic"),
            (2, "seat"),
        ]


@needs_one_database
class TestRule30:
    def test_lines_of_the_file_are_counted_and_a_record_has_its_first(self, faults_of):
        tall = ANSWERED | {"topic": "a\nb\nc", "grade": "9"}
        assert faults_of(history(*numbered(tall, ANSWERED, tall))) == [(2, "grade"), (6, "grade")]

    def test_crlf_inside_a_cell_is_one_line(self, faults_of):
        tall = ANSWERED | {"topic": "a\r\nb"}
        assert faults_of(history(*numbered(tall, ANSWERED | {"grade": "9"}))) == [(4, "grade")]

    def test_a_quote_never_closed_has_the_line_of_its_opening(self, faults_of):
        good = history(*numbered(ANSWERED, ANSWERED))
        assert faults_of(good + b'c-3,"138,direct\n' + b"x,y\n" * 5) == [(4, "-")]
        assert faults_of(good + b'c-3,"a\nb","never\nclosed\n') == [(5, "-")]

    @pytest.mark.parametrize(
        "line",
        [b"", b"c-9", b",".join([b"x"] * 19), b",".join([b"x"] * 21), b"," * 100_000, b'a"b,', b'"a"b,', b"a\rb,"],
    )
    def test_a_record_that_cannot_be_split_into_its_cells(self, faults_of, line):
        good = history(*numbered(ANSWERED, ANSWERED))
        bad_last = history(ANSWERED | {"call_id": "z", "source": "?"}).split(b"\n", 1)[1]
        assert faults_of(good + line + b"\n" + bad_last) == [(4, "-"), (5, "source")]

    def test_every_fault_of_a_row_in_the_order_of_columns(self, faults_of):
        found = row_faults(
            faults_of, source="?", ended_by="?", started_at="?", call_id="", survey_offered="3", grade="7"
        )
        assert found == ["call_id", "source", "started_at", "ended_by", "survey_offered", "grade"]

    def test_a_reason_never_shows_a_callers_number(self, database, database_settings):
        (line,) = take(database, database_settings, history(ANSWERED | {"source": "13812342346"}))
        assert "13812342346" not in line


def test_more_digits_than_microseconds_are_kept(database, database_settings):
    text = "2026-01-05T10:00:00.1234567890123+08:00"
    assert take(database, database_settings, history(ANSWERED | {"started_at": text})) == []
    with database.read() as session:
        (call,) = facts(session, parse_instant("2026-01-05T00:00:00Z"), parse_instant("2026-01-06T00:00:00Z"))
    assert call.started == parse_instant(text)
    assert format_instant(call.started) == text
