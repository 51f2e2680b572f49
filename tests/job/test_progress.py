"""Long work is seen on the screens while it runs, when it ended and when it was killed."""

from datetime import timedelta

import pytest

from callcenter.errors import BadInput
from callcenter.job import progress
from callcenter.job.progress import Kind, newest, shown
from callcenter.job.schemas import JobOut
from callcenter.storage.database import Database
from tests.site import START, HandClock, Site, api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]


def jobs(database: Database, clock: HandClock) -> list[tuple[str, int, int | None, str]]:
    with database.read() as session:
        found = [JobOut.of(row, clock.now()) for row in newest(session, 20)]
    return [(it.state, it.done, it.total, it.problem) for it in found]


def test_it_tells_how_far_it_is_and_how_it_ended(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY_S", 0)
    clock = HandClock()
    with shown(database, clock, Kind.CALLS_IMPORT, "2025.csv") as tell:
        assert jobs(database, clock) == [("running", 0, None, "")]
        tell(40, 100)
        assert jobs(database, clock) == [("running", 40, 100, "")]
    assert jobs(database, clock) == [("done", 40, 100, "")]
    clock.forward(seconds=1)
    with pytest.raises(BadInput), shown(database, clock, Kind.ROLLUP_REBUILD, ""):
        raise BadInput("the file is empty")
    assert jobs(database, clock)[0] == ("failed", 0, None, "the file is empty")


@pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
def test_one_that_was_killed_is_not_shown_as_running_for_ever(site: Site, clock: HandClock) -> None:
    work = shown(site.api.database, clock, Kind.CALLS_IMPORT, "2025.csv")
    work.__enter__()
    clock.forward(minutes=11)
    (job,) = site.browser("admin").get("/api/jobs").json()
    assert (job["state"], job["subject"], job["ended_at"]) == ("silent", "2025.csv", None)
    assert site.browser("1001").get("/api/jobs").status_code == 403
    clock.at = START + timedelta(days=40)
    with shown(site.api.database, clock, Kind.CALLS_IMPORT, "2026.csv"):
        pass
    assert [it["subject"] for it in site.browser("admin").get("/api/jobs").json()] == ["2026.csv"]
