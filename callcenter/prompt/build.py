"""Telephone files from recordings and from the machine voice. Incremental by hash; finished files are shared by all
homes of a checkout through its cache folder."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from callcenter.config import CHECKOUT, Settings
from callcenter.errors import BadInput, Unavailable
from callcenter.prompt.catalogue import (
    BORROWED,
    FORMATS,
    MANIFEST,
    OWN_VOICE,
    Catalogue,
    Prompt,
    read_catalogues,
    read_manifest,
    recording,
)
from callcenter.prompt.sound import dress, tone

CACHE = CHECKOUT / ".cache" / "prompts"
PIPELINE = "1"
"""Raise it when the same words would sound different."""
VOICE = ("-v", "cmn-latn-pinyin", "-s", "195")
"""The voice `cmn` of espeak-ng 1.51 spells pinyin in English; this one speaks Mandarin. 195 words a minute."""

Progress = Callable[[int, int, str], None]
"""(done, of, `<language>/<id>`)."""


@dataclass(slots=True)
class Built:
    """`<language>/<id>` of what was made, found ready (in the cache or in place), or has no sound to make it from."""

    made: list[str] = field(default_factory=list)
    ready: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


def build(
    settings: Settings, progress: Progress | None = None, *, cache: Path = CACHE, only: str | None = None
) -> Built:
    """Bring `settings.prompts_dir` up to date; with `only`, this one prompt in every language.

    Raises `Unavailable` when sox or espeak-ng is needed and missing, `BadInput` for a faulty catalogue or recording.
    """
    catalogues = read_catalogues(settings.flows_dir / "prompts", settings.languages)
    settings.prompts_dir.mkdir(parents=True, exist_ok=True)
    with _alone(settings.prompts_dir):
        return _build(settings, catalogues, progress, cache, only)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One builder at a time: the api may approve a recording while the command line builds."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(
    settings: Settings,
    catalogues: Mapping[str, Catalogue],
    progress: Progress | None,
    cache: Path,
    only: str | None,
) -> Built:
    readings = pinyin(settings.flows_dir / "prompts")
    all_ = [(language, item) for language, book in catalogues.items() for item in book.prompts.items()]
    todo = [(language, item) for language, item in all_ if only in (None, item[0])]
    manifest = read_manifest(settings.prompts_dir)
    built, present = Built(), dict[str, str]() if only is None else dict(manifest)
    for done, (language, (prompt_id, prompt)) in enumerate(todo):
        name = f"{language}/{prompt_id}"
        if progress:
            progress(done, len(todo), name)
        sound = _sound(settings, language, prompt_id, prompt, readings)
        target = settings.prompts_dir / language / prompt_id
        if sound is None:
            built.without.append(name)
            sound = _instead(settings, catalogues[settings.default_language], prompt_id, readings)
            if sound is None:
                present.pop(name, None)
                _remove(target)
                continue
            present[name] = BORROWED + sound.key
        else:
            present[name] = sound.key
        if manifest.get(name) == present[name] and all(_file(target, format_).is_file() for format_ in FORMATS):
            built.ready += [] if present[name].startswith(BORROWED) else [name]
            continue
        made = _into_cache(sound, cache)
        target.parent.mkdir(parents=True, exist_ok=True)
        for format_ in FORMATS:
            _copy(_cached(cache, sound.key, format_), _file(target, format_))
        if not present[name].startswith(BORROWED):
            (built.made if made else built.ready).append(name)
    for name in manifest.keys() - present.keys():
        _remove(settings.prompts_dir / name)
    _write(settings.prompts_dir / MANIFEST, json.dumps(present, indent=1, sort_keys=True).encode())
    if progress:
        progress(len(todo), len(todo), "")
    return built


def prepare(wav: Path, cache: Path = CACHE) -> Path:
    """Make the telephone files of a recording in the cache, where nobody hears them yet. Returns the `.sln16`.

    Raises as `build`. A build that follows only has to put them in their place.
    """
    sound = _recorded(wav)
    _into_cache(sound, cache)
    return _cached(cache, sound.key, "sln16")


def pinyin(folder: Path) -> dict[str, str]:
    """Words that the machine voice reads wrongly -> the reading it is given instead, longest word first."""
    path = folder / "pinyin.yaml"
    table = YAML(typ="safe", pure=True).load(path.read_bytes()) if path.is_file() else {}
    return {str(word): str(table[word]) for word in sorted(table or {}, key=lambda word: -len(str(word)))}


def spoken_text(prompt: Prompt, readings: Mapping[str, str]) -> str:
    text = prompt.say or prompt.words
    for word, reading in readings.items():
        text = text.replace(word, f" {reading} ")
    return text.strip()


@dataclass(frozen=True, slots=True)
class _Sound:
    key: str
    """Names the finished files in the cache: the same source and pipeline give the same sound."""
    wav: Path | None = None
    text: str = ""
    tone: bool = False


def _sound(
    settings: Settings, language: str, prompt_id: str, prompt: Prompt, readings: Mapping[str, str]
) -> _Sound | None:
    own = recording(settings, language, prompt_id)
    if own.is_file():
        return _recorded(own)
    if prompt.source == "recorded" or (prompt.source == "placeholder" and settings.profile != "demo"):
        return None
    if prompt.source == "tone":
        return _Sound(_key("tone"), tone=True)
    text = spoken_text(prompt, readings)
    return _Sound(_key("tts", *VOICE, text), text=text)


def _recorded(wav: Path) -> _Sound:
    return _Sound(_key("wav", hashlib.sha256(wav.read_bytes()).hexdigest()), wav=wav)


def _instead(settings: Settings, book: Catalogue, prompt_id: str, readings: Mapping[str, str]) -> _Sound | None:
    """What a language without a recording gets, so that the dialplan, too, never plays a file that is not there:
    the default language's sound, or silence where only the language's own voice will do."""
    if prompt_id in OWN_VOICE:
        return _Sound(_key("silence"))
    prompt = book.prompts.get(prompt_id)
    return _sound(settings, book.language, prompt_id, prompt, readings) if prompt else None


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join((PIPELINE, *parts)).encode()).hexdigest()[:32]


def _into_cache(sound: _Sound, cache: Path) -> bool:
    """Make the files unless they are there. True when they were made."""
    if all(_cached(cache, sound.key, format_).is_file() for format_ in FORMATS):
        return False
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="making-") as scratch:
        work = Path(scratch)
        (work / "out.sln16").write_bytes(_linear(sound, work))
        alaw = ("-t", "raw", "-r", "8000", "-c", "1", "-e", "a-law", "-b", "8")
        _run("sox", "-G", "-t", "raw", *_RAW16, str(work / "out.sln16"), *alaw, str(work / "out.alaw"))
        for format_ in FORMATS:
            final = _cached(cache, sound.key, format_)
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(work / f"out.{format_}", final)
    return True


def _linear(sound: _Sound, work: Path) -> bytes:
    """16 kHz, 16 bits, little-endian."""
    if sound.tone:
        return _bytes(dress(tone(16000), 16000))
    if sound.wav is None and not sound.text:
        return bytes(2 * 1600)
    source = sound.wav or _speak(sound.text, work / "said.wav")
    _run("sox", "-G", str(source), "-t", "raw", *_RAW16, str(work / "plain"), "gain", "-6", "highpass", "100")
    dressed = dress(samples_of(work / "plain"), 16000)
    if not dressed:
        raise BadInput(f"{source}: holds no sound; record it again")
    return _bytes(dressed)


_RAW16 = ("-r", "16000", "-c", "1", "-e", "signed-integer", "-b", "16", "-L")


def _speak(text: str, wav: Path) -> Path:
    _run("espeak-ng", *VOICE, "-w", str(wav), "--stdin", text=text)
    return wav


def _run(program: str, *arguments: str, text: str = "") -> None:
    if _where(program) is None:
        raise Unavailable(f"{program} is not installed, prompts cannot be built; install the package {program}")
    done = subprocess.run([program, *arguments], input=text.encode(), capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BadInput(f"{program}: {said[-1] if said else 'failed'}; check the sound file or the words")


@lru_cache
def _where(program: str) -> str | None:
    return shutil.which(program)


def samples_of(raw: Path) -> "array[int]":
    """16-bit linear samples of an `.sln16`."""
    data = raw.read_bytes()
    samples = array("h", data[: len(data) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _bytes(samples: "array[int]") -> bytes:
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()


def _cached(cache: Path, key: str, format_: str) -> Path:
    return cache / key[:2] / f"{key}.{format_}"


def _file(target: Path, format_: str) -> Path:
    return target.with_name(f"{target.name}.{format_}")


def _copy(source: Path, target: Path) -> None:
    _write(target, source.read_bytes())


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all: Asterisk may be playing the old file. Readable for its user, whatever the umask."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.write_bytes(data)
    fresh.chmod(0o644)
    os.replace(fresh, target)


def _remove(target: Path) -> None:
    for format_ in FORMATS:
        _file(target, format_).unlink(missing_ok=True)
