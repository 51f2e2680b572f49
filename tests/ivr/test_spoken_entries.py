"""Nodes that speak an entry of the knowledge base."""

from datetime import date
from pathlib import Path

import pytest

from callcenter.asterisk.channel_control import Finished
from callcenter.config import Settings
from callcenter.ivr.check import check_folder
from callcenter.ivr.dialplan import Surroundings, compile_flow
from callcenter.ivr.knowledge import entry_folders, read_spoken, recorded_words
from callcenter.ivr.model import Known, Leave
from callcenter.ivr.published_entries import follow
from callcenter.ivr.shipped import rules_of
from callcenter.ivr.version.following import follow as follow_all
from callcenter.knowledge.entry.model import Entry, Front
from callcenter.knowledge.entry.parser import read_entry
from callcenter.knowledge.entry.repository import Entries
from callcenter.storage.database import Database
from tests.ivr.conftest import flow_of
from tests.ivr.stepping import heard, play

ENTRY = "legal-aid/who-can-apply"


TOLD = flow_of(
    f"""
start: told
nodes:
  told: {{knowledge: {ENTRY}, languages: [zh], next: bye, otherwise: person}}
  bye: {{goodbye: []}}
  person: {{queue: by-language}}
"""
)
VALID = f"entry:{ENTRY}"


def test_an_entry_that_is_valid_is_spoken_and_one_that_is_not_is_passed_over() -> None:
    _, out = play(TOLD, Known({VALID: "yes"}))
    assert heard(out[-1]) == ["kb-legal-aid-who-can-apply"]
    assert play(TOLD, Known({VALID: "yes"}), Finished())[1][-1] == Leave("goodbye")
    assert play(TOLD, Known({VALID: "no"}))[1][-1] == Leave("queue", "zh")
    assert play(TOLD, Known({}))[1][-1] == Leave("queue", "zh")


def test_a_caller_of_a_language_without_a_text_goes_on_at_once() -> None:
    assert play(TOLD, language="bo")[1][-1] == Leave("queue", "bo")


def test_what_is_spoken_is_what_the_entry_says(settings: Settings) -> None:
    rules = rules_of(settings)
    texts = {id_: words for id_, words in rules.texts["zh"].items() if id_.startswith("kb-")}
    assert len(texts) >= 5
    entries = {
        path.relative_to(settings.knowledge_dir).with_suffix("").as_posix()
        for path in settings.knowledge_dir.glob("*/*.md")
    }
    for entry_id in entries:
        prompt = f"kb-{entry_id.replace('/', '-')}"[:40].rstrip("-")
        if prompt in texts:
            entry = read_spoken([settings.knowledge_dir], entry_id)
            assert entry is not None
            assert entry.spoken["zh"] == texts.pop(prompt)
    assert not texts


def _knowledge(folder: Path, settings: Settings, old: str, new: str) -> Path:
    target = folder / f"{ENTRY}.md"
    target.parent.mkdir(parents=True)
    text = (settings.knowledge_dir / f"{ENTRY}.md").read_text()
    assert old in text
    target.write_text(text.replace(old, new))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "code", "level"),
    [
        ("status: starter", "status: retired", "entry-expired", "warning"),
        ("valid_until: null", "valid_until: 2024-01-01", "entry-expired", "warning"),
        ("spoken: 经济困难", "spoken: 家里困难", "entry-differs", "error"),
    ],
)
def test_an_entry_that_has_changed_is_found_by_the_check(
    tmp_path: Path, settings: Settings, old: str, new: str, code: str, level: str
) -> None:
    knowledge = _knowledge(tmp_path / "kb", settings, old, new)
    flow = tmp_path / "main.yaml"
    flow.write_text(
        f"id: main\nstart: told\nnodes:\n  told: {{knowledge: {ENTRY}, languages: [zh], next: person, "
        "otherwise: person}\n  person: {queue: zh}\n"
    )
    found = check_folder(flow, rules_of(settings.model_copy(update={"knowledge_dir": knowledge})))
    assert [(it.code, it.level, it.line) for it in found] == [(code, level, 4)]
    entry = read_spoken([knowledge], ENTRY)
    assert entry is not None
    assert entry.valid_on(date(2026, 1, 5)) == (code == "entry-differs")


# --- published by the site


class Site:
    """A home whose lawyers publish entries."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings)

    def publish(self, **changed: object) -> None:
        shipped = read_entry((self.settings.knowledge_dir / f"{ENTRY}.md").read_bytes(), f"{ENTRY}.md").entry
        assert shipped is not None
        assert isinstance(shipped.front, Front)
        entry = Entry(f"{ENTRY}.md", shipped.front.model_copy(update=changed), shipped.sections)
        with self.database.begin() as session:
            Entries(session).publish(entry, "digest")

    def spoken(self, *languages: str) -> bool:
        """Whether a caller of today hears it in Chinese."""
        words = recorded_words(self.settings)
        entry = read_spoken(entry_folders(self.settings), ENTRY, languages, words)
        assert entry is not None
        return entry.valid_on(date(2026, 1, 5)) and "zh" not in entry.stale


@pytest.fixture
def site(database_settings: Settings) -> Site:
    return Site(database_settings)


def test_what_is_shipped_is_spoken_until_the_site_publishes_something_else(site: Site) -> None:
    assert not follow(site.settings, site.database)
    assert site.spoken()
    site.publish(title="谁能申请法律援助（本地）")
    assert follow(site.settings, site.database)
    assert not follow(site.settings, site.database)
    assert site.spoken()


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "retired"},
        {"valid_until": date(2025, 1, 1)},
        {"valid_from": date(2027, 1, 1)},
        {"spoken": "现在的条件不一样了，请找值班律师。"},
        {"spoken": None},
    ],
    ids=["retired", "expired", "not yet valid", "other words", "no words"],
)
def test_an_entry_that_the_site_changed_is_not_spoken_any_more(site: Site, changed: dict[str, object]) -> None:
    site.publish(**changed)
    assert site.spoken()
    follow(site.settings, site.database)
    assert not site.spoken()


def test_it_is_spoken_again_when_the_words_are_recorded_anew(site: Site, tmp_path: Path) -> None:
    site.publish(spoken="现在的条件不一样了，请找值班律师。")
    follow(site.settings, site.database)
    flows = tmp_path / "flows"
    book = (site.settings.flows_dir / "prompts" / "zh.yaml").read_text()
    entry = read_spoken([site.settings.knowledge_dir], ENTRY)
    assert entry is not None
    assert entry.spoken["zh"] in book
    (flows / "prompts").mkdir(parents=True)
    (flows / "prompts" / "zh.yaml").write_text(book.replace(entry.spoken["zh"], "现在的条件不一样了，请找值班律师。"))
    site.settings = site.settings.model_copy(update={"flows_dir": flows})
    assert site.spoken()


def test_the_dialplan_and_the_check_know_what_the_site_published(site: Site, tmp_path: Path) -> None:
    folders, words = entry_folders(site.settings), recorded_words(site.settings)

    def dialplan() -> str:
        return compile_flow(TOLD, Surroundings("zh", tmp_path / "e", lambda id_: read_spoken(folders, id_, (), words)))

    flow = tmp_path / "main.yaml"
    flow.write_text(
        f"id: main\nstart: told\nnodes:\n  told: {{knowledge: {ENTRY}, languages: [zh], next: person, "
        "otherwise: person}\n  person: {queue: zh}\n"
    )
    stale = 'GotoIf($["${CC_LANG}" = "zh"]?n_person,1)'
    assert stale not in dialplan()
    assert check_folder(flow, rules_of(site.settings)) == []
    site.publish(spoken="现在的条件不一样了，请找值班律师。")
    follow_all(site.settings, site.database)
    assert stale in dialplan()
    assert [it.code for it in check_folder(flow, rules_of(site.settings))] == ["entry-differs"]
    site.publish(status="retired")
    follow_all(site.settings, site.database)
    assert "kb-legal-aid-who-can-apply" not in dialplan()
    assert [it.code for it in check_folder(flow, rules_of(site.settings))] == ["entry-expired"]
