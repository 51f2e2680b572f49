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
    assert main["why"] == "ivr_flows/main.yaml"


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
        (1, "system", "ivr_flows/main.yaml"),
    ]
    changed = supervisor.get("/api/flows/main/versions/2").json()
    assert "-deadline_s: 120\n+deadline_s: 90\n" in changed["diff"]


def test_a_draft_with_an_error_is_kept_and_not_published(supervisor: Browser) -> None:
    text = shown(supervisor)["yaml"].replace("    next: person\n", "    next: nobody\n")
    draft = saved(supervisor, text)
    line = text.splitlines().index("    next: nobody") + 1
    found = [(f["line"], f["code"], f["severity"], f["node"]) for f in draft["findings"]]
    assert found == [(line, "unknown-target", "error", "notice")]
    assert draft["graph"] is not None
    answer = supervisor.post("/api/flows/main/publish", {"revision": draft["revision"], "why": "a slip"})
    assert (answer.status_code, answer.json()["code"]) == (422, "flow-refused")
    assert [f["line"] for f in answer.json()["details"]["findings"]] == [line]
    flow = shown(supervisor)
    assert (flow["version"], flow["draft"]["revision"]) == (1, 1)
    item = next(item for item in supervisor.get("/api/flows").json()["items"] if item["id"] == "main")
    assert (item["has_draft"], item["draft_errors"]) == (True, 1)


def test_a_text_that_is_no_yaml_is_kept_as_a_draft(supervisor: Browser) -> None:
    draft = saved(supervisor, "id: main\nnodes: {")
    assert draft["graph"] is None
    assert draft["findings"][0]["code"] == "not-yaml"
    again = supervisor.put("/api/flows/main/draft/nodes/notice", {"node": {"goodbye": []}, "revision": 1})
    assert (again.status_code, again.json()["code"]) == (400, "bad-input")


def test_who_saves_must_have_seen_the_newest_draft(site: Site, supervisor: Browser) -> None:
    text = shown(supervisor)["yaml"]
    saved(supervisor, text)
    manager = site.browser("manager")
    late = manager.put("/api/flows/main/draft", {"yaml": text, "revision": None})
    assert (late.status_code, late.json()["code"], late.json()["details"]["changed_by"]) == (
        409,
        "draft-changed",
        "supervisor",
    )
    assert saved(manager, text, 1)["changed_by"] == "manager"
    assert supervisor.post("/api/flows/main/publish", {"revision": 1, "why": "mine"}).status_code == 409


@pytest.mark.parametrize("why", ["", "   ", "two\nlines", "x" * 501])
def test_a_reason_is_one_line(supervisor: Browser, why: str) -> None:
    draft = saved(supervisor, shown(supervisor)["yaml"])
    answer = supervisor.post("/api/flows/main/publish", {"revision": draft["revision"], "why": why})
    assert answer.status_code == 400
    assert shown(supervisor)["version"] == 1


def test_one_node_is_edited_and_every_comment_stays(supervisor: Browser) -> None:
    before = shown(supervisor)["yaml"]
    answer = supervisor.put(
        "/api/flows/main/draft/nodes/notice",
        {"node": {"note": "short", "play": ["notice", "queue-wait"], "next": "person"}, "revision": None},
    )
    assert answer.status_code == 200, answer.text
    diff = supervisor.get("/api/flows/main/draft/diff").json()["diff"]
    changed = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [
        "-    note: Recording and privacy (PIPL art. 17). A key passes over it.",
        "-    play: notice",
        "+    note: short",
        "+    play: [notice, queue-wait]",
    ]
    assert before.startswith("# The hotline's front door.")


def test_a_new_node_comes_last_and_may_be_dropped_again(supervisor: Browser) -> None:
    before = shown(supervisor)["yaml"]
    node = {"menu": "topic-menu", "keys": {"1": "notice", "0": "person"}, "otherwise": "person"}
    draft = supervisor.put("/api/flows/main/draft/nodes/topic", {"node": node, "revision": None}).json()
    added = '\n  topic:\n    menu: topic-menu\n    keys: {"1": notice, "0": person}\n    otherwise: person\n'
    assert draft["yaml"] == before + added
    assert [finding["code"] for finding in draft["findings"]] == ["unreachable-node"]
    headers = supervisor.csrf
    dropped = supervisor.http.delete("/api/flows/main/draft/nodes/topic?revision=1", headers=headers).json()
    assert (dropped["yaml"], dropped["revision"]) == (before, 2)
    assert supervisor.http.delete("/api/flows/main/draft", headers=headers).status_code == 204
    assert shown(supervisor)["draft"] is None


def test_a_part_that_would_break_its_user_is_refused(supervisor: Browser) -> None:
    made = supervisor.post("/api/flows", {"id": "greeting", "title": "问候", "purpose": "part"})
    assert made.status_code == 201, made.text
    assert made.json()["findings"] == []
    assert supervisor.post("/api/flows/greeting/publish", {"revision": 1, "why": "new"}).json() == {"version": 1}
    text = shown(supervisor)["yaml"].replace("    play: welcome\n", "    subflow: greeting\n")
    draft = saved(supervisor, text)
    assert draft["findings"] == []
    assert supervisor.post("/api/flows/main/publish", {"revision": 1, "why": "with a part"}).json() == {"version": 2}
    entry = shown(supervisor, "greeting")["yaml"].replace("purpose: part", "purpose: entry")
    entry = entry.replace("    return: done\n", "    queue: by-language\n")
    assert saved(supervisor, entry, flow="greeting")["findings"] == []
    answer = supervisor.post("/api/flows/greeting/publish", {"revision": 1, "why": "for itself"})
    assert (answer.status_code, answer.json()["details"]["findings"][0]["file"]) == (422, "main.yaml")
    assert shown(supervisor, "greeting")["version"] == 1


def test_rolling_back_makes_a_new_version_of_the_old_text(supervisor: Browser) -> None:
    first = shown(supervisor)["yaml"]
    saved(supervisor, first.replace("deadline_s: 120", "deadline_s: 90"))
    supervisor.post("/api/flows/main/publish", {"revision": 1, "why": "shorter"})
    saved(supervisor, first.replace("deadline_s: 120", "deadline_s: 60"))
    assert supervisor.post("/api/flows/main/rollback", {"version": 1, "why": "too short"}).json() == {"version": 3}
    flow = shown(supervisor)
    assert (flow["version"], flow["yaml"]) == (3, first)
    assert flow["draft"]["yaml"] == first.replace("deadline_s: 120", "deadline_s: 60")
    versions = supervisor.get("/api/flows/main/versions").json()["items"]
    assert [(v["version"], v["rolled_back_from"]) for v in versions] == [(3, 2), (2, None), (1, None)]
    assert supervisor.post("/api/flows/main/rollback", {"version": 3, "why": "again"}).status_code == 409
    assert supervisor.post("/api/flows/main/rollback", {"version": 9, "why": "which?"}).status_code == 404


def test_a_draft_is_tried_without_a_telephone(supervisor: Browser) -> None:
    saved(supervisor, shown(supervisor)["yaml"].replace('"2": bo', '"4": bo'))
    for of, queue in (("draft", "zh"), ("published", "bo")):
        answer = supervisor.post("/api/flows/main/walk", {"of": of, "keys": ["2"]})
        assert answer.json()["steps"][-1] == {"end": "queue", "queue": queue}
    steps = supervisor.post("/api/flows/main/walk", {"of": "draft", "lang": "mn", "keys": ["0"]}).json()["steps"]
    assert [step["node"] for step in steps[:-1]] == ["welcome", "language", "notice", "person"]
    for wrong in ({"keys": ["x"]}, {"lang": "en"}, {"at": "noon"}):
        assert supervisor.post("/api/flows/main/walk", wrong).status_code == 400


def test_a_copy_is_a_new_flow_with_its_own_name(supervisor: Browser) -> None:
    made = supervisor.post("/api/flows", {"id": "evening", "title": "夜间", "purpose": "entry", "copy_of": "main"})
    assert made.json()["yaml"].splitlines()[1:4] == ["# Order: greeting, language, recording notice in that language, queue. Any key counts from the first second on.", "id: evening", "title: 夜间"]  # fmt: skip # noqa: E501
    assert made.json()["findings"] == []
    assert supervisor.post("/api/flows", {"id": "evening"}).status_code == 409
    assert supervisor.post("/api/flows", {"id": "Evening"}).status_code == 400
    assert supervisor.put("/api/flows/nothing/draft", {"yaml": "id: nothing"}).status_code == 404


def test_the_live_counts_know_every_node(supervisor: Browser) -> None:
    live = supervisor.get("/api/flows/main/live").json()
    assert live["nodes"].keys() == {"welcome", "language", "notice", "person"}
    assert set(live["nodes"]["welcome"].values()) == {0}
