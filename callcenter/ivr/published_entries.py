"""What this site has published of its knowledge base, as files of the home, for menus.

A text that was changed or retired in the browser is not spoken any more, with or without engine and database.
"""

import logging
import os
from pathlib import Path

from sqlalchemy import select

from callcenter.config import Settings
from callcenter.ivr.knowledge import published_folder
from callcenter.knowledge.entry.model import Entry
from callcenter.knowledge.entry.repository import SITE, Entries
from callcenter.knowledge.entry.writer import entry_text
from callcenter.knowledge.table import EntryRow
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

MARK = ".mark"


def follow(settings: Settings, database: Database) -> bool:
    """Whether anything was published since the last look."""
    folder = published_folder(settings)
    with database.read() as session:
        mark = Entries(session).published_mark()
        if mark == _read(folder / MARK):
            return False
        rows = session.scalars(select(EntryRow).where(EntryRow.source == SITE)).all()
        entries = [Entry.from_data(row.path, row.data) for row in rows]
    for entry in entries:
        suffix = "" if entry.language == "zh" else f".{entry.language}"
        _put(folder / f"{entry.id}{suffix}.md", entry_text(entry))
    _put(folder / MARK, mark)
    log.info("flows.entries_followed count=%d", len(entries))
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _put(path: Path, text: str) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.replace(path)
