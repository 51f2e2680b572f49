"""bytes -> `Entry`, or the faults of its form with their lines. Never raises for what is in the file."""

import re
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from callcenter.ivr.finding import Finding as YamlFinding
from callcenter.ivr.yaml_source import YamlSource, read_yaml
from callcenter.knowledge.entry.faults import faults_of
from callcenter.knowledge.entry.finding import Finding
from callcenter.knowledge.entry.model import SECTIONS, Entry, Front, TranslationFront

MAX_BYTES = 256 * 1024
FENCE = "---"
_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
UNSAFE_HTML = re.compile(r"<\s*/?\s*[a-zA-Z!?]")
WRITTEN_LINK = re.compile(r"\]\(\s*<?([^)\s>]*)")
SAFE_LINK = re.compile(r"(https?://|tel:|mailto:|#|[\w./-]+$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EntryFile:
    """One file. `entry` is None when its form is wrong; `findings` then says why."""

    name: str
    entry: Entry | None = None
    findings: list[Finding] = field(default_factory=list)
    source: YamlSource | None = None

    def line(self, *path: str | int) -> int:
        """Line of a part of the front matter, e.g. `("laws", 2)`."""
        return self.source.line(*(str(step) for step in path)) + 1 if self.source else 1


def read_entry(data: bytes, name: str) -> EntryFile:
    """`name` is the path within the folder of entries; `.bo.md` and `.mn.md` are translations."""
    text = _decode(data, name)
    if isinstance(text, Finding):
        return EntryFile(name, findings=[text])
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if lines[0].rstrip() != FENCE or end is None:
        message = "the file begins with a block between two lines of `---`; see knowledge_base/README.md"
        return EntryFile(name, findings=[Finding(name, 1, "no-front-matter", message)])
    source = read_yaml("\n".join(lines[1:end]).encode(), name)
    if isinstance(source, YamlFinding):
        return EntryFile(name, findings=_impossible_dates(lines[:end], name) or [_shifted(source)])
    if not isinstance(source.value, dict):
        return EntryFile(name, findings=[Finding(name, 1, "no-front-matter", "the block holds no `key: value` lines")])
    findings: list[Finding] = []
    front = _front(source, name, findings)
    sections = _sections(lines, end + 1, name, findings)
    findings += _unsafe(lines, name)
    entry = Entry(name, front, sections) if front is not None and not findings else None
    return EntryFile(name, entry, sorted(findings), source)


def _decode(data: bytes, name: str) -> str | Finding:
    if len(data) > MAX_BYTES:
        return Finding(name, 1, "too-large", f"the file has {len(data):,} bytes, {MAX_BYTES:,} are allowed; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        return Finding(name, line, "not-utf-8", f"byte {problem.start + 1} is not UTF-8; save the file as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shifted(finding: YamlFinding) -> Finding:
    code = finding.code if finding.code in ("key-twice", "yaml-alias", "too-large") else "not-yaml"
    return Finding(finding.file, finding.line + 1, code, finding.message)


def _impossible_dates(lines: list[str], name: str) -> list[Finding]:
    """For YAML a 30th of February makes the whole block unreadable, without a line."""
    findings = []
    for number, line in enumerate(lines, 1):
        for year, month, day in _DATE.findall(line):
            try:
                date(int(year), int(month), int(day))
            except ValueError:
                message = f"there is no such day: {year}-{month}-{day}"
                findings.append(Finding(name, number, "bad-value", message))
    return findings


def _front(source: YamlSource, name: str, findings: list[Finding]) -> Front | TranslationFront | None:
    kind = TranslationFront if name.endswith((".bo.md", ".mn.md")) else Front
    try:
        return kind.model_validate(source.value)
    except ValidationError as problem:
        findings += faults_of(problem, kind, source, name)
        return None


def _sections(lines: list[str], start: int, name: str, findings: list[Finding]) -> dict[str, str]:
    sections: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    current: list[str] | None = None
    for at in range(start, len(lines)):
        line = lines[at]
        if line.startswith("## "):
            title = line[3:].strip()
            if title not in SECTIONS:
                known = "、".join(SECTIONS)
                findings.append(Finding(name, at + 1, "unknown-section", f"`## {title}`: an entry has {known}"))
            elif title in sections:
                findings.append(Finding(name, at + 1, "section-twice", f"`## {title}` is there twice; join the two"))
            current = sections.setdefault(title, [])
            places.setdefault(title, at + 1)
        elif line.startswith("# "):
            message = "the title is in the block at the top; sections begin with `## `"
            findings.append(Finding(name, at + 1, "unknown-section", message))
        elif current is not None:
            current.append(line)
        elif line.strip() and not line.startswith(">"):  # a note to those who work on the file
            message = f"text before the first section; put it under `## {SECTIONS[0]}`"
            findings.append(Finding(name, at + 1, "unknown-section", message))
    found = {title: "\n".join(text).strip() for title, text in sections.items()}
    for title in SECTIONS:
        if title not in found:
            findings.append(Finding(name, len(lines), "missing-section", f"`## {title}` is missing"))
        elif not found[title]:
            findings.append(Finding(name, places[title], "empty-section", f"`## {title}` is empty"))
    order = [title for title in found if title in SECTIONS]
    if order != sorted(order, key=SECTIONS.index):
        message = f"the sections go in this order: {'、'.join(SECTIONS)}"
        findings.append(Finding(name, places[order[0]], "section-order", message))
    return found


def _unsafe(lines: list[str], name: str) -> list[Finding]:
    """HTML is never shown as such by the screens; here it is a mistake, and perhaps not an innocent one."""
    findings = []
    for number, line in enumerate(lines, 1):
        if UNSAFE_HTML.search(line):
            message = "HTML is not used in entries; write plain Markdown (a `<` before a letter: write 小于 or ＜)"
            findings.append(Finding(name, number, "html", message))
        for target in WRITTEN_LINK.findall(line):
            if not SAFE_LINK.match(target):
                message = f"the link `{target[:60]}` is not http, https, tel or mailto"
                findings.append(Finding(name, number, "bad-link", message))
    return findings
