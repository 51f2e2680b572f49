"""The catalogue of prompts: what is said, word for word, in each language, and who stands for it.

Words live in `ivr_flows/prompts/<language>.yaml`; recordings of a site in `<home>/recorded-prompts/<language>/`; the
telephone files built from both in `<home>/prompts/<language>/`.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.ivr.finding import Finding
from callcenter.ivr.names import PromptId
from callcenter.ivr.yaml_source import YamlSource, read_yaml

log = logging.getLogger(__name__)

DIALPLAN_PROMPTS = (
    "welcome",
    "language-menu",
    "notice",
    "queue-wait",
    "queue-sorry",
    "survey",
    "survey-again",
    "thanks",
    "goodbye",
    "callback-ask",
    "callback-key",
    "callback-keep",
    "callback-kept",
    "duty-ask",
    "wait-about",
    "wait-minutes",
    "voicemail",
    "tone",
    "voicemail-kept",
)
"""Ids that Asterisk's own dialplan plays, with or without an engine, and those that go before the queue."""

FORMATS = ("alaw", "sln16")
"""A-law for the trunk (plays with no work), 16 kHz linear for HD phones; Asterisk takes the nearer one."""

OWN_VOICE = frozenset({"language-menu"})
"""Prompts in which no other language may stand in: an offer of Tibetan is made in Tibetan or not at all."""

MANIFEST = "manifest.json"
"""In the folder of the telephone files: `<language>/<id>` -> key of its sound."""
BORROWED = "borrowed:"
"""Before a key: the sound is the default language's (or silence), because the language has none of its own."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]


class Prompt(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Words
    """What the caller hears, to the letter."""
    meaning: str = ""
    """The same in Mandarin, for those who do not read the language."""
    say: str = ""
    """What the machine voice gets when `words` would mislead it, or the announced placeholder."""
    source: Literal["tts", "placeholder", "recorded", "tone"] = "tts"
    """`tone`: no words but a signal, made by the build."""
    speaker: str = ""
    reviewed_by: str = ""
    """Who read the words as a speaker of the language."""
    approved_by: str = ""
    words_hash: str = ""
    """`hash_of(words)` at the time of the recording: words changed since then need a new one."""


class Catalogue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    prompts: dict[PromptId, Prompt] = Field(min_length=1)


class Take(BaseModel):
    """What is known of a recording; `<id>.json` beside `<id>.wav`, written when it is approved."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    speaker: str
    approved_by: str
    words_hash: str
    approved_at: datetime | None = None
    """None: before approvals were dated."""
    length_s: float | None = None
    loudness_db: float | None = None


def hash_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def catalogue_source(folder: Path, language: str) -> YamlSource | Finding:
    path = folder / f"{language}.yaml"
    try:
        return read_yaml(path.read_bytes(), path.name)
    except OSError as problem:
        return Finding(path.name, 1, "not-readable", f"{path} cannot be read ({problem.strerror}); add it")


def read_catalogue(folder: Path, language: str) -> Catalogue | list[Finding]:
    """The words of one language, or what is wrong with the file."""
    path = folder / f"{language}.yaml"
    source = catalogue_source(folder, language)
    if isinstance(source, Finding):
        return [source]
    try:
        catalogue = Catalogue.model_validate(source.value)
    except ValidationError as problem:
        return [_fault(source, error["loc"], error["msg"]) for error in problem.errors()]
    if catalogue.language != language:
        message = f"language is `{catalogue.language}` but the file is `{path.name}`; make them the same"
        return [Finding(path.name, source.line("language"), "bad-value", message)]
    return catalogue


def read_catalogues(folder: Path, languages: Sequence[str]) -> dict[str, Catalogue]:
    """Raises `BadInput` for the first fault of any file."""
    found: dict[str, Catalogue] = {}
    for language in languages:
        catalogue = read_catalogue(folder, language)
        if not isinstance(catalogue, Catalogue):
            raise BadInput(catalogue[0].as_text())
        found[language] = catalogue
    return found


def recording(settings: Settings, language: str, prompt_id: str) -> Path:
    """Where a site puts its own recording: WAV, mono, 16 bits, 16 kHz or more."""
    return settings.home / "recorded-prompts" / language / f"{prompt_id}.wav"


def read_take(wav: Path) -> Take | None:
    """None when nothing (or nothing readable) is known of the recording."""
    try:
        return Take.model_validate_json(wav.with_suffix(".json").read_bytes())
    except (OSError, ValidationError, json.JSONDecodeError):
        return None


class Manifest:
    """What the folder of the telephone files holds, read again when it has changed: a recording that was approved a
    moment ago counts for the next caller."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: tuple[int, int] | None = None
        self._borrowed = frozenset[str]()

    @property
    def borrowed(self) -> frozenset[str]:
        """`<language>/<id>` of those whose sound is the default language's, or silence."""
        try:
            found = (self._folder / MANIFEST).stat()
        except OSError:
            self._stamp, self._borrowed = None, frozenset()
            return self._borrowed
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            keys = read_manifest(self._folder)
            self._stamp, self._borrowed = stamp, frozenset(n for n, key in keys.items() if key.startswith(BORROWED))
        return self._borrowed


class PromptFiles:
    """Finds the exact file to play, so that Asterisk's own fall-back (ending in English) never acts.

    `stand_ins` and `absent` count, by `<language>/<id>`, what had to be played in Mandarin or not at all.
    """

    def __init__(self, folder: Path, default_language: str) -> None:
        self.folder = folder
        self.stand_ins = Counter[str]()
        self.absent = Counter[str]()
        self._default_language = default_language
        self._manifest = Manifest(folder)

    @classmethod
    def of(cls, settings: Settings) -> "PromptFiles":
        return cls(settings.prompts_dir, settings.default_language)

    def resolve(self, prompt_id: str, language: str, *, own_voice: bool = False) -> Path | None:
        """The absolute path without extension: the language's own file, else the default language's, else None.

        With `own_voice` nothing stands in for a missing file.
        """
        path = self.folder / language / prompt_id
        name = f"{language}/{prompt_id}"
        if name not in self._manifest.borrowed and _is_there(path):
            return path
        stand_in = self.folder / self._default_language / prompt_id
        if not own_voice and language != self._default_language and _is_there(stand_in):
            self.stand_ins[name] += 1
            log.warning("prompt.stand_in prompt=%s played=%s", name, self._default_language)
            return stand_in
        self.absent[name] += 1
        log.warning("prompt.absent prompt=%s", name)
        return None


def read_manifest(folder: Path) -> dict[str, str]:
    """Empty when nothing is built yet, or the file is not whole: then all is built anew."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): str(key) for name, key in found.items()} if isinstance(found, dict) else {}


def words_known(catalogues: Mapping[str, Catalogue]) -> dict[str, frozenset[str]]:
    """Language -> ids with words, as the flow checker wants it."""
    return {language: frozenset(catalogue.prompts) for language, catalogue in catalogues.items()}


def words_changed(settings: Settings, book: Catalogue) -> frozenset[str]:
    """Ids of the prompts that were recorded with other words than they have now."""
    changed = set[str]()
    for prompt_id, prompt in book.prompts.items():
        wav = recording(settings, book.language, prompt_id)
        take = read_take(wav) if wav.is_file() else None
        recorded = take.words_hash if take else prompt.words_hash if prompt.source == "recorded" else ""
        if recorded and recorded != hash_of(prompt.words):
            changed.add(prompt_id)
    return frozenset(changed)


def _is_there(path: Path) -> bool:
    return any(path.with_name(f"{path.name}.{format_}").is_file() for format_ in FORMATS)


def _fault(source: YamlSource, loc: tuple[int | str, ...], said: str) -> Finding:
    path = tuple(str(step) for step in loc if step != "[key]")
    where = " / ".join(path)
    return Finding(source.name, source.line(*path), "bad-value", f"{where}: {said[0].lower()}{said[1:]}")
