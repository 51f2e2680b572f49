"""Markdown statutes, good and bad."""

import contextlib
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.knowledge.statutes.model import Statute, Unreadable
from callcenter.knowledge.statutes.parser import read_statute
from tests.given import examples
from tests.knowledge.given import CRIMINAL, LABOUR_CONTRACT


def read(text: str, file: str = "社会法/某法(2020-01-01).md") -> Statute:
    return read_statute(dedent(text).encode(), file)


def test_chapters_and_articles_are_told_apart() -> None:
    statute = read(LABOUR_CONTRACT, "社会法/劳动合同法.md")
    assert statute.name == "劳动合同法"
    assert statute.version == date(2012, 12, 28)
    assert statute.kind == "law"
    assert [article.number for article in statute.articles] == ["1", "30", "47"]
    thirty = statute.articles[1]
    assert thirty.heading == "第三章 劳动合同的履行和变更"
    assert thirty.text.split("\n")[1].startswith("用人单位拖欠")


def test_spaces_in_a_heading_are_no_part_of_it() -> None:
    assert read(LABOUR_CONTRACT).articles[0].heading == "第一章 总则"


def test_inserted_articles_keep_their_branch() -> None:
    assert [article.number for article in read(CRIMINAL).articles] == ["120", "120-1", "276-1"]


def test_the_file_name_says_the_version_before_the_header_does() -> None:
    assert read(LABOUR_CONTRACT, "劳动合同法(2007-06-29).md").version == date(2007, 6, 29)


def test_an_article_mentioned_at_the_start_of_a_line_does_not_begin_one() -> None:
    statute = read(
        """\
        # 某法
        <!-- INFO END -->
        第一条 甲。
        第三十一条的决定不在此限。
        第一款中关于乙的规定，不适用于丙。
        """
    )
    assert len(statute.articles) == 1
    assert statute.articles[0].text.count("\n") == 2


def test_a_space_before_the_last_sign_of_the_number_is_forgiven() -> None:
    statute = read("# 某法\n<!-- INFO END -->\n第一百二十七条 甲。\n\n第一百二十八 条侦查人员乙。\n")
    assert [(a.number, a.text) for a in statute.articles] == [("127", "甲。"), ("128", "侦查人员乙。")]


def test_articles_written_as_headings_are_found() -> None:
    statute = read("# 某法\n## 第一章 总则\n### 第一条\n甲。\n### **第二条** 乙。\n")
    assert [(a.number, a.text) for a in statute.articles] == [("1", "甲。"), ("2", "乙。")]


def test_a_text_that_counts_otherwise_is_split_at_its_own_numbers() -> None:
    statute = read(
        """\
        # 最高人民法院关于某问题的规定
        <!-- INFO END -->
        为了某事，规定如下。
        ## 一、管辖
        1.甲。
        （1）其一；
        2.乙。
        ## 二、期限
        3.丙。
        """
    )
    assert [(a.number, a.heading) for a in statute.articles] == [
        ("1", "一、管辖"),
        ("2", "一、管辖"),
        ("3", "二、期限"),
    ]
    assert statute.kind == "interpretation"


def test_lists_within_a_numbered_paragraph_do_not_begin_new_ones() -> None:
    statute = read("# 某决定\n<!-- INFO END -->\n一、甲：\n一、引文\n二、乙。\n1.其一\n三、丙。\n")
    assert [a.number for a in statute.articles] == ["1", "2", "3"]


def test_a_reply_without_numbers_is_one_text() -> None:
    statute = read("# 最高人民法院关于某问题的批复\n2020年1月2日 公布\n<!-- INFO END -->\n甲。\n\n乙。\n")
    assert [(a.number, a.text) for a in statute.articles] == [("0", "甲。\n乙。")]


def test_annexes_are_not_taken_for_articles() -> None:
    statute = read("# 某法\n<!-- INFO END -->\n第一条 甲。\n第二条 乙。\n附件一：名单\n第一条 丙。\n")
    assert [a.number for a in statute.articles] == ["1", "2"]
    assert statute.remarks == ()


def test_gaps_and_repeated_numbers_are_remarked_with_their_line() -> None:
    statute = read("# 某法\n<!-- INFO END -->\n第一条 甲。\n第四条 乙。\n第四条 丙。\n")
    assert [remark.split(":")[0] for remark in statute.remarks] == ["line 4", "line 5"]


def test_the_day_of_force_is_read_from_the_closing_article() -> None:
    text = "# 某法\n2023年12月29日 通过\n<!-- INFO END -->\n第一条 甲。\n第二条 本法自2024年7月1日起施行。\n"
    assert read(text, "某法.md").in_force == date(2024, 7, 1)


def test_an_amended_text_that_still_names_its_first_day_is_in_force_from_the_amendment() -> None:
    text = "# 某法\n<!-- INFO END -->\n第一条 本法自2008年1月1日起施行。\n"
    assert read(text, "某法(2012-12-28).md").in_force == date(2012, 12, 28)


def test_repealed_statutes_are_read_from_the_closing_article() -> None:
    text = (
        "# 某法\n<!-- INFO END -->\n第一条 甲。\n第二条 《中华人民共和国婚姻法》、《中华人民共和国继承法》同时废止。\n"
    )
    assert read(text).repeals == ("婚姻法", "继承法")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe\x00", "line 1: byte 1 is not UTF-8"),
        ("# 某法\n甲\n".encode("gb18030"), "not UTF-8"),
        (b"", "there is no title"),
        ("第一条 甲。".encode(), "there is no title"),
        ("# \n第一条 甲。".encode(), "the title is empty"),
        ("# 某法\n".encode(), "no text"),
        ("# 某法\n<!-- INFO END -->\n".encode(), "no text"),
        ("# 某法\n\0\n".encode(), "NUL"),
        (b"# x\n" + b"a" * (5 * 1024 * 1024), "bytes"),
    ],
)
def test_an_unreadable_file_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_statute(data, "某法(2020-01-01).md")


def test_a_file_without_any_date_says_how_to_give_one() -> None:
    with pytest.raises(Unreadable, match=r"2020-05-28"):
        read("# 某法\n第一条 甲。\n", "某法.md")


def test_a_date_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Unreadable, match="does not exist"):
        read("# 某法\n第一条 甲。\n", "某法(2020-13-40).md")


PIECES = st.sampled_from(
    ["# 某法", "## 第一章 总则", "第一条 甲。", "第二条", "第十条之一 乙", "一、丙", "1.丁", "附件",
     "<!-- INFO END -->", "2020年1月1日 通过", "2020年99月99日 通过", "第零条 戊", "第千百十条 己", "",
     "|表|格|", "**第三条** 庚", "\t第四条\u3000辛"]
)  # fmt: skip


@settings(max_examples=examples(300))
@given(st.lists(PIECES | st.text(max_size=20), max_size=25))
def test_no_text_breaks_the_parser(lines: list[str]) -> None:
    try:
        statute = read_statute("\n".join(lines).encode("utf-8", "surrogatepass"), "某法(2020-01-01).md")
    except Unreadable:
        return
    else:
        numbers = [article.number for article in statute.articles]
        assert len(numbers) == len(set(numbers)) > 0


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read_statute(b"# x\n" + data, "x(2020-01-01).md").name
