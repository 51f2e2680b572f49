"""The life of a recording: uploaded, checked, heard by a second person, approved, and then heard by callers.

Files in `<home>/recorded-prompts/`: `<language>/<id>.wav` with `<id>.json` is what callers hear (`catalogue.Take`);
`takes/<sha256>.wav` keeps every recording ever uploaded.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from callcenter.account.repository import Audit
from callcenter.clock import Clock
from callcenter.confgen.hold_music import renew_words
from callcenter.config import Settings
from callcenter.errors import BadInput, CallCenterError, Conflict, NotFound
from callcenter.prompt.build import CACHE, build, prepare, samples_of
from callcenter.prompt.catalogue import (
    FORMATS,
    Catalogue,
    Manifest,
    Prompt,
    Take,
    hash_of,
    read_catalogues,
    read_take,
    recording,
)
from callcenter.prompt.check import state_of, used_prompts
from callcenter.prompt.repository import Takes
from callcenter.prompt.sound import measure
from callcenter.prompt.table import PromptTakeRow
from callcenter.prompt.uploaded import Checked, checked
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

SOURCES = {"recorded": "recorded", "tts": "machine", "tone": "machine", "placeholder": "placeholder", "none": "missing"}
RATE = 16000
"""Of the files that callers on HD phones hear, and that are measured."""


class SecondPerson(CallCenterError):
    """Four eyes: whoever uploaded a recording does not approve it."""

    code = "needs-second-person"
    status = 403


class WordsChanged(Conflict):
    code = "words-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One prompt in one language, as it stands now."""

    id: str
    language: str
    prompt: Prompt
    source: str
    """`recorded`, `machine`, `placeholder`, or `missing` when the language has no sound of its own."""
    take: Take | None
    changed: bool
    """The words are no longer those that were recorded."""
    length_s: float | None
    loudness_db: float | None
    used_in: Sequence[str]
    waiting: PromptTakeRow | None

    @property
    def words_hash(self) -> str:
        return hash_of(self.prompt.words)


class Prompts:
    def __init__(self, settings: Settings, database: Database, clock: Clock, cache: Path = CACHE) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._cache = cache

    def items(self, language: str = "", *, missing: bool = False) -> list[Item]:
        """In the order of the catalogue. `missing`: only those that a person has still to record.

        Raises `BadInput` for an unknown language or a faulty catalogue.
        """
        books, used = self._books(language), used_prompts(self._settings)
        with self._database.read() as session:
            waiting = Takes(session).all_waiting(list(books))
        borrowed = Manifest(self._settings.prompts_dir).borrowed
        found = [
            self._item(of, id_, prompt, waiting.get((of, id_)), used.get(id_, ()), borrowed)
            for of, book in books.items()
            for id_, prompt in book.prompts.items()
        ]
        return [it for it in found if not missing or (it.source != "recorded" and it.prompt.source != "tone")]

    def item(self, language: str, prompt_id: str) -> Item:
        prompt = self._prompt(language, prompt_id)
        with self._database.read() as session:
            waiting = Takes(session).waiting(language, prompt_id)
        borrowed = Manifest(self._settings.prompts_dir).borrowed
        return self._item(
            language, prompt_id, prompt, waiting, used_prompts(self._settings).get(prompt_id, ()), borrowed
        )

    def history(self, language: str, prompt_id: str) -> list[PromptTakeRow]:
        self._prompt(language, prompt_id)
        with self._database.read() as session:
            return Takes(session).history(language, prompt_id)

    def upload(self, language: str, prompt_id: str, data: bytes, speaker: str, by: str) -> Item:
        """Check and keep it; callers do not hear it yet. An upload that waited before gives way.

        Raises `BadRecording`, `NotFound`, `BadInput`.
        """
        prompt, found, now = self._prompt(language, prompt_id), checked(data), self._clock.now()
        speaker = speaker.strip()
        if not 1 <= len(speaker) <= 80:
            raise BadInput("say who speaks, in 1 to 80 characters", field="speaker")
        _write(self._kept(found.sha256), found.data)
        with self._database.begin() as session:
            takes = Takes(session)
            takes.replace_waiting(language, prompt_id, by, now)
            takes.add(_row(language, prompt_id, prompt, found, speaker, by, now))
            Audit(session).add(now, by, "prompt.uploaded", f"{language}/{prompt_id}", speaker=speaker)
        log.info("prompt.uploaded prompt=%s/%s by=%s", language, prompt_id, by)
        return self.item(language, prompt_id)

    def approve(self, language: str, prompt_id: str, by: str, *, four_eyes: bool = True) -> Item:
        """Put what waits in the place of what callers hear, whole or not at all.

        Raises `NotFound` when nothing waits, `SecondPerson`, `WordsChanged`, `BadInput` for a sound that cannot be
        made into telephone files, `Unavailable` without sox.
        """
        prompt = self._prompt(language, prompt_id)
        with self._database.read() as session:
            takes = Takes(session)
            wanted = self._waiting(takes, language, prompt_id)
            alone = takes.others_who_decide(wanted.uploaded_by) == 0
        if four_eyes and by == wanted.uploaded_by and not alone:
            raise SecondPerson("you have uploaded this recording: somebody else listens to it and approves it")
        if wanted.words_hash != hash_of(prompt.words):
            raise WordsChanged("the words have changed since this was recorded; reject it and record the new words")
        kept = self._kept(wanted.sha256)
        if not kept.is_file():
            raise NotFound(f"the sound of this recording is no longer in {kept.parent}; upload it again")
        prepare(kept, self._cache)  # slow, and the place where a bad sound shows
        now = self._clock.now()
        with self._database.begin() as session:
            row = self._waiting(Takes(session), language, prompt_id)
            if row.id != wanted.id:
                raise Conflict("a newer recording was uploaded in the meantime; listen to that one")
            row.state, row.decided_by, row.decided_at = "approved", by, now
            take = Take(
                speaker=row.speaker,
                approved_by=by,
                approved_at=now,
                words_hash=row.words_hash,
                length_s=row.length_s,
                loudness_db=row.loudness_db,
            )
            Audit(session).add(now, by, "prompt.approved", f"{language}/{prompt_id}", take=row.id)
            master = recording(self._settings, language, prompt_id)
            _write(master.with_suffix(".json"), take.model_dump_json(indent=1).encode())
            _write(master, kept.read_bytes())
            build(self._settings, cache=self._cache, only=prompt_id)
        if prompt_id == "queue-wait":
            for line in self._settings.languages:
                renew_words(self._settings.asterisk_dir / "moh", self._settings.prompts_dir, line)
        log.info("prompt.approved prompt=%s/%s by=%s", language, prompt_id, by)
        return self.item(language, prompt_id)

    def reject(self, language: str, prompt_id: str, by: str, why: str) -> Item:
        """Whoever uploaded it may also take it back. Raises `NotFound` when nothing waits."""
        self._prompt(language, prompt_id)
        now = self._clock.now()
        with self._database.begin() as session:
            row = self._waiting(Takes(session), language, prompt_id)
            row.state, row.decided_by, row.decided_at, row.why = "rejected", by, now, why[:400]
            Audit(session).add(now, by, "prompt.rejected", f"{language}/{prompt_id}", take=row.id)
        log.info("prompt.rejected prompt=%s/%s by=%s", language, prompt_id, by)
        return self.item(language, prompt_id)

    def heard(self, language: str, prompt_id: str) -> Path:
        """The `.sln16` that callers hear. Raises `NotFound` where the language has none of its own."""
        self._prompt(language, prompt_id)
        path = self._settings.prompts_dir / language / f"{prompt_id}.sln16"
        if f"{language}/{prompt_id}" in Manifest(self._settings.prompts_dir).borrowed or not path.is_file():
            raise NotFound(f"`{prompt_id}` has no sound in {language} yet; record it")
        return path

    def waiting_sound(self, language: str, prompt_id: str) -> Path:
        """The WAV as it was uploaded. Raises `NotFound`."""
        self._prompt(language, prompt_id)
        with self._database.read() as session:
            path = self._kept(self._waiting(Takes(session), language, prompt_id).sha256)
        if not path.is_file():
            raise NotFound(f"the sound of this recording is no longer in {path.parent}; upload it again")
        return path

    def _item(
        self,
        language: str,
        prompt_id: str,
        prompt: Prompt,
        waiting: PromptTakeRow | None,
        used: Sequence[str],
        borrowed: frozenset[str],
    ) -> Item:
        state = state_of(self._settings, language, prompt_id, prompt)
        take = read_take(recording(self._settings, language, prompt_id)) if state == "recorded" else None
        base = self._settings.prompts_dir / language / prompt_id
        own = all(base.with_name(f"{prompt_id}.{it}").is_file() for it in FORMATS)
        own = own and f"{language}/{prompt_id}" not in borrowed
        length, loudness = _measured(base.with_name(f"{prompt_id}.sln16")) if own else (None, None)
        recorded = take.words_hash if take else prompt.words_hash if prompt.source == "recorded" else ""
        return Item(
            id=prompt_id,
            language=language,
            prompt=prompt,
            source=SOURCES[state],
            take=take,
            changed=bool(recorded) and recorded != hash_of(prompt.words),
            length_s=length,
            loudness_db=loudness,
            used_in=used,
            waiting=waiting,
        )

    def _waiting(self, takes: Takes, language: str, prompt_id: str) -> PromptTakeRow:
        row = takes.waiting(language, prompt_id)
        if row is None:
            raise NotFound(f"no recording of `{prompt_id}` in {language} waits to be approved")
        return row

    def _books(self, language: str = "") -> dict[str, Catalogue]:
        known = self._settings.languages
        if language and language not in known:
            raise BadInput(f"`{language}` is not a language of this site; known: {', '.join(known)}")
        return read_catalogues(self._settings.flows_dir / "prompts", [language] if language else known)

    def _prompt(self, language: str, prompt_id: str) -> Prompt:
        if language not in self._settings.languages:
            raise NotFound(f"`{language}` is not a language of this site; known: {', '.join(self._settings.languages)}")
        prompt = self._books(language)[language].prompts.get(prompt_id)
        if prompt is None:
            raise NotFound(f"{language}.yaml has no prompt `{prompt_id}`")
        return prompt

    def _kept(self, sha256: str) -> Path:
        return self._settings.home / "recorded-prompts" / "takes" / f"{sha256}.wav"


def _row(
    language: str, prompt_id: str, prompt: Prompt, found: Checked, speaker: str, by: str, now: datetime
) -> PromptTakeRow:
    return PromptTakeRow(
        language=language,
        prompt=prompt_id,
        state="waiting",
        words_hash=hash_of(prompt.words),
        sha256=found.sha256,
        speaker=speaker,
        length_s=found.length_s,
        loudness_db=found.loudness_db,
        uploaded_by=by,
        uploaded_at=now,
    )


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.write_bytes(data)
    os.replace(fresh, target)


def _measured(path: Path) -> tuple[float, float]:
    """Seconds and dBFS of a telephone file."""
    return _measured_at(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2000)
def _measured_at(path: Path, _changed: int) -> tuple[float, float]:
    found = measure(samples_of(path), RATE)
    return found.seconds, found.active_dbfs
