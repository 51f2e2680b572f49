"""Files of entries -> database: what changed is read, what is faulty keeps its last good form."""

import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from callcenter.knowledge.entry.check import entry_paths
from callcenter.knowledge.entry.finding import Finding
from callcenter.knowledge.entry.parser import read_entry
from callcenter.knowledge.entry.repository import Entries
from callcenter.storage.database import Database

log = logging.getLogger(__name__)


@dataclass
class Loaded:
    read: int = 0
    dropped: int = 0
    faulty: list[Finding] = field(default_factory=list)


def load_entries(database: Database, folder: Path) -> Loaded:
    """Nothing is written when no file changed."""
    result = Loaded()
    contents: dict[str, bytes] = {}
    for path in entry_paths(folder):
        try:
            contents[path.relative_to(folder).as_posix()] = path.read_bytes()
        except OSError as problem:
            log.warning("knowledge.entry-unreadable file=%s reason=%s", path, problem.strerror)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    mark = hashlib.sha256("".join(f"{name} {digest}\0" for name, digest in digests.items()).encode()).hexdigest()
    with database.read() as session:
        if Entries(session).mark() == mark:
            return result
        known = Entries(session).digests()
    read = {name: read_entry(data, name) for name, data in contents.items() if known.get(name) != digests[name]}
    with database.begin() as session:
        entries = Entries(session)
        gone = known.keys() - contents.keys()
        entries.drop(gone)
        result.dropped = len(gone)
        session.flush()
        for name, file in read.items():
            if file.entry is not None:
                entries.keep(file.entry, digests[name])
                session.flush()
                result.read += 1
            else:
                result.faulty += file.findings[:1]
                log.info("knowledge.entry-fault %s", file.findings[0].as_text())
        entries.set_mark(mark)
    if result.faulty:
        log.warning(
            "knowledge.entries-faulty count=%d: they are not searched; see `callcenter kb check`", len(result.faulty)
        )
    return result
