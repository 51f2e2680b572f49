"""Where late callbacks are told of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from callcenter.alarm.model import Rule
from callcenter.alarm.readings import Readings
from callcenter.ivr.table import CallerRequestRow
from tests.site import START, HandClock, Site, api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]


def request(call: str, **changes: Any) -> CallerRequestRow:
    values = {"call": call, "kind": "callback", "at": START, "language": "zh", "state": "open"}
    return CallerRequestRow(**values | changes)


def read(site: Site, hours: float) -> Mapping[Rule, tuple[float | None, dict[str, Any]]]:
    readings = Readings(site.api.settings, site.api.redis, HandClock(START + timedelta(hours=hours)))
    with site.api.database.read() as session:
        found = readings.inside(session, readings.outside(), 60)
        return {it.rule: (it.value, it.detail) for it in found}


def test_an_appointment_is_late_after_its_last_minute_and_no_callback_that_waits(site: Site) -> None:
    hour = {"due_at": START + timedelta(hours=47), "until_at": START + timedelta(hours=48), "reason": "appointment"}
    site.add(request("a-1.1", **hour), request("a-1.2", **hour), request("a-1.3", **hour | {"state": "done"}))
    agreed = read(site, hours=47.9)
    assert agreed[Rule.APPOINTMENT_LATE] == (0.0, {"open": 2})
    assert agreed[Rule.CALLBACK_OVERDUE] == (0.0, {"open": 0})
    assert read(site, hours=48)[Rule.APPOINTMENT_LATE] == (2.0, {"open": 2})
