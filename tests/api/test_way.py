"""A caller's way through the menu, as the record tells it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from callcenter.call.table import EventRow
from tests.api.given import call_row
from tests.site import START, Site

BEGAN = START - timedelta(hours=1)


def event(seq: int, type_: str, after_s: float, **data: Any) -> EventRow:
    at: datetime = BEGAN + timedelta(seconds=after_s)
    return EventRow(node="a", seq=seq, at=at, type=type_, call="a-1.1", data=data)


def test_nodes_and_keys_are_told_in_the_order_in_which_they_happened(site: Site) -> None:
    site.add(
        call_row(site, flow="main@3"),
        event(1, "FlowBegan", 0, flow="main", version=3),
        event(2, "IvrNodeEntered", 1, node="language"),
        event(3, "IvrNodeEntered", 6, node="person"),
        event(4, "CallQueued", 10, line="zh", channel="a-1.1"),
        event(5, "KeyPressed", 5.5, node="language", key="1"),  # told late, by the event log on file
    )
    way = site.browser("supervisor").get("/api/calls/a-1.1/way").json()
    assert (way["flow"], way["ivr_s"], way["way_out"]) == ("main@3", 10.0, "queue")
    assert [(step["kind"], step["node"], step["value"]) for step in way["steps"]] == [
        ("flow", "", "main@3"),
        ("node", "language", "language"),
        ("key", "language", "1"),
        ("node", "person", "person"),
    ]
    assert way["steps"][2]["at"] == "2026-11-22T13:00:05.500000+08:00"


NOT_QUEUED = {"queued_at": None, "first_ring_at": None, "answered_at": None, "seat": None, "rings": [], "grade": None}


@pytest.mark.parametrize(
    ("changed", "ivr_s", "way_out"),
    [
        ({"outcome": "abandoned_ivr", "ended_by": "caller"}, 99.0, "hung_up"),
        ({"outcome": "abandoned_ivr", "ended_by": "system"}, 99.0, "goodbye"),
        ({"outcome": "voicemail", "ended_by": "caller"}, 99.0, "voicemail"),
        ({"outcome": "callback_requested", "ended_by": "system"}, 99.0, "callback"),
        ({"outcome": "transferred_out", "ended_by": "caller"}, 99.0, "transfer"),
        ({"outcome": None, "ended_by": None, "ended_at": None, "left_at": None, "state": "ivr"}, None, None),
    ],
)
def test_time_in_the_menu_and_the_way_out_of_it(
    site: Site, changed: dict[str, Any], ivr_s: float | None, way_out: str | None
) -> None:
    site.add(call_row(site, **NOT_QUEUED | changed))
    call = site.browser("supervisor").get("/api/calls/a-1.1").json()
    assert (call["ivr_s"], call["way_out"]) == (ivr_s, way_out)


def test_a_seat_reads_the_way_of_its_own_callers_only(site: Site) -> None:
    site.add(call_row(site))
    assert site.browser("1001").get("/api/calls/a-1.1/way").status_code == 200
    assert site.browser("1002").get("/api/calls/a-1.1/way").status_code == 403
    assert site.browser("supervisor").get("/api/calls/none/way").status_code == 404
