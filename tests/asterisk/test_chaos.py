"""kill -9 of engine, api, worker and Redis and a restart of Asterisk in the middle of a hundred calls: none is lost."""

import pytest

from tests.asterisk import chaos
from tests.asterisk.desk import Desk

pytestmark = [pytest.mark.asterisk, pytest.mark.slow, pytest.mark.long]

CALLS = 100


@pytest.mark.timeout(600)
@pytest.mark.parametrize("wide_story", ["sqlite"], indirect=True)
def test_every_call_is_on_record_and_every_difference_is_explained(wide_story: Desk) -> None:
    seen = chaos.run(wide_story, CALLS)
    assert not seen.lost
    assert seen.unexplained == []
    assert len(seen.records) == len(seen.on_record) == seen.kpi["in"] >= len(seen.answered)
    assert seen.cel == {record["id"] for record in seen.records}
    assert seen.kpi == seen.command
    assert seen.kpi["answered"] == sum(1 for record in seen.records if record["answered_at"])
    assert {name: count for name, count in seen.outcomes.items() if name != "answered"} == {
        name: seen.kpi[name] for name in seen.outcomes if name != "answered"
    }
    assert set(seen.down_s) == {part for part, _ in chaos.DEEDS}
