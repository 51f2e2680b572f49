"""Draft, review, published, due, retired: over HTTP, as the browser does it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from callcenter.config import Settings
from callcenter.knowledge.entry.loading import load_entries
from callcenter.knowledge.statutes.service import import_laws
from callcenter.storage.database import Database
from tests.given import until
from tests.knowledge.given import put, write_knowledge, write_laws
from tests.site import Browser, HandClock, Site, api, clock, redis, redis_url, site
from tests.site import settings as site_settings

__all__ = ["api", "clock", "redis", "redis_url", "site", "site_settings"]

ENTRY = "unpaid-wages"
DRAFT = f"/api/knowledge/drafts/zh/{ENTRY}"
ACTS = f"/api/knowledge/acts/zh/{ENTRY}"


@pytest.fixture
def settings(site_settings: Settings, database: Database, tmp_path: Path) -> Settings:
    import_laws(database, write_laws(tmp_path / "laws"), lambda *_: None)
    return site_settings.model_copy(update={"knowledge_dir": write_knowledge(tmp_path / "kb")})


@pytest.fixture
def lawyer(site: Site) -> Browser:
    return site.browser("1001")


@pytest.fixture
def reviewer(site: Site) -> Browser:
    return site.browser("supervisor")


def written(browser: Browser, path: str = DRAFT, **changes: str) -> dict[str, Any]:
    """The draft after a change of some fields."""
    held = browser.get(path).json()
    answer = browser.put(path, {"version": held["version"], "form": held["form"] | changes})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def done(browser: Browser, act: str, version: int = 0, path: str = ACTS, **more: Any) -> None:
    answer = browser.post(path, {"act": act, "version": version, **more})
    assert answer.status_code == 204, answer.text


def published(lawyer: Browser, reviewer: Browser, **changes: str) -> None:
    version = written(lawyer, **changes)["version"]
    done(lawyer, "send", version)
    done(reviewer, "publish", reviewer.get(DRAFT).json()["version"])


def first_hit(browser: Browser, words: str) -> dict[str, Any]:
    results = browser.get("/api/knowledge/search", params={"q": words}).json()["results"]
    return dict(results[0]) if results else {}


def listed(browser: Browser, **query: str) -> dict[str, Any]:
    return {one["id"]: one for one in browser.get("/api/knowledge/entries", params=query).json()}


def test_what_a_reviewer_publishes_is_found_without_a_restart(lawyer: Browser, reviewer: Browser) -> None:
    published(lawyer, reviewer, title="包工头卷款跑路怎么讨薪", questions="包工头卷款跑了\n工程款没结\n老板失联")
    until(lambda: first_hit(lawyer, "包工头卷款").get("title") == "包工头卷款跑路怎么讨薪", saying="never found")
    entry = lawyer.get(f"/api/knowledge/entries/{ENTRY}").json()
    assert entry["versions"][0]["status"] == "published"
    assert (entry["reviewer"], entry["reviewed_on"]) == ("supervisor", "2026-11-22")


def test_versions_keep_the_shipped_text_and_the_differences_name_the_words(lawyer: Browser, reviewer: Browser) -> None:
    published(lawyer, reviewer, 材料="- 身份证\n- 欠条")
    versions = lawyer.get(f"/api/knowledge/versions/zh/{ENTRY}").json()
    assert [(one["number"], one["kind"], one["authors"], one["reviewer"]) for one in versions] == [
        (2, "published", ["1001"], "supervisor"),
        (1, "shipped", [], None),
    ]
    path = f"/api/knowledge/differences/zh/{ENTRY}"
    (only,) = lawyer.get(path, params={"old": "1", "new": "2"}).json()
    assert only["field"] == "材料"
    assert [part["kind"] for part in only["parts"]] == ["same", "new"]
    assert "欠条" in only["parts"][1]["text"]


def test_nobody_publishes_what_he_wrote_himself(reviewer: Browser, site: Site) -> None:
    version = written(reviewer, title="改过的标题")["version"]
    done(reviewer, "send", version)
    own = reviewer.get(DRAFT).json()
    assert "publish" not in own["acts"]
    answer = reviewer.post(ACTS, {"act": "publish", "version": own["version"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "own-text")
    manager = site.browser("manager")
    done(manager, "publish", own["version"])
    assert ("manager", "knowledge.publish", f"{ENTRY}.zh") in site.audit()


@pytest.mark.parametrize("act", ["publish", "return", "confirm", "retire"])
def test_only_reviewers_decide(lawyer: Browser, act: str) -> None:
    answer = lawyer.post(ACTS, {"act": act, "version": 0, "words": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


def test_who_saves_second_is_told_and_nothing_is_overwritten(lawyer: Browser, reviewer: Browser) -> None:
    held = written(lawyer, title="第一个人写的")
    late = reviewer.put(DRAFT, {"version": held["version"] - 1, "form": held["form"] | {"title": "第二个人写的"}})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert lawyer.get(DRAFT).json()["form"]["title"] == "第一个人写的"
    first = reviewer.put(DRAFT, {"version": 0, "form": held["form"]})
    assert first.status_code == 409


def test_an_unfinished_draft_is_kept_and_not_sent(lawyer: Browser) -> None:
    kept = written(lawyer, title="", 步骤="", laws="《劳动合同法》第9999条\n不是引用")
    assert {(fault["field"], fault["code"]) for fault in kept["faults"]} == {
        ("title", "missing-key"),
        ("步骤", "empty-section"),
        ("laws", "bad-value"),
    }
    answer = lawyer.post(ACTS, {"act": "send", "version": kept["version"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "entry-incomplete")
    assert lawyer.get(DRAFT).json()["form"]["laws"].endswith("不是引用")


def test_a_citation_of_an_article_that_does_not_exist_stops_a_draft(lawyer: Browser) -> None:
    kept = written(lawyer, laws="《劳动合同法》第9999条")
    assert [(fault["field"], fault["code"]) for fault in kept["faults"]] == [("laws", "unknown-article")]


def test_script_in_a_draft_is_a_fault_and_stays_text(lawyer: Browser) -> None:
    kept = written(lawyer, 材料="- <script>alert(1)</script>")
    assert [fault["code"] for fault in kept["faults"]] == ["html"]
    assert lawyer.get(DRAFT).json()["form"]["材料"] == "- <script>alert(1)</script>"


def test_a_paste_of_five_megabytes_is_refused_and_the_draft_stays(lawyer: Browser) -> None:
    held = written(lawyer, title="好的标题")
    answer = lawyer.put(DRAFT, {"version": held["version"], "form": {"材料": "字" * 5_000_000}})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")
    assert lawyer.get(DRAFT).json()["form"]["title"] == "好的标题"


def test_a_returned_draft_says_why_and_goes_round_again(lawyer: Browser, reviewer: Browser) -> None:
    version = written(lawyer, title="新的标题")["version"]
    done(lawyer, "send", version)
    sent = reviewer.get(DRAFT).json()
    without = reviewer.post(ACTS, {"act": "return", "version": sent["version"]})
    assert without.status_code == 400
    done(reviewer, "return", sent["version"], words="材料写全")
    assert lawyer.get(DRAFT).json()["state"] == "returned"
    assert listed(lawyer)[ENTRY]["why"] == ["returned"]
    said = [(one["act"], one["words"]) for one in lawyer.get(f"/api/knowledge/comments/{ENTRY}").json()]
    assert said == [("send", ""), ("return", "材料写全")]
    again = written(lawyer, 材料="- 身份证\n- 工资条")
    done(lawyer, "send", again["version"])
    assert lawyer.get(DRAFT).json()["state"] == "in-review"


def test_a_retired_entry_is_shown_as_expired(lawyer: Browser, reviewer: Browser) -> None:
    done(reviewer, "retire", words="办法已废止")
    until(lambda: first_hit(lawyer, "拖欠工资").get("valid") == "expired", saying="still current")
    entry = lawyer.get(f"/api/knowledge/entries/{ENTRY}").json()
    assert (entry["valid"], entry["versions"][0]["status"]) == ("expired", "retired")


def test_a_due_entry_is_a_task_until_somebody_confirms_it(lawyer: Browser, reviewer: Browser, clock: HandClock) -> None:
    clock.at = clock.at.replace(year=2030, month=2)
    reviewer, lawyer = (again(browser) for browser in (reviewer, lawyer))
    assert listed(lawyer, why="review-due").keys() == {ENTRY}
    done(reviewer, "confirm", due="2031-01-01")
    assert listed(lawyer, why="review-due") == {}
    assert listed(lawyer)[ENTRY]["review_due"] == "2031-01-01"


def again(browser: Browser) -> Browser:
    """Signed in anew: years went by."""
    answer = browser.http.post(
        "/api/sign-in", json={"username": browser.person["id"], "password": "shared-for-tests-only"}
    )
    body = answer.json()
    return Browser(browser.http, {body["csrf_header"]: body["csrf"]}, body["person"])


def test_a_newer_version_of_a_cited_law_asks_for_a_review(
    lawyer: Browser, reviewer: Browser, database: Database, tmp_path: Path, clock: HandClock
) -> None:
    published(lawyer, reviewer, title="拖欠工资怎么办？")
    assert listed(lawyer)[ENTRY]["why"] == []
    newer = (tmp_path / "laws" / "社会法" / "劳动合同法(2012-12-28).md").read_text(encoding="utf-8")
    newer = newer.replace("2012年12月28日 第十一届", "2026年11月25日 第十四届").replace("及时足额", "按月足额")
    put(tmp_path / "more" / "社会法" / "劳动合同法(2026-11-25).md", newer)
    import_laws(database, tmp_path / "more", lambda *_: None)
    clock.forward(days=10)
    lawyer = again(lawyer)
    assert listed(lawyer)[ENTRY]["why"] == ["newer-version"]
    cited = lawyer.get(f"/api/knowledge/entries/{ENTRY}").json()["citations"]
    assert [(one["law"], one["newer"]) for one in cited] == [("劳动合同法", True), ("刑法", False)]


def test_a_changed_chinese_text_makes_its_translation_stale(lawyer: Browser, reviewer: Browser) -> None:
    path, acts = DRAFT.replace("/zh/", "/bo/"), ACTS.replace("/zh/", "/bo/")
    form = {"title": "གླ་ཕོགས།", "questions": "གླ་ཕོགས་མ་སྤྲད་པ།", "translator": "1001"}
    form |= dict.fromkeys(("简短回答", "要问清", "步骤", "材料", "去哪里", "依据"), "གླ་ཕོགས།")
    version = written(lawyer, path, **form)["version"]
    done(lawyer, "send", version, acts)
    done(reviewer, "publish", reviewer.get(path).json()["version"], acts)
    states = {one["language"]: one["stale"] for one in listed(lawyer)[ENTRY]["languages"]}
    assert states == {"zh": False, "bo": False}
    published(lawyer, reviewer, 材料="- 身份证\n- 劳动合同")
    assert listed(lawyer)[ENTRY]["why"] == ["stale-translation"]
    version = written(lawyer, path, 材料="གླ་ཕོགས། ཐོབ་ཐང་།")["version"]
    done(lawyer, "send", version, acts)
    done(reviewer, "publish", reviewer.get(path).json()["version"], acts)
    assert listed(lawyer)[ENTRY]["why"] == []


def test_a_new_entry_begins_as_a_draft_that_nobody_finds(lawyer: Browser, reviewer: Browser) -> None:
    path, acts = "/api/knowledge/drafts/zh/labour/noon-rest", "/api/knowledge/acts/zh/labour/noon-rest"
    assert lawyer.get(path).status_code == 404
    form = lawyer.get(DRAFT).json()["form"] | {"title": "午休受伤", "questions": "午休摔了\n午睡被砸\n午休算上班吗"}
    assert lawyer.put(path, {"version": 0, "form": form}).status_code == 200
    assert lawyer.get("/api/knowledge/entries/labour/noon-rest").status_code == 404
    assert listed(lawyer, why="writing").keys() == {"labour/noon-rest"}
    done(lawyer, "send", 1, acts)
    done(reviewer, "publish", 2, acts)
    until(lambda: first_hit(lawyer, "午休被砸了").get("id") == "labour/noon-rest", saying="never found")


@pytest.mark.parametrize("name", ["x", "Labour/x", "labour..secret", "a/b/c", "labour/%00x", "l" * 81])
def test_an_id_that_cannot_be_is_a_400_or_a_404(lawyer: Browser, name: str) -> None:
    answer = lawyer.put(f"/api/knowledge/drafts/zh/{name}", {"version": 0, "form": {"title": "x"}})
    assert answer.status_code in (400, 404)


def test_a_shipped_file_does_not_overwrite_what_this_site_published(
    lawyer: Browser, reviewer: Browser, settings: Settings, database: Database
) -> None:
    published(lawyer, reviewer, title="本站的标题")
    file = settings.knowledge_dir / "labour" / "unpaid-wages.md"
    file.write_text(file.read_text(encoding="utf-8").replace("拖欠工资怎么办", "新版自带的标题"), encoding="utf-8")
    load_entries(database, settings.knowledge_dir)
    assert lawyer.get(f"/api/knowledge/entries/{ENTRY}").json()["versions"][0]["title"] == "本站的标题"
    file.unlink()
    load_entries(database, settings.knowledge_dir)
    assert lawyer.get(f"/api/knowledge/entries/{ENTRY}").status_code == 200


def test_a_draft_is_thrown_away_by_its_writer_only(site: Site, lawyer: Browser) -> None:
    version = written(lawyer, title="不要了")["version"]
    other = site.browser("1002").post(ACTS, {"act": "discard", "version": version})
    assert other.status_code == 403
    done(lawyer, "discard", version)
    assert lawyer.get(DRAFT).json()["state"] is None


def test_use_and_dwell_order_the_list(lawyer: Browser) -> None:
    for act, dwell in (("opened", 30), ("opened", 12), ("cited", None)):
        lawyer.post(
            "/api/knowledge/uses", {"act": act, "kind": "entry", "target": ENTRY, "dwell_s": dwell, "words": "欠薪"}
        )
    one = listed(lawyer, sort="used")[ENTRY]
    assert (one["opened"], one["cited"], one["dwell_s"]) == (2, 1, 42)
    assert one["review_due"] == date(2030, 1, 1).isoformat()


def test_the_hot_questions_tell_what_nobody_wrote_yet(lawyer: Browser, reviewer: Browser) -> None:
    for words in ("拖欠工资", "拖欠工资"):
        use = {"act": "searched", "kind": "entry", "target": ENTRY, "words": words}
        assert lawyer.post("/api/knowledge/uses", use).status_code == 201
    lawyer.post("/api/knowledge/gaps", {"words": "无人机坠落砸坏车"})
    hot = reviewer.get("/api/knowledge/hot", params={"month": "2026-11"}).json()
    assert [(one["entry"], one["times"], one["sources"]) for one in hot["questions"]] == [(ENTRY, 2, {"search": 2})]
    assert [(one["words"], one["sources"]) for one in hot["missing"]] == [("无人机坠落砸坏车", {"gap": 1})]
    assert lawyer.get("/api/knowledge/hot").status_code == 403
    assert reviewer.get("/api/knowledge/hot", params={"month": "2026-13"}).status_code == 400
