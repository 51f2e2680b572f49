"""Where a caller's matter lies: chosen on the record, counted with the call."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from callcenter.call.table import CallRow
from callcenter.config import Settings
from callcenter.report import service
from callcenter.report.rollup.refresh import Refresh
from callcenter.report.rollup.service import differences
from tests.api.given import call_row, record_row
from tests.site import Site

DOOR = "/api/consultations/a-1.1"
PLACES = {"513200": {"zh": "阿坝州本级", "en": "Aba prefecture"}, "513221": {"zh": "汶川县"}}
DAY = "from=2026-11-22T00:00:00%2B08:00&to=2026-11-23T00:00:00%2B08:00"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"places": PLACES, "own_place": "513200"})


@pytest.fixture
def opened(site: Site) -> Site:
    site.add(call_row(site), call_row(site, "a-2.1"), record_row())
    return site


def of_call(site: Site) -> str | None:
    with site.api.database.read() as session:
        return session.scalar(select(CallRow.place).where(CallRow.id == "a-1.1"))


def by_place(site: Site) -> dict[str | None, int]:
    answer = site.browser("supervisor").get(f"/api/report/kpi?{DAY}&by=place")
    return {group["by"]["place"]: group["counts"]["in"] for group in answer.json()["groups"]}


def test_the_sites_places_are_offered_in_their_order(opened: Site) -> None:
    offered = opened.browser("1001").get("/api/places").json()
    assert offered == [{"id": code, "name": name} for code, name in PLACES.items()]


def test_a_record_begins_with_the_sites_own_place_and_counts_it_once_it_is_saved(opened: Site) -> None:
    lawyer = opened.browser("1001")
    seen = lawyer.get(DOOR).json()
    assert (seen["place"], of_call(opened)) == ("513200", None)
    assert lawyer.put(DOOR, {"version": 0, "place": seen["place"]}).json()["place"] == "513200"
    assert of_call(opened) == "513200"
    assert by_place(opened) == {"513200": 1, None: 1}


def test_another_place_moves_the_call_in_every_figure_rolled_up_or_not(opened: Site) -> None:
    lawyer, refresh = opened.browser("1001"), Refresh(opened.api.database, opened.api.settings)
    for version, (place, expected) in enumerate(
        [("513221", {"513221": 1, None: 1}), ("513200", {"513200": 1, None: 1}), ("", {None: 2})]
    ):
        assert lawyer.put(DOOR, {"version": version, "place": place}).json()["place"] == place
        assert by_place(opened) == expected
        assert refresh.run() > 0
        assert by_place(opened) == expected
    assert lawyer.get(DOOR).json()["place"] == ""
    with opened.api.database.read() as session:
        assert differences(session, refresh) == []
        assert service.kpi(session, "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")["counts"]["in"] == 2


def test_saving_on_with_the_same_place_makes_no_sum_anew(opened: Site) -> None:
    lawyer, refresh = opened.browser("1001"), Refresh(opened.api.database, opened.api.settings)
    lawyer.put(DOOR, {"version": 0, "place": "513221"})
    assert refresh.run() > 0
    lawyer.put(DOOR, {"version": 1, "place": "513221", "request": "两句话"})
    assert refresh.run() == 0


def test_calls_of_a_place_are_found(opened: Site) -> None:
    opened.browser("1001").put(DOOR, {"version": 0, "place": "513221"})
    found = opened.browser("supervisor").get(f"/api/calls?{DAY}&place=513221").json()["items"]
    assert [(call["id"], call["place"]) for call in found] == [("a-1.1", "513221")]


def test_a_place_that_is_not_the_sites_is_refused_and_nothing_is_kept(opened: Site) -> None:
    answer = opened.browser("1001").put(DOOR, {"version": 0, "place": "110000", "request": "在北京"})
    assert (answer.status_code, answer.json()["details"]["fields"]) == (400, ["place"])
    assert opened.browser("1001").get(DOOR).json()["version"] == 0


def test_a_place_that_the_site_gave_up_stays_with_its_record(site: Site) -> None:
    site.add(call_row(site, place="513299"), record_row(place="513299", version=1))
    saved = site.browser("1001").put(DOOR, {"version": 1, "place": "513299", "request": "还在说"})
    assert (saved.status_code, saved.json()["place"]) == (200, "513299")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"own_place": "513299"}, "own_place"),
        ({"places": {"513221": {"en": "Wenchuan"}}, "own_place": ""}, "513221 has no name"),
        ({"places": {"Wenchuan": {"zh": "汶川县"}}, "own_place": ""}, "places"),
    ],
)
def test_settings_that_name_no_place_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(**({"places": PLACES} | given))
