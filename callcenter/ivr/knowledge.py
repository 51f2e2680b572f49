"""Entries of the knowledge base as far as a caller may hear them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from callcenter.ivr.flow import Flow, Knowledge
from callcenter.knowledge.entry.model import Front
from callcenter.knowledge.entry.parser import read_entry


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

    def valid_on(self, day: date) -> bool:
        return not self.retired and self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


def read_spoken(folder: Path, entry_id: str, languages: Iterable[str] = ()) -> SpokenEntry | None:
    """None: there is no such entry, or its form is wrong (`callcenter kb check` tells how)."""
    path = folder / f"{entry_id}.md"
    try:
        entry = read_entry(path.read_bytes(), f"{entry_id}.md").entry
    except OSError:
        return None
    if entry is None or not isinstance(entry.front, Front):
        return None
    front = entry.front
    texts = {language: _translated(folder, entry_id, language) for language in languages} | {"zh": front.spoken}
    return SpokenEntry(
        id=entry_id,
        title=front.title,
        valid_from=front.valid_from,
        valid_until=front.valid_until,
        retired=front.status == "retired",
        spoken={language: text for language, text in texts.items() if text},
    )


def entries_of(flows: Iterable[Flow], folder: Path) -> dict[str, SpokenEntry]:
    """The entries that these flows speak, by id; those that are not there are left out."""
    asked = {node.knowledge for flow in flows for node in flow.nodes.values() if isinstance(node, Knowledge)}
    found = {entry_id: read_spoken(folder, entry_id) for entry_id in sorted(asked)}
    return {entry_id: entry for entry_id, entry in found.items() if entry is not None}


def _translated(folder: Path, entry_id: str, language: str) -> str | None:
    try:
        entry = read_entry((folder / f"{entry_id}.{language}.md").read_bytes(), f"{entry_id}.{language}.md").entry
    except OSError:
        return None
    return entry.front.spoken if entry is not None else None
