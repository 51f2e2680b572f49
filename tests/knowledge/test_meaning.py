"""Tellings that say the same in other words."""

from pathlib import Path

import numpy as np
import pytest

from callcenter.knowledge.search import meaning
from callcenter.knowledge.search.meaning import FILE, LENGTH, Meanings

TOLD = (("老板拖欠工资不给", "公司不发薪水"), ("被狗咬伤了谁来赔", "གླ་ཕོགས"), ("想和妻子离婚",))


def places(meanings: Meanings, text: str) -> list[int]:
    return list(dict.fromkeys(at for _, at in meanings.near(text)))


def test_the_same_in_other_words_is_near(tmp_path: Path) -> None:
    meanings = Meanings.of(TOLD, tmp_path)
    assert places(meanings, "邻居的犬把我孩子抓破了皮")[0] == 1
    assert places(meanings, "我要跟老婆散伙")[0] == 2


def test_vectors_are_kept_and_only_new_tellings_are_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Meanings.of(TOLD, tmp_path)
    computed: list[list[str]] = []
    of_texts = meaning._vectors

    def noted(texts: list[str]) -> meaning.Vectors:
        computed.append(texts)
        return of_texts(texts)

    monkeypatch.setattr(meaning, "_vectors", noted)
    again = Meanings.of(TOLD, tmp_path)
    more = Meanings.of((*TOLD, ("楼上漏水",)), tmp_path)
    assert computed == [["楼上漏水"]]
    assert np.array_equal(first.vectors, again.vectors)
    assert more.vectors.shape == (5, LENGTH)


def test_a_kept_file_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    whole = Meanings.of(TOLD, tmp_path)
    kept = tmp_path / FILE
    kept.write_bytes(kept.read_bytes()[:500])
    assert np.array_equal(Meanings.of(TOLD, tmp_path).vectors, whole.vectors)


def test_where_nothing_may_be_written_meanings_are_found_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert places(Meanings.of(TOLD, tmp_path / "file"), "离婚")[0] == 2


def test_other_scripts_and_no_entries_are_no_matter(tmp_path: Path) -> None:
    assert Meanings.of(TOLD, tmp_path).near("གླ་ཕོགས") == []
    assert Meanings.of((), tmp_path).near("工资") == []
