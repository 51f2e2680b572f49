"""The search over a few entries and statutes, on both databases."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.knowledge.entry.parser import read_entry
from callcenter.knowledge.search.model import Hit, Wanted
from callcenter.knowledge.service import LOOK_AGAIN_S, Knowledge
from callcenter.knowledge.statutes.service import import_laws
from callcenter.storage.database import Database
from tests.given import examples, until
from tests.knowledge.conftest import Clock
from tests.knowledge.given import entry_text, put, translation_text


def find(knowledge: Knowledge, words: str, **filters: str | int) -> list[Hit]:
    return knowledge.find(words, Wanted(**filters)).hits  # type: ignore[arg-type]


def first_article(knowledge: Knowledge, words: str) -> tuple[str | None, str | None]:
    hit = next(hit for hit in find(knowledge, words) if hit.kind == "article")
    return hit.law, hit.article


def test_entries_come_first_then_articles(knowledge: Knowledge) -> None:
    kinds = [hit.kind for hit in find(knowledge, "拖欠工资")]
    assert kinds[0] == "entry"
    assert "article" in kinds
    assert kinds == sorted(kinds, reverse=True)


def test_what_callers_say_leads_to_what_the_statute_says(knowledge: Knowledge) -> None:
    assert first_article(knowledge, "老板跑路了") == ("劳动合同法", "30")
    assert first_article(knowledge, "离婚冷静期") == ("民法典", "1077")


@pytest.mark.parametrize(
    "words",
    [
        "劳动合同法47条",
        "第四十七条 经济补偿",
        "《劳动合同法》第四十七条",
        "中华人民共和国劳动合同法 第47条",
        "劳动合同法47",
        "劳动法典 47条",
    ],
)
def test_an_article_is_found_by_its_number(knowledge: Knowledge, words: str) -> None:
    assert first_article(knowledge, words) == ("劳动合同法", "47")


def test_an_inserted_article_is_found_by_its_number(knowledge: Knowledge) -> None:
    assert first_article(knowledge, "刑法第一百二十条之一") == ("刑法", "120-1")
    assert first_article(knowledge, "刑法120条之一") == ("刑法", "120-1")


@pytest.mark.parametrize("words", ["jjbc", "jingjibuchang", "jing ji bu chang", "經濟補償", "经济补尝", "经济捕偿金"])
def test_pinyin_traditional_characters_and_slips_are_understood(knowledge: Knowledge, words: str) -> None:
    assert first_article(knowledge, words) == ("劳动合同法", "47")


def test_what_was_understood_is_told(knowledge: Knowledge) -> None:
    assert knowledge.find("經濟補尝", Wanted()).understood == "经济补偿"


def test_a_statute_that_is_no_longer_law_is_shown_as_expired_and_last(knowledge: Knowledge) -> None:
    hits = find(knowledge, "要求离婚 登记申请")
    assert [hit.valid for hit in hits if hit.kind == "article"][-1] == "expired"
    assert hits[-1].law == "婚姻法"
    assert hits[-1].valid_until == date(2021, 1, 1)


def test_validity_filters_both_kinds(knowledge: Knowledge) -> None:
    assert {hit.law for hit in find(knowledge, "离婚", valid="expired")} == {"婚姻法"}
    assert "婚姻法" not in {hit.law for hit in find(knowledge, "离婚", valid="current")}


def test_an_expired_entry_is_shown_as_expired(knowledge: Knowledge, knowledge_settings: Settings) -> None:
    put(knowledge_settings.knowledge_dir / "labour" / "unpaid-wages.md", entry_text(until="2026-11-22"))
    entry = find(knowledge, "拖欠工资")[0]
    assert (entry.kind, entry.valid, entry.valid_until) == ("entry", "expired", date(2026, 11, 22))


def test_a_law_takes_force_at_midnight_in_china(
    database: Database, knowledge_settings: Settings, tmp_path: Path
) -> None:
    put(
        tmp_path / "laws" / "新法(2026-01-01).md",
        "# 新法\n<!-- INFO END -->\n第一条 拖欠。\n第二条 本法自2026年12月1日起施行。\n",
    )
    import_laws(database, tmp_path / "laws", lambda *_: None)
    clock = Clock()
    knowledge = Knowledge(database, knowledge_settings, clock)
    clock.at = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    assert find(knowledge, "新法1条")[0].valid == "future"
    clock.at = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert find(knowledge, "新法1条")[0].valid == "current"


def test_topic_group_and_region_filter(knowledge: Knowledge) -> None:
    assert find(knowledge, "拖欠工资", topic="labour", group="migrant_worker", region="西藏")[0].kind == "entry"
    assert {hit.kind for hit in find(knowledge, "拖欠工资", group="elderly")} == {"article"}
    assert {hit.law for hit in find(knowledge, "拖欠工资", topic="marriage-family")} <= {"民法典"}
    assert find(knowledge, "拖欠工资", topic="civil.labour_pay")[0].kind == "entry"


def test_a_filter_that_cannot_be_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(BadInput, match="there is no topic"):
        find(knowledge, "工资", topic="labor")
    with pytest.raises(BadInput, match="valid"):
        find(knowledge, "工资", valid="yes")
    with pytest.raises(BadInput, match="limit"):
        find(knowledge, "工资", limit=0)


def test_the_limit_holds(knowledge: Knowledge) -> None:
    assert len(find(knowledge, "工资 劳动 合同 离婚", limit=2)) == 2


def test_words_found_are_marked_in_the_snippet(knowledge: Knowledge) -> None:
    hit = next(hit for hit in find(knowledge, "支付令") if hit.kind == "article")
    assert "支付令" in {hit.snippet[start:end] for start, end in hit.highlights}


def test_tibetan_is_found_in_tibetan(knowledge: Knowledge, knowledge_settings: Settings) -> None:
    chinese = read_entry(entry_text().encode(), "labour/unpaid-wages.md").entry
    assert chinese is not None
    text = translation_text(chinese.content_hash())
    put(knowledge_settings.knowledge_dir / "labour" / "unpaid-wages.bo.md", text)
    hit = find(knowledge, "གླ་ཕོགས")[0]
    assert (hit.id, hit.language, hit.citations[0].law) == ("unpaid-wages", "bo", "劳动合同法")


def test_mongolian_is_found_by_the_stem_of_a_word(knowledge: Knowledge, knowledge_settings: Settings) -> None:
    text = translation_text("0123456789ab").replace("language: bo", "language: mn")
    text = text.replace("གླ་ཕོགས་མ་སྤྲད་པ", "ᠴᠠᠯᠢᠩ ᠣᠯᠭᠣᠭᠰᠠᠨ ᠦᠭᠡᠢ")
    put(knowledge_settings.knowledge_dir / "labour" / "unpaid-wages.mn.md", text)
    assert find(knowledge, "ᠣᠯᠭᠣᠬᠤ")[0].language == "mn"


@pytest.mark.parametrize(
    "words",
    ["", " ", "？！", "\0\x1b", '"', "'; DROP TABLE kb_law; --", "AND OR NOT (", "text:*", "[1 TO *]", "a" * 10_000,
     "工资" * 5_000, "~" * 300, "\ud800", "<script>alert(1)</script>", "第条", "第四十七条" * 50, "🎈"],
)  # fmt: skip
def test_nothing_typed_breaks_the_search(knowledge: Knowledge, words: str) -> None:
    found = knowledge.find(words, Wanted())
    assert found.query == words
    assert len(found.understood) <= 300


def test_an_empty_query_finds_nothing(knowledge: Knowledge) -> None:
    assert find(knowledge, "  ") == []


def test_without_statutes_entries_are_still_found(database: Database, knowledge_settings: Settings) -> None:
    hits = find(Knowledge(database, knowledge_settings, Clock()), "公司拖欠工资")
    assert [hit.kind for hit in hits] == ["entry"]


def test_a_faulty_entry_does_not_hide_the_others(database: Database, knowledge_settings: Settings) -> None:
    (knowledge_settings.knowledge_dir / "labour" / "broken.md").write_bytes(b"\xff\xfe")
    assert len(find(Knowledge(database, knowledge_settings, Clock()), "公司拖欠工资")) == 1


def test_an_entry_that_became_faulty_keeps_its_last_good_form(database: Database, knowledge_settings: Settings) -> None:
    assert find(Knowledge(database, knowledge_settings, Clock()), "公司拖欠工资")
    put(knowledge_settings.knowledge_dir / "labour" / "unpaid-wages.md", "---\nid: x\n")
    assert find(Knowledge(database, knowledge_settings, Clock()), "公司拖欠工资")


def test_an_entry_whose_file_is_gone_is_gone(database: Database, knowledge_settings: Settings) -> None:
    assert find(Knowledge(database, knowledge_settings, Clock()), "公司拖欠工资")
    (knowledge_settings.knowledge_dir / "labour" / "unpaid-wages.md").unlink()
    assert find(Knowledge(database, knowledge_settings, Clock()), "公司拖欠工资") == []


def test_a_running_process_sees_statutes_that_another_one_imported(
    database: Database, knowledge_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowledge = Knowledge(database, knowledge_settings, Clock())

    def articles() -> list[Hit]:
        return [hit for hit in find(knowledge, "支付令条款") if hit.kind == "article"]

    assert articles() == []
    put(tmp_path / "laws" / "某法(2020-01-01).md", "# 某法\n<!-- INFO END -->\n第一条 支付令条款。\n")
    import_laws(database, tmp_path / "laws", lambda *_: None)
    monkeypatch.setattr("callcenter.knowledge.service.LOOK_AGAIN_S", 0.0)
    until(lambda: articles() != [], saying="the import was not seen")
    assert LOOK_AGAIN_S > 0


@pytest.fixture
def small(knowledge: Knowledge) -> Knowledge:
    knowledge.snapshot()
    return knowledge


TYPED = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["工资", "老板", "第", "条", "之一", "47", "jjbc", "劳动合同法", "刑法", "《", "》", " ", "补尝", "離婚"]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=TYPED)
def test_the_search_box_takes_anything(small: Knowledge, words: str) -> None:
    for hit in find(small, words):
        assert hit.citations
        assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.highlights)
