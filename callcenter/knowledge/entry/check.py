"""Everything `callcenter kb check` looks at: form of each file, citations against the statutes, dates, translations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from callcenter.consultation.catalogue import catalogue
from callcenter.errors import BadInput
from callcenter.knowledge.entry.citations import NO_STATUTES, KnownStatutes, citation_findings
from callcenter.knowledge.entry.finding import Finding
from callcenter.knowledge.entry.model import Entry, Front, TranslationFront
from callcenter.knowledge.entry.parser import EntryFile, read_entry
from callcenter.knowledge.entry.topics import Topics, read_topics
from callcenter.knowledge.search.words import Words, read_words

WORDS = "words"


@dataclass(frozen=True, slots=True)
class Checked:
    files: list[EntryFile]
    findings: list[Finding]

    @property
    def entries(self) -> list[Entry]:
        return [file.entry for file in self.files if file.entry is not None]


def entry_paths(folder: Path) -> list[Path]:
    """Every file that is meant as an entry: `<topic>/<name>.md`."""
    return sorted(path for path in folder.glob("*/*.md") if path.parent.name != WORDS and not path.name.startswith("."))


def read_folder(folder: Path) -> list[EntryFile]:
    files = []
    for path in entry_paths(folder):
        name = path.relative_to(folder).as_posix()
        try:
            files.append(read_entry(path.read_bytes(), name))
        except OSError as problem:
            message = f"cannot be read ({problem.strerror}); check its rights"
            files.append(EntryFile(name, findings=[Finding(name, 1, "not-readable", message)]))
    return files


def check_folder(folder: Path, statutes: KnownStatutes | None, today: date) -> Checked:
    """`statutes` is None: only the form is checked. Raises BadInput when there is no such folder."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder; name the one with topics.yaml and the entries")
    topics = read_topics(folder)
    files = read_folder(folder)
    findings = [finding for file in files for finding in file.findings]
    findings += _ids(files) + _places(files, topics) + _dates(files, today) + _translations(files)
    words, faults = read_words(folder / WORDS)
    findings += faults
    if statutes is not None and not statutes.empty:
        for file in files:
            findings += citation_findings(file, statutes)
        findings += _words_used(words, statutes)
    elif statutes is not None:
        findings.append(Finding(".", 1, "no-statutes", NO_STATUTES))
    return Checked(files, sorted(findings))


def _ids(files: list[EntryFile]) -> list[Finding]:
    findings = []
    seen: dict[tuple[str, str], str] = {}
    for file in files:
        entry = file.entry
        if entry is None:
            continue
        stem = file.name.removesuffix(".md").removesuffix(f".{entry.language}")
        if entry.id not in (stem, stem.split("/")[-1]):
            message = f"`id` is `{entry.id}`, the file is `{file.name}`: the id is the file's name without .md"
            findings.append(Finding(file.name, file.line("id"), "id-is-not-file-name", message))
        first = seen.setdefault((entry.id, entry.language), file.name)
        if first != file.name:
            message = f"the id `{entry.id}` is taken by {first}; give one of the two another file name and id"
            findings.append(Finding(file.name, file.line("id"), "id-twice", message))
    return findings


def _places(files: list[EntryFile], topics: Topics) -> list[Finding]:
    findings = []
    groups = {group.id for group in catalogue().groups}
    for file in files:
        if file.entry is None or not isinstance(file.entry.front, Front):
            continue
        front, folder = file.entry.front, file.name.split("/")[0]
        if front.topic not in topics.all:
            message = f"there is no topic `{front.topic}` in topics.yaml; there are {', '.join(topics.all)}"
            findings.append(Finding(file.name, file.line("topic"), "unknown-topic", message))
        elif front.topic != folder:
            message = f"the topic is `{front.topic}`, the folder `{folder}`; move the file or change the topic"
            findings.append(Finding(file.name, file.line("topic"), "topic-is-not-folder", message))
        for at, group in enumerate(front.groups):
            if group not in groups:
                message = f"there is no group `{group}`; there are {', '.join(sorted(groups))}"
                findings.append(Finding(file.name, file.line("groups", at), "unknown-group", message))
    return findings


def _dates(files: list[EntryFile], today: date) -> list[Finding]:
    findings = []
    for file in files:
        if file.entry is None or not isinstance(file.entry.front, Front):
            continue
        front = file.entry.front
        if front.valid_until is not None and front.valid_until <= today:
            message = f"valid until {front.valid_until}: callers must no longer be told this; renew or retire it"
            findings.append(Finding(file.name, file.line("valid_until"), "expired", message))
        if front.review_due < today and front.status != "retired":
            message = f"the review was due on {front.review_due}; {front.owner} should look at it"
            findings.append(Finding(file.name, file.line("review_due"), "review-due", message))
    return findings


def _translations(files: list[EntryFile]) -> list[Finding]:
    findings = []
    chinese = {
        file.entry.id: file.entry for file in files if file.entry is not None and isinstance(file.entry.front, Front)
    }
    unread = {file.name.removesuffix(".md") for file in files if file.entry is None}
    for file in files:
        if file.entry is None or not isinstance(file.entry.front, TranslationFront):
            continue
        entry, front = file.entry, file.entry.front
        original = chinese.get(entry.id)
        if original is not None:
            now = original.content_hash()
            if front.translates != now:
                message = f"{original.file} changed since then; look this through, then write `translates: {now}`"
                findings.append(Finding(file.name, file.line("translates"), "stale-translation", message))
        elif file.name.removesuffix(f".{entry.language}.md") not in unread:
            message = f"there is no Chinese entry with the id `{entry.id}`"
            findings.append(Finding(file.name, file.line("id"), "no-chinese-entry", message))
        if not file.name.endswith(f".{front.language}.md"):
            message = f"`language` is `{front.language}`, which the file's name does not say"
            findings.append(Finding(file.name, file.line("language"), "id-is-not-file-name", message))
    return findings


def _words_used(words: Words, statutes: KnownStatutes) -> list[Finding]:
    """Wording that no statute has finds nothing: a slip of the pen, or an old law's words."""
    findings = []
    for matter in words.matters:
        for phrase in (word for wording in matter.law for word in wording.split()):
            if not statutes.occurs(phrase):
                message = f"`law`: no article has the words `{phrase}`; copy them from the statute"
                findings.append(Finding(matter.file, matter.line, "unused-words", message))
        for law in matter.within:
            if law not in statutes.laws:
                message = f"`in`: {statutes.unknown_law(law)}"
                findings.append(Finding(matter.file, matter.line, "unused-words", message))
    for alias, law in words.aliases.items():
        if law not in statutes.laws:
            message = f"`{alias}`: {statutes.unknown_law(law)}"
            findings.append(Finding("words/laws.yaml", 1, "unused-words", message))
    return findings


def errors(findings: Iterable[Finding]) -> int:
    return sum(finding.level == "error" for finding in findings)
