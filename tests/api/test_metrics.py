"""What Prometheus gets, who gets it, and that the dashboard asks for names that exist."""

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from redis import Redis

from callcenter.config import CHECKOUT
from tests.api.given import CALLER, call_row, recording_row
from tests.api.served import Pen
from tests.site import Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""What is told here does not depend on the kind of database."""

DASHBOARD = CHECKOUT / "docs" / "operations" / "grafana.json"


def near(site: Site) -> TestClient:
    return TestClient(site.app, client=("127.0.0.1", 5000))


def samples(site: Site) -> dict[str, float]:
    answer = near(site).get("/metrics")
    assert answer.status_code == 200
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def busy(site: Site, redis: Redis) -> Site:
    Pen(site.api, redis).beats(journal_backlog=3, ami_logins=2)
    site.add(call_row(site), recording_row())
    return site


def test_it_counts_calls_and_names_the_parts(busy: Site) -> None:
    found = samples(busy)
    assert found["callcenter_calls_today answered"] == 1
    assert found["callcenter_journal_backlog"] == 3
    assert found["callcenter_ami_logins_total"] == 2
    assert found["callcenter_recordings_due"] == 1
    assert (found["callcenter_engine_up"], found["callcenter_worker_up"]) == (1, 0)


def test_a_source_that_is_away_leaves_its_numbers_out(site: Site) -> None:
    object.__setattr__(site.api, "redis", Redis.from_url("unix:///nowhere/redis.sock"))
    found = samples(site)
    assert found["callcenter_redis_up"] == 0
    assert not {"callcenter_engine_up", "callcenter_journal_backlog", "callcenter_worker_up"} & found.keys()


def test_nothing_of_a_person_is_in_it(busy: Site) -> None:
    text = near(busy).get("/metrics").text
    assert not [word for word in (CALLER, CALLER[-4:], "a-1.1", "1001", "王") if word in text]


def test_who_may_read_it(site: Site) -> None:
    assert TestClient(site.app, client=("192.0.2.7", 5000)).get("/metrics").status_code == 403
    assert near(site).get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    token = site.api.settings.model_copy(update={"metrics_token": SecretStr("let-me")})
    object.__setattr__(site.api, "settings", token)
    far = TestClient(site.app, client=("192.0.2.7", 5000))
    assert far.get("/metrics", headers={"Authorization": "Bearer let-me"}).status_code == 200
    assert far.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 403
    assert near(site).get("/metrics").status_code == 403


def named(path: Path) -> set[str]:
    return set(re.findall(r"callcenter_[a-z_]+", path.read_text()))


def test_the_dashboard_asks_for_names_that_exist(busy: Site) -> None:
    text = near(busy).get("/metrics").text
    known = set(re.findall(r"^# TYPE (callcenter_[a-z_]+)", text, re.M))
    known |= {f"{name}_bucket" for name in known}
    dashboard = json.loads(DASHBOARD.read_text())
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    assert named(DASHBOARD) - known - {"callcenter_engine_beat_age_seconds"} == set()
