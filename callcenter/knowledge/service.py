"""The knowledge base of one process: the newest snapshot, and what is noted about its use."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import tantivy

from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.instants import CHINA
from callcenter.knowledge.entry.loading import load_entries
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.entry.topics import read_topics
from callcenter.knowledge.search import query, statute_index
from callcenter.knowledge.search.engine import Snapshot
from callcenter.knowledge.search.model import LIMIT_MAX, Found, Wanted
from callcenter.knowledge.search.sounds import Sounds
from callcenter.knowledge.search.words import Words, read_words
from callcenter.knowledge.statutes.numerals import spoken
from callcenter.knowledge.statutes.repository import Statutes
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 5.0
"""So often the database is asked whether something changed."""
VALID = ("", "current", "expired", "future")

Marks = tuple[str, str]


def index_folder(settings: Settings) -> Path:
    return settings.home / "knowledge"


@dataclass(frozen=True, slots=True)
class _Held:
    marks: Marks
    snapshot: Snapshot


class Knowledge:
    """Thread-safe. Entries are read from their files when it is made, later changes are seen in the database."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock | None = None,
        told: Callable[[int], None] | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock or SystemClock()
        self._told = told or (lambda _done: None)
        self._held: _Held | None = None
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def today(self) -> date:
        return self.today_in_china(self._clock)

    @staticmethod
    def today_in_china(clock: Clock | None = None) -> date:
        """A law takes force there."""
        return (clock or SystemClock()).now().astimezone(CHINA).date()

    def find(self, typed: str, wanted: Wanted) -> Found:
        """Raises BadInput for a filter that cannot be."""
        if wanted.valid not in VALID:
            raise BadInput(f"valid: {wanted.valid!r} is none of current, expired, future")
        if not 1 <= wanted.limit <= LIMIT_MAX:
            raise BadInput(f"limit: {wanted.limit} is not between 1 and {LIMIT_MAX}")
        snapshot = self.snapshot()
        if wanted.topic and not snapshot.topics.of(wanted.topic):
            raise BadInput(f"topic: there is no topic {wanted.topic!r}; there are {', '.join(snapshot.topics.all)}")
        return snapshot.find(typed, wanted, self.today())

    def snapshot(self) -> Snapshot:
        """The newest one. The first call waits until it is made; later changes are taken in behind the scenes."""
        held = self._held
        if held is None:
            with self._lock:
                if self._held is None:
                    load_entries(self._database, self._settings.knowledge_dir)
                    self._refresh()
                held = self._held
            assert held is not None  # noqa: S101
        elif time.monotonic() - self._looked_at >= LOOK_AGAIN_S and self._lock.acquire(blocking=False):
            self._looked_at = time.monotonic()
            threading.Thread(target=self._look_again, name="knowledge-refresh", daemon=True).start()
        return held.snapshot

    def changed(self) -> None:
        """Something was published here: the next search need not wait until the database is asked again."""
        self._looked_at = float("-inf")

    def prepare(self) -> None:
        """Make the first snapshot in a thread of its own, so that nobody waits for it."""
        threading.Thread(target=self._prepare, name="knowledge-prepare", daemon=True).start()

    def _prepare(self) -> None:
        try:
            self.snapshot()
        except Exception:
            log.exception("knowledge.not-loaded: the next search tries again")

    def _look_again(self) -> None:
        """Holds the lock that `snapshot` took."""
        try:
            self._refresh()
        except Exception:
            log.exception("knowledge.not-refreshed: the search goes on with what it has")
        finally:
            self._lock.release()

    def _refresh(self) -> None:
        with self._database.read() as session:
            marks = (Statutes(session).mark(), Entries(session).state())
            if self._held is not None and self._held.marks == marks:
                return
            entries = Entries(session).all()
            laws = [row.name for row in Statutes(session).laws()]
        folder = self._settings.knowledge_dir
        cache = index_folder(self._settings)
        index = ensure_index(self._database, self._settings, self._told) if marks[0] else None
        words, sounds = _words(folder / "words"), Sounds(cache / "sounds.json")
        snapshot = Snapshot.of(words, read_topics(folder), entries, laws, index, sounds, folder / ".cache")
        snapshot.warm(self.today())
        self._held = _Held(marks, snapshot)
        self._looked_at = time.monotonic()
        log.info("knowledge.loaded entries=%d laws=%d", len(entries), len(laws))


def _words(folder: Path) -> Words:
    """Faulty files are left out and logged; `kb check` tells what is wrong with them."""
    words, findings = read_words(folder)
    for finding in findings:
        log.warning("knowledge.words-fault %s", finding.as_text())
    return words


def ensure_index(database: Database, settings: Settings, told: Callable[[int], None]) -> tantivy.Index:
    """The index of the statutes as they are now, built if need be."""
    with database.read() as session:
        statutes = Statutes(session)
        return statute_index.ensure(index_folder(settings), statutes.mark(), statutes.articles, told)


def article_by_words(index: tantivy.Index) -> Callable[[str, str, str], str | None]:
    """For `kb check`: (statute, words, version) -> the article of that version whose words come nearest."""
    searcher = index.searcher()

    def alike(law: str, words: str, version: str) -> str | None:
        found = query.within_law(index.schema, law, words)
        for _, address in searcher.search(found, 20, count=False).hits:
            stored = searcher.doc(address).to_dict()
            if bytes(stored["version"][0]).decode() == version:
                return f"{spoken(stored['number'][0])} {bytes(stored['body'][0]).decode()[:40]}…"
        return None

    return alike


def phrase_occurs(index: tantivy.Index) -> Callable[[str], bool]:
    """For `kb check`: whether any article has the phrase."""
    searcher = index.searcher()

    def occurs(phrase: str) -> bool:
        found = query.exactly(index.schema, phrase)
        return found is not None and searcher.search(found, 1, count=False).hits != []

    return occurs
