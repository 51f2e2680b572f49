"""The CEL file as it really gets: torn, rotated, doubled, full of rubbish."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.asterisk import events as t
from callcenter.asterisk.cel import CelReader
from callcenter.asterisk.cel_line import CelRubbish, parse_line
from callcenter.ids import Linkedid
from tests.given import examples

TRACES = Path(__file__).parent.parent / "traces"
DATA = (TRACES / "seat-rejects-then-next-seat.cel.csv").read_bytes()
LINES = DATA.splitlines(keepends=True)
ALL = CelReader(TRACES / "seat-rejects-then-next-seat.cel.csv").read_from(0, 0).events


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cel.csv"


def test_a_torn_last_line_is_left_for_the_next_time(path: Path) -> None:
    reader = CelReader(path)
    path.write_bytes(DATA[:-40])
    first = reader.read_from(0, 0)
    assert first.bad_lines == 0
    assert first.offset == len(DATA) - len(LINES[-1])
    path.write_bytes(DATA)
    second = reader.read_from(first.inode, first.offset)
    assert second.bad_lines == 0
    assert first.events + second.events == ALL


def test_a_file_read_line_by_line_tells_the_same_as_in_one_go(path: Path) -> None:
    reader = CelReader(path)
    events: list[t.TelephonyEvent] = []
    inode = offset = 0
    for count in range(1, len(LINES) + 1):
        with path.open("ab") as file:
            file.write(LINES[count - 1])
        batch = reader.read_from(inode, offset)
        inode, offset = batch.inode, batch.offset
        events += batch.events
    assert sorted(events, key=lambda event: event.at) == ALL


def test_nothing_new_is_nothing_told(path: Path) -> None:
    path.write_bytes(DATA)
    reader = CelReader(path)
    first = reader.read_from(0, 0)
    again = reader.read_from(first.inode, first.offset)
    assert (again.events, again.offset) == ([], first.offset)


def test_a_missing_file_is_empty(path: Path) -> None:
    batch = CelReader(path).read_from(0, 0)
    assert (batch.events, batch.inode, batch.offset, batch.bad_lines) == ([], 0, 0, 0)


def test_a_rotated_file_is_read_to_its_end_and_then_the_new_one(path: Path) -> None:
    path.write_bytes(b"".join(LINES[:5]))
    reader = CelReader(path)
    first = reader.read_from(0, 0)
    with path.open("ab") as file:
        file.write(b"".join(LINES[5:9]))
    path.rename(path.with_name("cel.csv.1"))
    path.write_bytes(b"".join(LINES[9:]))
    second = reader.read_from(first.inode, first.offset)
    assert first.events + second.events == ALL
    assert not second.lost_file
    assert (second.inode, second.offset) == (path.stat().st_ino, path.stat().st_size)


def test_a_file_rotated_twice_is_read_in_order(path: Path) -> None:
    path.write_bytes(b"".join(LINES[:5]))
    first = CelReader(path).read_from(0, 0)
    for number, part in ((2, LINES[5:9]), (1, LINES[9:12])):
        path.rename(path.with_name(f"cel.csv.{number}"))
        os.utime(path.with_name(f"cel.csv.{number}"), ns=(0, 10 - number))
        path.write_bytes(b"".join(part))
    with path.open("ab") as file:
        file.write(b"".join(LINES[12:]))
    second = CelReader(path).read_from(first.inode, first.offset, {Linkedid("a-0"): None})
    assert [e.at for e in first.events + second.events] == [e.at for e in ALL]


def test_a_file_that_is_gone_is_said_to_be_lost(path: Path) -> None:
    path.write_bytes(DATA)
    batch = CelReader(path).read_from(path.stat().st_ino + 1_000_000, 10)
    assert batch.lost_file
    assert batch.events == ALL


def test_a_file_cut_short_is_read_from_its_beginning(path: Path) -> None:
    path.write_bytes(DATA)
    batch = CelReader(path).read_from(path.stat().st_ino, len(DATA) + 1)
    assert batch.events == ALL


def test_rubbish_is_counted_and_costs_no_good_line(path: Path) -> None:
    rubbish = [b"x\n", b'"a","b"\n', LINES[0][:50] + b"\n", b"\xff\xfe\x00\n", b'"' * 99 + b"\n", b",,,,,,,,,,,,\n"]
    path.write_bytes(b"".join(part for pair in zip(LINES, rubbish * 9, strict=False) for part in pair))
    batch = CelReader(path).read_from(0, 0)
    assert batch.bad_lines == len(LINES)
    assert batch.events == ALL


def test_an_unreadable_line_is_an_error_that_does_not_quote_it() -> None:
    line = LINES[0].decode().strip().replace('"CHAN_START","', '"CHAN_START","x')
    with pytest.raises(CelRubbish) as error:
        parse_line(line)
    assert "139" not in str(error.value)


RANG_AND_LEFT = """\
"CHAN_START","1795389610.356327","PJSIP/trunk-c","a-1795389610.12","a-1795389610.12","","from-trunk","12348","","","","",""
"APP_START","1795389618.038698","PJSIP/trunk-c","a-1795389610.12","a-1795389610.12","","next-queue","wait","Queue","zh,c","","",""
"CHAN_START","1795389618.040244","PJSIP/d1001-d","a-1795389618.13","a-1795389610.12","1001","seat","s","","","","",""
"HANGUP","1795389620.543172","PJSIP/d1001-d","a-1795389618.13","a-1795389610.12","1001","seat","wait","AppQueue","","","",""
"APP_END","1795389620.543550","PJSIP/trunk-c","a-1795389610.12","a-1795389610.12","",{where},"Queue","zh,c","","",""
"USER_DEFINED","1795389621.881411","PJSIP/trunk-c","a-1795389610.12","a-1795389610.12","","fact","s","CELGenUserEvent","outcome,callback_requested","outcome","",""
"""


@pytest.mark.parametrize(
    ("where", "status"), [('"queue-keys","9"', "CANCEL"), ('"next-queue","wait"', "NOANSWER")], ids=["key", "timeout"]
)
def test_a_key_that_leads_out_of_the_queue_ends_the_ring_for_the_caller(path: Path, where: str, status: str) -> None:
    path.write_text(RANG_AND_LEFT.replace("{where}", where))
    batch = CelReader(path).read_from(0, 0)
    assert batch.bad_lines == 0
    assert [event.status for event in batch.events if isinstance(event, t.DialEnded)] == [status]


def test_a_known_call_in_a_queue_gets_its_seat_and_a_call_of_a_seats_own_does_not(path: Path) -> None:
    start = next(n for n, line in enumerate(LINES) if b"PJSIP/d1001" in line)
    path.write_bytes(b"".join(LINES[start : start + 1]))
    call = Linkedid(parse_line(LINES[0].decode()).linkedid)
    known = CelReader(path).read_from(0, 0, {call: "zh"}).events
    assert [type(e) for e in known] == [t.ChannelStarted, t.SeatCalled]
    unknown = CelReader(path).read_from(0, 0).events
    assert [type(e) for e in unknown] == [t.ChannelStarted]


@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.lists(st.integers(0, len(LINES) - 1), max_size=40),
    cuts=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 200)), max_size=5),
    known=st.booleans(),
)
def test_lines_cut_doubled_and_out_of_order_never_stop_the_reader(
    path: Path, order: list[int], cuts: list[tuple[int, int]], known: bool
) -> None:
    lines = [LINES[n] for n in order]
    for place, length in cuts:
        if place < len(lines):
            lines[place] = lines[place][:length]
    path.write_bytes(b"".join(lines))
    call = Linkedid(parse_line(LINES[0].decode()).linkedid)
    batch = CelReader(path).read_from(0, 0, {call: "zh"} if known else {})
    assert batch.events == sorted(batch.events, key=lambda event: event.at)


@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), quotes=st.booleans())
def test_random_bytes_never_stop_the_reader(path: Path, data: bytes, quotes: bool) -> None:
    if quotes:
        data = b",".join(b'"' + part.replace(b'"', b'""') + b'"' for part in data.split(b"\x00")) + b"\n"
    path.write_bytes(data + b"\n" + LINES[0])
    batch = CelReader(path).read_from(0, 0)
    assert ALL[0] in batch.events or batch.bad_lines


def test_a_seat_on_a_mobile_is_one_seat_whatever_lies_behind_its_local_channel() -> None:
    told = CelReader(TRACES / "seat-on-a-mobile-hangs-up.cel.csv").read_from(0, 0).events
    of_seats = (t.SeatCalled, t.SeatAnswered, t.SeatCompleted)
    seen = [(type(event), event.seat, event.seat_uniqueid) for event in told if isinstance(event, of_seats)]
    assert seen == [(kind, "1001", "a-1795391709.5") for kind in of_seats]
    assert [event.ended_by for event in told if isinstance(event, t.SeatCompleted)] == ["seat"]
