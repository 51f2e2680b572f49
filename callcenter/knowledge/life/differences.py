"""Two forms of an entry compared, word by word. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import rjieba

from callcenter.knowledge.entry.form import Form, fields_of

Kind = Literal["same", "gone", "new"]
WORDS_MAX = 4_000
"""Words of a field that are compared one by one; beyond, the field is shown as a whole: time grows with the square."""


@dataclass(frozen=True, slots=True)
class Part:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    parts: list[Part]


def differences(old: Form, new: Form, language: str) -> list[Difference]:
    """Only the fields that differ, in the order of the form."""
    found = []
    for field in fields_of(language):
        before, after = old.get(field, "").strip(), new.get(field, "").strip()
        if before != after:
            found.append(Difference(field, _parts(before, after)))
    return found


def _parts(before: str, after: str) -> list[Part]:
    old, new = rjieba.cut(before), rjieba.cut(after)
    if max(len(old), len(new)) > WORDS_MAX:
        return [Part("gone", before), Part("new", after)]
    parts: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("same", "".join(old[i:j])))
            continue
        if j > i:
            parts.append(Part("gone", "".join(old[i:j])))
        if m > k:
            parts.append(Part("new", "".join(new[k:m])))
    return parts
