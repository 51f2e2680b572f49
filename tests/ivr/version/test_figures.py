"""A call of the test number is nobody's call."""

from datetime import timedelta
from typing import Any

import pytest

from callcenter.instants import SECOND
from callcenter.report.definitions.figures import results
from callcenter.report.definitions.tally import Tally
from callcenter.report.repository import facts, first_started, steps
from callcenter.storage.columns import to_micros
from tests.api.given import call_row
from tests.site import START, Browser, Site

DAY = (to_micros(START - timedelta(days=1)), to_micros(START + timedelta(days=1)))


@pytest.fixture
def auditor(site: Site) -> Browser:
    tested = START - timedelta(hours=3)
    site.add(call_row(site), call_row(site, "a-1.9", source="test", flow="main@draft", started_at=tested))
    return site.browser("auditor")


def counts(site: Site) -> dict[str, Any]:
    tally = Tally(15 * SECOND, 5 * SECOND)
    with site.api.database.read() as session:
        for call in facts(session, *DAY):
            tally.add(call)
    assert len(results(tally)) > 0
    return tally.counts()


def test_it_is_in_no_count_and_moves_no_window(site: Site, auditor: Browser) -> None:
    assert (counts(site)["in"], counts(site)["answered"]) == (1, 1)
    with site.api.database.read() as session:
        assert first_started(session) == to_micros(START - timedelta(hours=1))
        assert list(steps(session, *DAY, DAY[1] - DAY[0]).values()) == [(1, 1, 1)]


@pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
def test_its_record_can_be_read_and_says_what_was_played(auditor: Browser) -> None:
    found = auditor.get("/api/calls?source=test").json()["items"]
    assert [(call["id"], call["flow"]) for call in found] == [("a-1.9", "main@draft")]
