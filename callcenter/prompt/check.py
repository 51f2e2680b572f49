"""What is wrong with the prompts: words that are missing or have changed, sounds that are missing, faint or clipped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from callcenter.cloud.running import ENDING
from callcenter.config import Settings
from callcenter.ivr.check import flow_files
from callcenter.ivr.finding import Finding
from callcenter.ivr.reading import read_flow
from callcenter.ivr.yaml_source import YamlSource
from callcenter.prompt.build import samples_of
from callcenter.prompt.catalogue import (
    DIALPLAN_PROMPTS,
    FORMATS,
    MANIFEST,
    Catalogue,
    Prompt,
    catalogue_source,
    hash_of,
    read_catalogue,
    read_take,
    recording,
)
from callcenter.prompt.sound import ACTIVE_DBFS, PEAK_DBFS, measure

SHORTEST_S, LONGEST_S = 0.3, 60.0
LEVEL_DB = 2.0
SILENCE_S = 0.4
RATE = 16000


@dataclass(frozen=True, slots=True)
class PromptRow:
    """One prompt in one language, for lists. `state`: recorded, tts, placeholder, or none when nothing is heard."""

    language: str
    id: str
    words: str
    meaning: str
    state: str
    reviewed_by: str
    approved_by: str
    used_in: Sequence[str]


def used_prompts(settings: Settings, language: str = "") -> dict[str, list[str]]:
    """Prompt id -> who plays it (to callers of one language): `dialplan`, `cloud`, flows by id. Flows that
    cannot be read count as using nothing."""
    used: dict[str, list[str]] = {prompt: ["dialplan"] for prompt in DIALPLAN_PROMPTS}
    for path in flow_files(settings.flows_dir):
        flow = read_flow(path).flow
        if flow is None:
            continue
        played = (node.prompts_in(language) if language else node.prompts() for node in flow.nodes.values())
        for prompt in dict.fromkeys(id_ for ids in played for id_ in ids):
            used.setdefault(prompt, []).append(flow.id)
    if settings.cloud_number:
        for prompt in dict.fromkeys(id_ for node in ENDING.nodes.values() for id_ in node.prompts()):
            used.setdefault(prompt, []).append("cloud")
    return used


def list_prompts(settings: Settings, catalogues: Mapping[str, Catalogue]) -> list[PromptRow]:
    used = used_prompts(settings)
    return [
        PromptRow(
            language,
            prompt_id,
            prompt.words,
            prompt.meaning,
            state_of(settings, language, prompt_id, prompt),
            prompt.reviewed_by,
            _approved_by(settings, language, prompt_id, prompt),
            used.get(prompt_id, []),
        )
        for language, book in catalogues.items()
        for prompt_id, prompt in book.prompts.items()
    ]


def state_of(settings: Settings, language: str, prompt_id: str, prompt: Prompt) -> str:
    if recording(settings, language, prompt_id).is_file():
        return "recorded"
    if prompt.source == "recorded" or (prompt.source == "placeholder" and settings.profile != "demo"):
        return "none"
    return prompt.source


def check_prompts(settings: Settings) -> list[Finding]:
    """Of the words always; of the sound files only after a first `prompts build`."""
    findings: list[Finding] = []
    built = (settings.prompts_dir / MANIFEST).is_file()
    for language in settings.languages:
        source = catalogue_source(settings.flows_dir / "prompts", language)
        book = read_catalogue(settings.flows_dir / "prompts", language)
        if not isinstance(book, Catalogue):
            findings += book
            continue
        for prompt_id, users in used_prompts(settings, language).items():
            if prompt_id not in book.prompts:
                message = f"prompt `{prompt_id}` has no words in {language} but is played by {', '.join(users)}; add it"
                findings.append(Finding(f"{language}.yaml", 1, "missing-prompt", message))
        for prompt_id, prompt in book.prompts.items():
            line = source.line("prompts", prompt_id) if isinstance(source, YamlSource) else 1
            findings += _words(settings, language, prompt_id, prompt, line)
            if built and state_of(settings, language, prompt_id, prompt) != "none":
                findings += _sounds(settings, language, prompt_id)
        if built:
            findings += _orphans(settings, language, book)
    return findings


def _words(settings: Settings, language: str, prompt_id: str, prompt: Prompt, line: int) -> Iterator[Finding]:
    file, state = f"{language}.yaml", state_of(settings, language, prompt_id, prompt)
    take = read_take(recording(settings, language, prompt_id))
    recorded_hash = take.words_hash if take else prompt.words_hash
    if state == "recorded" and recorded_hash and recorded_hash != hash_of(prompt.words):
        message = f"`{prompt_id}`: the words have changed since they were recorded; record it again"
        yield Finding(file, line, "words-changed", message)
    if state == "none":
        message = f"`{prompt_id}`: nothing is recorded, callers hear Mandarin instead; record it"
        yield Finding(file, line, "not-recorded", message)
    if state == "recorded" and not _approved_by(settings, language, prompt_id, prompt):
        message = f"`{prompt_id}`: nobody has approved the recording; add it with `callcenter prompts add`"
        yield Finding(file, line, "not-approved", message)
    if not prompt.reviewed_by and prompt.source not in ("tts", "tone"):
        message = f"`{prompt_id}`: no speaker of the language has read the words; put a name in `reviewed_by`"
        yield Finding(file, line, "not-reviewed", message)


def _sounds(settings: Settings, language: str, prompt_id: str) -> Iterator[Finding]:
    base = settings.prompts_dir / language / prompt_id
    files = {format_: base.with_name(f"{prompt_id}.{format_}") for format_ in FORMATS}
    name = f"{language}/{prompt_id}"
    lacking = [path.name for path in files.values() if not _size(path)]
    if lacking:
        message = f"{', '.join(lacking)} is not there or is empty; run `callcenter prompts build`"
        yield Finding(name, 1, "no-sound", message)
        return
    found = measure(samples_of(files["sln16"]), RATE)
    if abs(_size(files["alaw"]) / 8000 - found.seconds) > 0.1:
        yield Finding(name, 1, "formats-differ", "the .alaw and the .sln16 are not of one length; build them again")
    if not SHORTEST_S <= found.seconds <= LONGEST_S:
        message = f"is {found.seconds:.1f} s long; {SHORTEST_S} to {LONGEST_S:.0f} s are allowed"
        yield Finding(name, 1, "bad-length", message)
    if found.peak_dbfs > PEAK_DBFS + 0.1:
        yield Finding(name, 1, "too-loud", f"peaks at {found.peak_dbfs:.1f} dBFS, {PEAK_DBFS} is the limit")
    elif abs(found.active_dbfs - ACTIVE_DBFS) > LEVEL_DB:
        message = f"speech is at {found.active_dbfs:.1f} dBFS instead of {ACTIVE_DBFS} (within {LEVEL_DB} dB)"
        yield Finding(name, 1, "bad-level", message)
    if max(found.lead_s, found.tail_s) > SILENCE_S:
        message = f"has {found.lead_s:.1f} s of silence before and {found.tail_s:.1f} s after the words; trim it"
        yield Finding(name, 1, "long-silence", message)


def _orphans(settings: Settings, language: str, book: Catalogue) -> Iterator[Finding]:
    folder = settings.prompts_dir / language
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.removeprefix(".") in FORMATS and path.stem not in book.prompts:
            message = f"{path.name} belongs to no prompt of {language}.yaml; delete it"
            yield Finding(f"{language}/{path.name}", 1, "orphan", message)


def _approved_by(settings: Settings, language: str, prompt_id: str, prompt: Prompt) -> str:
    take = read_take(recording(settings, language, prompt_id))
    return take.approved_by if take else prompt.approved_by


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
