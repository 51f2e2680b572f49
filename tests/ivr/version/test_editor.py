"""Drafting, checking, publishing and taking back a flow, as the editor's screen asks for it."""

from typing import Any

import pytest

from tests.site import Browser, Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


@pytest.fixture
def supervisor(site: Site) -> Browser:
    return site.browser("supervisor")


def shown(browser: Browser, flow: str = "main") -> dict[str, Any]:
    answer = browser.get(f"/api/flows/{flow}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def saved(browser: Browser, text: str, revision: int | None = None, flow: str = "main") -> dict[str, Any]:
    answer = browser.put(f"/api/flows/{flow}/draft", {"yaml": text, "revision": revision})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_empty_home_has_the_delivered_flows_as_version_1(supervisor: Browser) -> None:
    items = supervisor.get("/api/flows").json()["items"]
    main = next(item for item in items if item["id"] == "main")
    assert (main["title"], main["purpose"], main["version"], main["has_draft"]) == ("12348 来电", "entry", 1, False)
    assert main["why"] == "from ivr_flows/main.yaml"


def test_a_flow_is_shown_as_text_and_as_graph(supervisor: Browser) -> None:
    flow = shown(supervisor)
    assert flow["graph"]["start"] == "welcome"
    language = next(node for node in flow["graph"]["nodes"] if node["id"] == "language")
    assert (language["kind"], language["title"]) == ("language", "language-menu")
    assert flow["yaml"].splitlines()[language["line"] - 1] == "  language:"
    edges = {(edge["from"], edge["to"], edge["label"], edge["by_key"]) for edge in flow["graph"]["edges"]}
    assert ("language", "notice", "0", True) in edges
    assert (flow["findings"], flow["draft"], flow["test_number"]) == ([], None, "12348*9")
    assert "by-language" in flow["queues"]
    assert "welcome" in flow["prompts"]


def test_a_draft_is_published_with_a_reason(supervisor: Browser) -> None:
    text = shown(supervisor)["yaml"].replace("deadline_s: 120", "deadline_s: 90")
    draft = saved(supervisor, text)
    assert (draft["revision"], draft["base_version"], draft["changed_by"], draft["findings"]) == (
        1,
        1,
        "supervisor",
        [],
    )
    answer = supervisor.post("/api/flows/main/publish", {"revision": 1, "why": "shorter"})
    assert answer.json() == {"version": 2}
    flow = shown(supervisor)
    assert (flow["version"], flow["draft"], flow["yaml"]) == (2, None, text)
    versions = supervisor.get("/api/flows/main/versions").json()["items"]
    assert [(v["version"], v["published_by"], v["why"]) for v in versions] == [
        (2, "supervisor", "shorter"),
        (1, "system", "from ivr_flows/main.yaml"),
    ]
    changed = supervisor.get("/api/flows/main/versions/2").json()
    assert "-deadline_s: 120\n+deadline_s: 90\n" in changed["diff"]
