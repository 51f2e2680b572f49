"""An entry as a form of plain texts: what the browser shows, what a row of a table holds, what a draft keeps.

A draft may be anything, so nothing that somebody typed is lost; `entry_of` says what is missing until it is an entry.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from callcenter.knowledge.entry.model import SECTIONS, Citation, Entry, Front, TranslationFront
from callcenter.knowledge.entry.parser import SAFE_LINK, UNSAFE_HTML, WRITTEN_LINK
from callcenter.knowledge.statutes.numerals import spoken

Form = dict[str, str]

LISTS = frozenset({"questions", "asked_as", "keywords", "groups", "region"})
"""One item a line."""
CHINESE = (
    "title",
    "questions",
    "asked_as",
    "keywords",
    "topic",
    "groups",
    "region",
    "valid_from",
    "valid_until",
    "owner",
    "review_due",
    "laws",
    "spoken",
)
TRANSLATION = ("title", "questions", "keywords", "translates", "translator", "spoken")
OPTIONAL = frozenset({"valid_until", "spoken", "asked_as", "keywords", "groups", "region"})
FIELD_MAX = 20_000
"""Characters of one field."""
_CITED = re.compile(
    r"^《?(?P<law>.+?)》?\s*(?P<article>第[^第]+条(?:之\S+?)?|\d+(?:-\d+)?)(?:\s*@\s*(?P<version>\S+))?$"
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`field` is a key of the form; `code` one of `finding.CODES`."""

    field: str
    code: str
    message: str


def fields_of(language: str) -> tuple[str, ...]:
    return (*(CHINESE if language == "zh" else TRANSLATION), *SECTIONS)


def form_of(entry: Entry) -> Form:
    form: Form = {}
    for name in CHINESE if isinstance(entry.front, Front) else TRANSLATION:
        value = getattr(entry.front, name)
        if name == "laws":
            form[name] = "\n".join(citation_text(citation) for citation in value)
        elif isinstance(value, list):
            form[name] = "\n".join(value)
        else:
            form[name] = "" if value is None else str(value)
    return form | {title: entry.sections.get(title, "") for title in SECTIONS}


def citation_text(citation: Citation) -> str:
    version = f" @ {citation.version}" if citation.version else ""
    return f"《{citation.law}》{spoken(citation.article)}{version}"


def entry_of(id: str, language: str, form: Form, life: dict[str, Any], file: str) -> Entry | list[Fault]:
    """`life`: what the writer does not decide (status, reviewer, reviewed_on, written_on)."""
    faults = _unsafe(form, language)
    values: dict[str, Any] = {"id": id, **life}
    for name in CHINESE if language == "zh" else TRANSLATION:
        text = form.get(name, "").strip()
        if name == "laws":
            values[name] = _citations(text, faults)
        elif name in LISTS:
            items = _lines(text)
            if items or name not in OPTIONAL:
                values[name] = items
        elif text or name not in OPTIONAL:
            values[name] = text
    kind = Front if language == "zh" else TranslationFront
    if kind is TranslationFront:
        values["language"] = language
    front: Front | TranslationFront | None = None
    try:
        front = kind.model_validate(values)
    except ValidationError as problem:
        faults += _front_faults(problem, faults)
    sections = {title: form.get(title, "").replace("\r\n", "\n").replace("\r", "\n").strip() for title in SECTIONS}
    faults += _section_faults(sections)
    if front is None or faults:
        return sorted(faults)
    return Entry(file, front, sections)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _citations(text: str, faults: list[Fault]) -> list[dict[str, Any]]:
    found = []
    for line in _lines(text):
        match = _CITED.match(line)
        if match is None:
            message = f"`{line[:60]}` is no citation; write one a line, like 《劳动合同法》第三十条"
            faults.append(Fault("laws", "bad-value", message))
        else:
            found.append({name: value.strip() for name, value in match.groupdict().items() if value is not None})
    return found


def _front_faults(problem: ValidationError, known: Iterable[Fault]) -> list[Fault]:
    had = {fault.field for fault in known}
    found: dict[str, Fault] = {}
    for fault in problem.errors(include_url=False):
        at = [step for step in fault["loc"] if isinstance(step, int)]
        field = next((str(step) for step in fault["loc"] if isinstance(step, str)), "review_due")
        reason = fault["msg"].removeprefix("Value error, ")
        place = f"line {at[0] + 1}: " if at else ""
        code = "missing-key" if fault["input"] in ("", [], None) else "bad-value"
        if field not in had:
            found.setdefault(field, Fault(field, code, f"{place}{reason}"))
    return list(found.values())


def _section_faults(sections: dict[str, str]) -> list[Fault]:
    faults = []
    for title, text in sections.items():
        if not text:
            faults.append(Fault(title, "empty-section", f"`{title}` is empty"))
        elif any(line.startswith(("# ", "## ")) for line in text.split("\n")):
            faults.append(Fault(title, "unknown-section", f"`{title}`: headings are not used within a section"))
    return faults


def _unsafe(form: Form, language: str) -> list[Fault]:
    faults = []
    for name in form.keys() - set(fields_of(language)):
        faults.append(Fault(name, "unknown-key", f"there is no field `{name}`"))
    for name, text in form.items():
        if len(text) > FIELD_MAX:
            message = f"{len(text):,} characters, {FIELD_MAX:,} are allowed; split the entry"
            faults.append(Fault(name, "too-large", message))
        elif UNSAFE_HTML.search(text):
            message = "HTML is not used in entries; write plain text (a `<` before a letter: write 小于 or ＜)"
            faults.append(Fault(name, "html", message))
        for target in WRITTEN_LINK.findall(text[:FIELD_MAX]):
            if not SAFE_LINK.match(target):
                faults.append(
                    Fault(
                        name, "bad-link", f"the link `{target[:60]}` is not http, https, tel, mailto or a file's name"
                    )
                )
    return faults
