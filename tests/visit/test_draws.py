"""A share of closed matters is drawn for visits, and anybody can draw it again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from callcenter.visit.table import VisitRow
from tests.api.given import call_row, record_row
from tests.site import START, Site, api, clock, redis, redis_url, settings, site
from tests.visit.given import listed

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]
pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


@pytest.fixture
def matters(site: Site) -> Callable[[int], None]:
    def closed(count: int) -> None:
        for number in range(count):
            call, at = f"a-{number:03}.1", START - timedelta(days=9)
            site.add(call_row(site, call, started_at=at), record_row(call, closed_at=at))

    return closed


def test_a_share_of_closed_matters_is_drawn_once_and_can_be_drawn_again(
    site: Site, matters: Callable[[int], None]
) -> None:
    matters(41)
    site.add(call_row(site, "a-900.1"), record_row("a-900.1"))  # not closed
    boss = site.browser("manager")
    asked: dict[str, Any] = {"period": "week", "of": "2026-W46", "share": 0.1}
    draw = boss.post("/api/visits/draws", asked).json()
    assert (draw["among"], draw["drawn"]) == (41, 5)
    assert len(listed(site, "manager", "?kind=draw")) == 5
    assert boss.post("/api/visits/draws", asked).status_code == 409
    first = listed(site, "manager", "?kind=draw")[0][1]
    boss.post("/api/complaints", {"call": first, "words": "later"})
    assert boss.get(f"/api/visits/draws/{draw['id']}/again").json() == {"same": True}
    assert [it["closed"] for it in boss.get("/api/visits/draws").json()] == [0]
    one = f"/api/visits/draw/{first}"
    boss.post(f"{one}/attempts", {"how": "other-telephone", "reached": True})
    closed = boss.post(f"{one}/close", {"result": "settled", "cause": "none"})
    assert closed.status_code == 200, closed.text
    assert [it["closed"] for it in boss.get("/api/visits/draws").json()] == [1]


def test_a_draw_that_was_tampered_with_does_not_repeat(site: Site, matters: Callable[[int], None]) -> None:
    matters(20)
    boss = site.browser("manager")
    boss.post("/api/visits/draws", {"period": "week", "of": "2026-W46", "share": 0.5})
    key = listed(site, "manager")[0]
    with site.api.database.begin() as session:
        session.get_one(VisitRow, key).draw = ""
    assert boss.get("/api/visits/draws/week-2026-W46/again").json() == {"same": False}


def test_a_draw_needs_a_period_that_is_over_and_a_share(site: Site) -> None:
    good = {"period": "week", "of": "2026-W46", "share": 0.1}
    boss = site.browser("manager")
    for wrong in ({"of": "2026-W47"}, {"period": "day", "of": "2026-11-01"}, {"share": 0}, {"share": 1.5}):
        assert boss.post("/api/visits/draws", good | wrong).status_code == 400, wrong
    assert site.browser("1001").post("/api/visits/draws", good).status_code == 403
