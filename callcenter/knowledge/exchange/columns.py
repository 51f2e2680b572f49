"""The columns of an exported table: a key of the form, and what it is called in the office."""

from collections.abc import Iterable
from dataclasses import dataclass

from callcenter.knowledge.entry.form import CHINESE, TRANSLATION, Form
from callcenter.knowledge.entry.model import SECTIONS

ID, LANGUAGE = "id", "language"
COLUMNS: dict[str, str] = {
    ID: "编号",
    LANGUAGE: "语言",
    "title": "标题",
    "questions": "问法",
    "asked_as": "白话说法",
    "keywords": "关键词",
    "topic": "分类",
    "groups": "人群",
    "region": "地区",
    "valid_from": "有效起",
    "valid_until": "有效止",
    "owner": "负责人",
    "review_due": "下次审核",
    "laws": "引用法条",
    "spoken": "电话播报",
    "translates": "译自版本",
    "translator": "译者",
    **{title: title for title in SECTIONS},
}
assert set(COLUMNS) == {ID, LANGUAGE, *CHINESE, *TRANSLATION, *SECTIONS}  # noqa: S101
KEYS = {label: key for key, label in COLUMNS.items()} | {key: key for key in COLUMNS}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a table. `place`: 第 3 行, or 第 2 个表格. Keys are those of the form, with id and language."""

    place: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """`row` as the office's program counts it; `column` its label, empty for the whole row."""

    row: str
    column: str
    code: str
    message: str


def lines_of(forms: Iterable[tuple[str, str, Form]]) -> list[Line]:
    """(id, language, form) -> lines; a field that a language does not have is left empty."""
    return [
        Line("", {ID: id, LANGUAGE: language, **{key: form.get(key, "") for key in COLUMNS if key in form}})
        for id, language, form in forms
    ]


def key_of(label: str) -> str | None:
    return KEYS.get(label.strip())
