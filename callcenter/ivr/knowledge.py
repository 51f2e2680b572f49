"""Entries of the knowledge base as far as a caller may hear them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from callcenter.config import Settings
from callcenter.ivr.flow import Flow, Knowledge
from callcenter.ivr.nodes_spoken import entry_prompt
from callcenter.knowledge.entry.model import Entry, Front
from callcenter.knowledge.entry.parser import read_entry
from callcenter.prompt.catalogue import Catalogue, read_catalogue

Words = Callable[[str, str], str | None]
"""(language, prompt) -> what its recording says; None: no such prompt."""


def _any_words(_language: str, _prompt: str) -> None:
    """Recordings are not compared."""


@dataclass(frozen=True, slots=True)
class SpokenEntry:
    id: str
    title: str
    valid_from: date
    valid_until: date | None
    """First day on which it is no longer valid."""
    retired: bool
    spoken: Mapping[str, str] = field(default_factory=dict)
    """Language -> what a caller may hear."""
    stale: frozenset[str] = frozenset()
    """Languages whose prompt says something else than the entry now does: callers do not hear it."""

    def valid_on(self, day: date) -> bool:
        return not self.retired and self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def published_folder(settings: Settings) -> Path:
    """Entries that this site has published itself, as files (`published_entries.py`)."""
    return settings.home / "spoken-entries"


def entry_folders(settings: Settings) -> tuple[Path, ...]:
    """What the site has published counts before what was shipped."""
    return (published_folder(settings), settings.knowledge_dir)


def recorded_words(settings: Settings) -> Words:
    """By the catalogue of prompts, which is read again when it changes."""
    folder = settings.flows_dir / "prompts"

    def words(language: str, prompt: str) -> str | None:
        try:
            changed = (folder / f"{language}.yaml").stat().st_mtime_ns
        except OSError:
            return None
        return _texts(folder, language, changed).get(prompt)

    return words


@lru_cache(maxsize=16)
def _texts(folder: Path, language: str, _changed: int) -> Mapping[str, str]:
    book = read_catalogue(folder, language)
    return {id_: prompt.words for id_, prompt in book.prompts.items()} if isinstance(book, Catalogue) else {}


def read_spoken(
    folders: Sequence[Path],
    entry_id: str,
    languages: Iterable[str] = (),
    words: Words = _any_words,
) -> SpokenEntry | None:
    """From the first folder that has it. None: there is no such entry, or its form is wrong (`callcenter kb check`)."""
    entry = _read(folders, f"{entry_id}.md")
    if entry is None or not isinstance(entry.front, Front):
        return None
    front = entry.front
    others = {language: _read(folders, f"{entry_id}.{language}.md") for language in languages if language != "zh"}
    translated = {language: it.front for language, it in others.items() if it is not None}
    texts = {language: it.spoken if it.status != "retired" else None for language, it in translated.items()}
    texts["zh"] = front.spoken
    recorded = {language: words(language, entry_prompt(entry_id)) for language in texts}
    return SpokenEntry(
        id=entry_id,
        title=front.title,
        valid_from=front.valid_from,
        valid_until=front.valid_until,
        retired=front.status == "retired",
        spoken={language: text for language, text in texts.items() if text},
        stale=frozenset(it for it, text in texts.items() if recorded[it] is not None and recorded[it] != text),
    )


def entries_of(flows: Iterable[Flow], folders: Sequence[Path]) -> dict[str, SpokenEntry]:
    """The entries that these flows speak, by id; those that are not there are left out."""
    asked = {node.knowledge for flow in flows for node in flow.nodes.values() if isinstance(node, Knowledge)}
    found = {entry_id: read_spoken(folders, entry_id) for entry_id in sorted(asked)}
    return {entry_id: entry for entry_id, entry in found.items() if entry is not None}


def _read(folders: Sequence[Path], name: str) -> Entry | None:
    for folder in folders:
        try:
            data = (folder / name).read_bytes()
        except OSError:
            continue
        return read_entry(data, name).entry
    return None
