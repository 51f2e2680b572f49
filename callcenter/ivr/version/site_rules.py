"""What flows are checked against, kept until a file of the site changes: reading it all takes half a second."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.instants import CHINA
from callcenter.ivr.check import Rules
from callcenter.ivr.knowledge import published_folder
from callcenter.ivr.shipped import rules_of

Stamp = tuple[date, frozenset[tuple[str, int, int]]]


class SiteRules:
    """Thread-safe."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[Stamp, Rules] | None = None

    def now(self) -> Rules:
        stamp = (self._clock.now().astimezone(CHINA).date(), frozenset(self._files()))
        with self._lock:
            if self._kept is None or self._kept[0] != stamp:
                self._kept = (stamp, rules_of(self._settings, clock=self._clock))
            return self._kept[1]

    def _files(self) -> Iterator[tuple[str, int, int]]:
        """Words, site, and what is known of recordings."""
        flows = self._settings.flows_dir
        for folder, pattern in (
            (flows / "prompts", "*"),
            (flows / "site", "*"),
            (self._settings.home / "recorded-prompts", "*/*.json"),
            (published_folder(self._settings), "*/*.md"),
        ):
            for path in folder.glob(pattern):
                found = _stat(path)
                if found is not None:
                    yield str(path), found[0], found[1]


def _stat(path: Path) -> tuple[int, int] | None:
    """None: gone meanwhile."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
