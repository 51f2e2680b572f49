"""Words, sounds and the exact file: built really, with espeak-ng and sox, when the machine has them."""

import json
import math
import shutil
import struct
import wave
from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.errors import BadInput, Unavailable
from callcenter.ivr.speak import words_of
from callcenter.prompt import build as prompt_build
from callcenter.prompt.build import build, pinyin, samples_of, spoken_text
from callcenter.prompt.catalogue import (
    DIALPLAN_PROMPTS,
    Prompt,
    PromptFiles,
    Take,
    hash_of,
    read_catalogues,
    recording,
)
from callcenter.prompt.check import check_prompts, list_prompts
from callcenter.prompt.sound import dress, measure

needs_voice = pytest.mark.skipif(
    not (shutil.which("espeak-ng") and shutil.which("sox")), reason="espeak-ng and sox are not installed"
)


def words(language: str, source: str) -> str:
    say = "藏语录音占位，" if source == "placeholder" else ""
    return (
        f"language: {language}\nprompts:\n"
        f"  welcome: {{words: 您好。, say: {say}您好。, source: {source}}}\n"
        f"  goodbye: {{words: 再见。, say: {say}再见。, source: {source}}}\n"
    )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "flows" / "prompts"
    folder.mkdir(parents=True)
    (folder / "pinyin.yaml").write_text("藏语: zang4 yu3\n")
    for language, source in (("zh", "tts"), ("bo", "placeholder")):
        (folder / f"{language}.yaml").write_text(words(language, source))
    return Settings(home=tmp_path / "home", flows_dir=tmp_path / "flows", languages=["zh", "bo"])


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def a_recording(path: Path, level: float = 0.05, seconds: float = 1.0) -> Path:
    """A tone with silence around it, as 44.1 kHz WAV."""
    rate = 44100
    tone = [int(32767 * level * math.sin(2 * math.pi * 440 * n / rate)) for n in range(int(rate * seconds))]
    samples = [0] * rate + tone + [0] * rate
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


@needs_voice
def test_two_prompts_are_spoken_levelled_and_trimmed(site: Settings, cache: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    built = build(site, lambda *step: seen.append(step), cache=cache)
    assert sorted(built.made) == ["bo/goodbye", "bo/welcome", "zh/goodbye", "zh/welcome"]
    assert seen[-1] == (4, 4, "")
    for prompt in ("welcome", "goodbye"):
        found = measure(samples_of(site.prompts_dir / "zh" / f"{prompt}.sln16"), 16000)
        assert abs(found.active_dbfs + 20) <= 2
        assert found.peak_dbfs <= -3
        assert found.seconds > 0.5
        assert (round(found.lead_s, 2), round(found.tail_s, 2)) == (0.1, 0.2)
        alaw = (site.prompts_dir / "zh" / f"{prompt}.alaw").stat().st_size
        assert abs(alaw / 8000 - found.seconds) < 0.05


@needs_voice
def test_building_again_and_for_a_second_home_speaks_nothing(
    site: Settings, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(site, cache=cache)
    monkeypatch.setattr(prompt_build, "_run", lambda *_words, **_more: pytest.fail("nothing is to be made"))
    assert build(site, cache=cache).made == []
    second = site.model_copy(update={"home": tmp_path / "second"})
    built = build(second, cache=cache)
    assert (built.made, len(built.ready)) == ([], 4)
    assert (second.prompts_dir / "zh" / "welcome.alaw").is_file()


@needs_voice
def test_changed_words_are_spoken_anew_and_deleted_ones_go(site: Settings, cache: Path) -> None:
    build(site, cache=cache)
    before = (site.prompts_dir / "zh" / "goodbye.sln16").read_bytes()
    (site.flows_dir / "prompts" / "zh.yaml").write_text("language: zh\nprompts:\n  goodbye: {words: 谢谢，再见。}\n")
    assert build(site, cache=cache).made == ["zh/goodbye"]
    assert (site.prompts_dir / "zh" / "goodbye.sln16").read_bytes() != before
    assert not (site.prompts_dir / "zh" / "welcome.alaw").exists()


@needs_voice
def test_a_placeholder_is_only_for_the_demo_elsewhere_mandarin_stands_in_and_is_counted(
    site: Settings, cache: Path
) -> None:
    build(site, cache=cache)
    placeholder = (site.prompts_dir / "bo" / "welcome.alaw").read_bytes()
    real = site.model_copy(update={"profile": "site"})
    for _again in range(2):
        assert sorted(build(real, cache=cache).without) == ["bo/goodbye", "bo/welcome"]
    mandarin = (site.prompts_dir / "zh" / "welcome.alaw").read_bytes()
    assert (site.prompts_dir / "bo" / "welcome.alaw").read_bytes() == mandarin != placeholder
    files = PromptFiles.of(real)
    assert files.resolve("welcome", "bo") == real.prompts_dir / "zh" / "welcome"
    assert files.stand_ins == {"bo/welcome": 1}


@needs_voice
def test_an_offer_without_a_voice_is_silence_for_the_dialplan_and_left_out_by_the_engine(
    site: Settings, cache: Path
) -> None:
    for language, source in (("zh", "tts"), ("bo", "placeholder")):
        with (site.flows_dir / "prompts" / f"{language}.yaml").open("a") as book:
            book.write(f"  language-menu: {{words: 请按一。, source: {source}}}\n")
    real = site.model_copy(update={"profile": "site"})
    build(real, cache=cache)
    assert measure(samples_of(site.prompts_dir / "bo" / "language-menu.sln16"), 16000).seconds == 0.1
    assert (site.prompts_dir / "bo" / "language-menu.alaw").stat().st_size == 800
    assert PromptFiles.of(real).resolve("language-menu", "bo", own_voice=True) is None


@needs_voice
def test_a_sites_recording_takes_the_place_of_the_voice(site: Settings, cache: Path) -> None:
    a_recording(recording(site, "bo", "welcome"))
    real = site.model_copy(update={"profile": "site"})
    assert "bo/welcome" in build(real, cache=cache).made
    found = measure(samples_of(site.prompts_dir / "bo" / "welcome.sln16"), 16000)
    assert abs(found.active_dbfs + 20) < 0.5
    assert abs(found.seconds - 1.3) < 0.06
    assert [row.state for row in list_prompts(real, read_catalogues(site.flows_dir / "prompts", ["bo"]))] == [
        "recorded",
        "none",
    ]


@needs_voice
def test_a_recording_that_is_no_sound_is_named(site: Settings, cache: Path) -> None:
    own = recording(site, "zh", "welcome")
    own.parent.mkdir(parents=True)
    own.write_bytes(b"this is not a WAV file")
    with pytest.raises(BadInput, match="sox"):
        build(site, cache=cache)


def test_without_the_voice_the_build_says_what_to_install(
    site: Settings, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_build, "_where", lambda _program: None)
    with pytest.raises(Unavailable, match="install the package espeak-ng"):
        build(site, cache=cache)


def test_the_voice_is_given_pinyin_where_it_reads_wrongly(settings: Settings) -> None:
    readings = pinyin(settings.flows_dir / "prompts")
    spoken = spoken_text(Prompt(words="x", say="藏语录音占位，蒙古语请按三。"), readings)
    assert spoken == "zang4 yu3 录音占位， meng3 gu3 yu3 请按三。"


def test_speech_is_brought_to_one_level_but_never_over_the_peak() -> None:
    rate = 16000
    faint = struct.unpack("<16000h", b"".join(struct.pack("<h", int(500 * math.sin(n / 5))) for n in range(rate)))
    assert abs(measure(dress(prompt_build.array("h", faint), rate), rate).active_dbfs + 20) < 0.2
    spiky = [0] * rate
    for n in range(0, rate, 160):
        spiky[n] = 20000
    assert measure(dress(prompt_build.array("h", spiky), rate), rate).peak_dbfs <= -3


def test_silence_stays_silence() -> None:
    silence = prompt_build.array("h", bytes(3200))
    assert dress(silence, 16000) == silence
    assert measure(silence, 16000).active_dbfs == -120


def test_the_exact_file_is_found_and_never_english(tmp_path: Path) -> None:
    for name in ("zh/welcome.alaw", "zh/notice.sln16", "bo/notice.alaw", "en/thanks.alaw"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    files = PromptFiles(tmp_path, "zh")
    assert files.resolve("notice", "bo") == tmp_path / "bo" / "notice"
    assert files.resolve("welcome", "bo") == tmp_path / "zh" / "welcome"
    assert files.resolve("welcome", "bo", own_voice=True) is None
    assert files.resolve("thanks", "bo") is None
    assert (files.stand_ins, files.absent) == ({"bo/welcome": 1}, {"bo/welcome": 1, "bo/thanks": 1})


MANDARIN_ONLY = words_of("number", "zh") - words_of("number", "bo")
"""Words of the grammar of numbers that only Mandarin has been given (see speak.py)."""


def test_every_prompt_of_flows_and_dialplan_has_words_in_every_language(settings: Settings) -> None:
    books = read_catalogues(settings.flows_dir / "prompts", settings.languages)
    for book in books.values():
        assert set(DIALPLAN_PROMPTS) <= book.prompts.keys()
        lacking = {id_ for id_ in books["zh"].prompts.keys() - book.prompts.keys() if not id_.startswith("kb-")}
        assert lacking <= MANDARIN_ONLY | {"speech-menu"}
        assert book.prompts.keys() <= books["zh"].prompts.keys()
    assert not [finding for finding in check_prompts(settings) if finding.level == "error"]


def test_tibetan_and_mongolian_words_are_in_their_scripts_and_wait_for_a_reader(settings: Settings) -> None:
    books = read_catalogues(settings.flows_dir / "prompts", settings.languages)
    for language, first, last in (("bo", 0x0F00, 0x0FFF), ("mn", 0x1800, 0x18AF)):
        for prompt_id, prompt in books[language].prompts.items():
            if prompt_id == "tone":
                continue
            letters = [letter for letter in prompt.words if letter.isalpha()]
            assert all(first <= ord(letter) <= last for letter in letters)
            assert prompt.source == "placeholder"
            assert prompt.reviewed_by == ""
            assert "占位" in prompt.say[:8]


@needs_voice
def test_the_check_hears_what_is_wrong(site: Settings, cache: Path) -> None:
    for prompt in set(DIALPLAN_PROMPTS) - {"welcome", "goodbye"}:
        for language in site.languages:
            with (site.flows_dir / "prompts" / f"{language}.yaml").open("a") as book:
                book.write(f"  {prompt}: {{words: 您好。}}\n")
    (site.flows_dir / "main.yaml").write_text("id: main\nstart: p\nnodes:\n  p: {queue: zh}\n")
    own = a_recording(recording(site, "zh", "welcome"))
    own.with_suffix(".json").write_text(
        Take(speaker="卓玛", approved_by="1001", words_hash=hash_of("旧词")).model_dump_json()
    )
    build(site, cache=cache)
    (site.prompts_dir / "zh" / "goodbye.alaw").unlink()
    (site.prompts_dir / "zh" / "stranger.alaw").write_bytes(b"x")
    loud = site.prompts_dir / "bo" / "goodbye.sln16"
    loud.write_bytes(struct.pack("<h", 32000) * (loud.stat().st_size // 2))
    errors = {(finding.code, finding.file) for finding in check_prompts(site) if finding.level == "error"}
    assert errors == {("words-changed", "zh.yaml"), ("no-sound", "zh/goodbye"), ("too-loud", "bo/goodbye")}
    assert "orphan" in {finding.code for finding in check_prompts(site)}


def test_a_site_with_a_number_in_the_cloud_needs_the_words_of_it(site: Settings) -> None:
    (site.flows_dir / "main.yaml").write_text("id: main\nstart: p\nnodes:\n  p: {queue: zh}\n")

    def lacking(settings: Settings) -> set[str]:
        found = [it for it in check_prompts(settings) if it.code == "missing-prompt" and it.file == "bo.yaml"]
        return {it.message.split("`")[1] for it in found if "cloud" in it.message}

    assert lacking(site) == set()
    with_cloud = site.model_copy(update={"cloud_number": "+861012348"})
    assert {"cloud-away", "cloud-choice", "callback-offer", "voicemail"} <= lacking(with_cloud)


def test_a_broken_catalogue_is_named_by_file_and_line(site: Settings) -> None:
    (site.flows_dir / "prompts" / "bo.yaml").write_text("language: bo\nprompts:\n  welcome:\n    word: x\n")
    with pytest.raises(BadInput, match=r"bo\.yaml:"):
        read_catalogues(site.flows_dir / "prompts", ["zh", "bo"])
    assert json.dumps([finding.as_json() for finding in check_prompts(site)])
