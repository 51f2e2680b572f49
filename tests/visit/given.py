"""Return visits in the tests: the shipped settings, and what a person sees of the list."""

from callcenter.config import Settings
from callcenter.ivr.hours import Hours
from callcenter.visit.opening import rules_of
from tests.site import Site

RULES = rules_of(Settings(), Hours())


def listed(site: Site, who: str, query: str = "") -> list[tuple[str, str]]:
    answer = site.browser(who).get(f"/api/visits{query}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["items"])
    return [(it["kind"], it["call"]) for it in answer.json()["items"]]
