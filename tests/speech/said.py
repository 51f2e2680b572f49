"""What a caller sends: words of the synthesiser, a whistle, noise, nothing. Raw A-law or WAV by the file's name."""

import subprocess
from pathlib import Path

from tests.speech.tinyvosk.build import pinyin_of

VOICE = ("-v", "cmn-latn-pinyin", "-s", "150")
FORMS = {".alaw": ("-t", "raw", "-e", "a-law"), ".wav": ("-e", "signed", "-b", "16")}


def word(file: Path, words: str, before_s: float = 0.4, after_s: float = 0.4) -> Path:
    """`words` separated by spaces."""
    read = pinyin_of()
    spoken = file.with_name("spoken.wav")
    text = " ".join(read[part] for part in words.split())
    subprocess.run(["espeak-ng", *VOICE, "-w", spoken, text], check=True)
    return _sox(file, spoken, effects=["gain", "-n", "-6", "pad", before_s, after_s])


def whistle(file: Path, seconds: float = 4) -> Path:
    return _sox(file, "-n", effects=["synth", seconds, "sine", "900-1400", "vol", 0.3])


def noise(file: Path, seconds: float = 4) -> Path:
    return _sox(file, "-n", effects=["synth", seconds, "pinknoise", "vol", 0.2])


def silence(file: Path, seconds: float = 4) -> Path:
    return _sox(file, "-n", effects=["trim", 0, seconds])


def _sox(file: Path, source: object, effects: list[object]) -> Path:
    form = ("-r", "8000", "-c", "1", *FORMS[file.suffix], file)
    rate = () if source != "-n" else ("-r", "8000", "-c", "1")
    subprocess.run(["sox", "-D", *rate, str(source), *form, *map(str, effects)], check=True)
    return file
