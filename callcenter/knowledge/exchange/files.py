"""Entries back to files: what a site published, in the form in which entries are shipped."""

import os
from pathlib import Path

from callcenter.errors import BadInput
from callcenter.knowledge.entry.model import Front
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.entry.writer import entry_text, file_name
from callcenter.storage.database import Database


def export_files(database: Database, folder: Path) -> int:
    """`<topic>/<name>.md` for every entry; how many. Each file is replaced as a whole."""
    with database.read() as session:
        entries = Entries(session).all()
    topics = {entry.id: entry.front.topic for entry in entries if isinstance(entry.front, Front)}
    for entry in entries:
        path = folder / file_name(entry, topics.get(entry.id, ""))
        aside = path.with_name(f".{path.name}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(entry_text(entry), encoding="utf-8")
            os.replace(aside, path)
        except OSError as problem:
            raise BadInput(f"{path}: cannot be written ({problem.strerror}); choose another folder") from problem
    return len(entries)
