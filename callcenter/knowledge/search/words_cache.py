"""Words as last read, beside the index: reading YAML takes a second, and the command line starts anew each time."""

import hashlib
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from callcenter.knowledge.search.words import Matter, Words, read_words

log = logging.getLogger(__name__)

FORMAT = 2


def words_of(folder: Path, cache: Path) -> Words:
    """The words of `folder`; faulty files are left out and logged, `kb check` tells what is wrong with them."""
    digest = _digest(folder)
    kept = cache / "words.json"
    try:
        content = json.loads(kept.read_text(encoding="utf-8"))
        if content["digest"] == digest:
            return _from_json(content["words"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there yet, or of another release
    words, findings = read_words(folder)
    for finding in findings:
        log.warning("knowledge.words-fault %s", finding.as_text())
    _keep(kept, {"digest": digest, "words": _as_json(words)})
    return words


def _digest(folder: Path) -> str:
    whole = hashlib.sha256(str(FORMAT).encode())
    for path in sorted(folder.glob("*.yaml")):
        whole.update(f"{path.name}\0".encode() + path.read_bytes())
    return whole.hexdigest()


def _keep(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    aside.replace(path)


def _as_json(words: Words) -> dict[str, Any]:
    return {
        "synonyms": words.synonyms,
        "ignored": sorted(words.ignored),
        "matters": [asdict(matter) for matter in words.matters],
        "aliases": words.aliases,
        "named": words.named,
    }


def _from_json(content: dict[str, Any]) -> Words:
    return Words(
        synonyms={word: tuple(meanings) for word, meanings in content["synonyms"].items()},
        ignored=frozenset(content["ignored"]),
        matters=tuple(_matter(matter) for matter in content["matters"]),
        aliases=content["aliases"],
        named=tuple(content["named"]),
    )


def _matter(content: dict[str, Any]) -> Matter:
    say = tuple(tuple(tuple(words) for words in parts) for parts in content["say"])
    return Matter(
        content["topic"], say, tuple(content["law"]), tuple(content["within"]), content["file"], content["line"]
    )
