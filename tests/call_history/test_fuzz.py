"""Files spoilt at random: all rows or none, never a crash, and faults always in the agreed form and order."""

import csv
import io
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from callcenter.call.history.rules import COLUMNS
from callcenter.call.table import CallRow
from tests.call_history.given import ABANDONED, ANSWERED, LEFT_IN_MENU, history, numbered, take
from tests.given import examples

GOOD = history(*numbered(ANSWERED, ABANDONED | {"topic": 'a,"b"\nc'}, LEFT_IN_MENU, ANSWERED | {"caller": ""}))
FAULT = re.compile(r"line (\d+): (-|[a-z_]+): \S.*")

bits = st.sampled_from([b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"9", b"+", b"Z", b" ", b"-", "法".encode(), b"c-1"])
change = st.tuples(st.integers(0, len(GOOD)), st.integers(0, 30) | st.just(0), st.lists(bits, max_size=3).map(b"".join))


def spoilt(changes: list[tuple[int, int, bytes]]) -> bytes:
    content = GOOD
    for at, removed, added in changes:
        content = content[:at] + added + content[at + removed :]
    return content


@settings(max_examples=examples(400), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(change, min_size=1, max_size=3))
def test_a_spoilt_file_is_taken_whole_or_not_at_all(database, database_settings, changes):
    content = spoilt(changes)
    with database.begin() as session:
        session.execute(delete(CallRow))
    lines = take(database, database_settings, content)
    with database.read() as session:
        stored = session.scalar(select(func.count()).select_from(CallRow))
    if not lines:
        text = content.removeprefix(b"\xef\xbb\xbf").decode()
        assert stored == len(list(csv.reader(io.StringIO(text, newline=""), strict=True))) - 1
        return
    assert stored == 0
    found = [FAULT.fullmatch(line) for line in lines]
    assert all(found), lines
    places = [(int(match[1]), ("-", *COLUMNS).index(match[2])) for match in found]
    assert places == sorted(set(places))
    assert places[-1][0] <= content.count(b"\n") + 1
