"""Article numbers as they are written and as they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.knowledge.statutes.numerals import canonical, sort_key, spoken, to_chinese, to_int


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("第四十七条", "47"),
        ("47", "47"),
        (47, "47"),
        ("第一百二十条之一", "120-1"),
        ("120条之一", "120-1"),
        ("120-1", "120-1"),
        ("第一千零七十七条", "1077"),
        ("第十条", "10"),
        ("第一千二百六十条", "1260"),
        ("全文", "0"),
    ],
)
def test_a_number_is_understood_however_it_is_written(written: str | int, kept: str) -> None:
    assert canonical(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "条",
        "第条",
        "四十七.5",
        "1-2-3",
        "-3",
        "00",
        "047",
        "第四十七条第二款",
        "abc",
        "12345",
        "一二三四五",
        "第零条",
        "第三条之零",
    ],
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not an article number"):
        canonical(written)


@given(st.integers(1, 9999))
def test_every_number_can_be_written_in_chinese_and_read_again(number: int) -> None:
    assert to_int(to_chinese(number)) == number
    assert canonical(f"第{to_chinese(number)}条") == str(number)


@given(st.integers(1, 9999), st.integers(1, 20))
def test_branches_too(number: int, branch: int) -> None:
    assert canonical(spoken(f"{number}-{branch}")) == f"{number}-{branch}"


def test_branches_stand_behind_their_article() -> None:
    assert sorted(["121", "120-2", "9", "120", "120-10"], key=sort_key) == ["9", "120", "120-2", "120-10", "121"]
