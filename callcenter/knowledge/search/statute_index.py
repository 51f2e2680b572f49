"""The full-text index of all statutes: a folder of tantivy's, built from the database, good for one state of it."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import tantivy

from callcenter.knowledge.search.text import tokens
from callcenter.knowledge.statutes.names import law_name
from callcenter.knowledge.statutes.repository import StoredArticle

FORMAT = 2
"""Raised when the index is built otherwise than before, so that old ones are not opened."""
WRITER_BYTES = 128 * 1024 * 1024
WRITER_THREADS = 2
FOREVER = date.max

WEIGHT = "weight"
WEIGHTS = {"law": 1.0, "interpretation": 0.95, "regulation": 0.9, "rule": 0.85, "amendment": 0.4}
"""Of two equal finds the higher norm goes first. An amending decision repeats what the amended text says."""

TEXT_FIELDS = ("law", "heading", "text")
STORED = ("version", "path", "body")


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("name", "kind", "number"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in STORED:
        builder.add_bytes_field(name, stored=True, indexed=False)
    for name in ("since", "until"):
        builder.add_integer_field(name, stored=True, indexed=True, fast=True)
    builder.add_float_field(WEIGHT, fast=True)
    return builder.build()


def document(article: StoredArticle) -> tantivy.Document:
    found = tantivy.Document()
    found.add_text("law", " ".join(tokens(law_name(article.law))))
    found.add_text("heading", " ".join(tokens(article.heading)))
    found.add_text("text", " ".join(tokens(article.text)))
    found.add_text("name", article.law)
    found.add_text("kind", article.kind)
    found.add_text("number", article.number)
    found.add_bytes("version", article.version.isoformat().encode())
    found.add_bytes("path", article.heading.encode())
    found.add_bytes("body", article.text.encode())
    found.add_float(WEIGHT, WEIGHTS[article.kind])
    found.add_integer("since", article.valid_from.toordinal())
    found.add_integer("until", (article.valid_until or FOREVER).toordinal())
    return found


def ensure(
    folder: Path, mark: str, articles: Callable[[], Iterable[StoredArticle]], told: Callable[[int], None]
) -> tantivy.Index:
    """The index of the database's state `mark`, built if it is not there. `told` is called with articles done."""
    target = folder / f"statutes-{FORMAT}-{mark}"
    if not target.is_dir():
        with _alone(folder):
            if not target.is_dir():
                _build(target, articles(), told)
                _remove_others(target)
    return tantivy.Index.open(str(target))


def _build(target: Path, articles: Iterable[StoredArticle], told: Callable[[int], None]) -> None:
    """Made aside and renamed when whole: a build that is killed leaves nothing that could be opened."""
    aside = target.with_name(f"new-{uuid.uuid4().hex}")
    aside.mkdir(parents=True)
    try:
        index = tantivy.Index(schema(), path=str(aside))
        writer = index.writer(WRITER_BYTES, WRITER_THREADS)
        for done, article in enumerate(articles):
            if done % 1000 == 0:
                told(done)
            writer.add_document(document(article))
        writer.commit()
        writer.wait_merging_threads()
        os.rename(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _remove_others(kept: Path) -> None:
    """Who still reads an older one keeps its open files."""
    for other in kept.parent.iterdir():
        if other != kept and other.is_dir() and other.name.startswith(("statutes-", "new-")):
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
