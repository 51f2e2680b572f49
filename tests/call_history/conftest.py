"""What the tests of the rules share."""

import re

import pytest
from sqlalchemy import func, select

from callcenter.call.table import CallRow
from tests.call_history.given import take

FAULT = re.compile(r"line (\d+): (-|[a-z_]+): (.+)")


@pytest.fixture
def faults_of(database, database_settings):
    """Imports a file; (line, column) of each fault. A file with faults must leave nothing."""

    def check(content: bytes) -> list[tuple[int, str]]:
        with database.read() as session:
            before = session.scalar(select(func.count()).select_from(CallRow))
        lines = take(database, database_settings, content)
        with database.read() as session:
            after = session.scalar(select(func.count()).select_from(CallRow))
        assert after == before or not lines
        matches = [FAULT.fullmatch(line) for line in lines]
        assert all(matches), lines
        return [(int(match[1]), match[2]) for match in matches]

    return check
