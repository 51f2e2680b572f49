"""`python -m tests.speech.tinyvosk.build FOLDER`: about 12 s, 570 kB. The same words give the same model."""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # two threads on two busy cores are eight times slower

import numpy as np

from tests.speech.tinyvosk.graphs import write_graphs
from tests.speech.tinyvosk.kaldi_files import write_network
from tests.speech.tinyvosk.training import CONFIG, around, features, learned
from tests.speech.tinyvosk.voice import RATE, SILENCE, VARIANTS, Voice, another_speaker, telephone

HERE = Path(__file__).parent
UTTERANCES = 400
"""Enough for clean words of a menu."""
DECODING = {
    "min-active": 200,
    "max-active": 3000,
    "beam": 13.0,
    "lattice-beam": 6.0,
    "acoustic-scale": 0.7,
    "frame-subsampling-factor": 3,
    "endpoint.silence-phones": 1,
    "endpoint.rule2.min-trailing-silence": 0.5,
    "endpoint.rule3.min-trailing-silence": 0.75,
    "endpoint.rule4.min-trailing-silence": 1.0,
}


def pinyin_of() -> dict[str, str]:
    """Word -> how it is read."""
    lines = [line.split() for line in (HERE / "words.txt").read_text().splitlines()]
    return {line[0]: " ".join(line[1:]) for line in lines if line and line[0] != "#"}


def build(folder: Path) -> None:
    random, voice, read = np.random.default_rng(1), Voice(), pinyin_of()
    sentences = [line.split() for line in (HERE / "sentences.txt").read_text().splitlines() if line]
    lexicon = {word: [phone for _, phone in voice.say(said)[1] if phone != SILENCE] for word, said in read.items()}
    heard, spoken = [], []
    for _ in range(UTTERANCES):
        said = _drawn(random, sorted(read), sentences)
        between = ", " if random.random() < 0.25 else " "
        variant = VARIANTS[random.integers(len(VARIANTS))]
        text = between.join(read[word] for word in said)
        sound, phones = voice.say(text, variant, random.uniform(110, 230), random.uniform(15, 85))
        longer = 1.0
        if random.random() < 0.75:
            sound, longer = another_speaker(sound, random)
        sound, lead = telephone(sound, random)
        heard.append(features(sound))
        spoken.append([(0.0, SILENCE), *((at * longer + lead, phone) for at, phone in phones)])
    known = {phone for said in [*lexicon.values(), *([it for _, it in told] for told in spoken)] for phone in said}
    phones = sorted(known - {SILENCE})
    number = {phone: at for at, phone in enumerate([SILENCE, *phones])}
    frames, told = [], []
    for sound, marks in zip(heard, spoken, strict=True):
        middle = np.arange(len(sound)) * 0.01 + 0.0125
        labels = np.array([number[phone] for _, phone in marks])
        kept = np.arange(random.integers(3), len(sound), 3)
        frames.append(around(sound)[kept].astype(np.float32))
        told.append(labels[np.searchsorted([at for at, _ in marks], middle, side="right") - 1][kept])
    labels = np.concatenate(told)
    layers = learned(np.concatenate(frames), labels, len(number), random)
    often = np.bincount(labels, minlength=len(number)) + 1.0
    for name in ("am", "conf"):
        (folder / name).mkdir(parents=True)
    ids = write_graphs(folder / "graph", lexicon, phones, sentences)
    pdfs = {id_: number[name if name == SILENCE else name[:-2]] for name, id_ in ids.items()}
    write_network(folder / "am" / "final.mdl", len(ids), pdfs, layers, often / often.sum())
    _options(folder / "conf" / "mfcc.conf", {"sample-frequency": RATE, **CONFIG})
    _options(folder / "conf" / "model.conf", DECODING)


def _drawn(random: np.random.Generator, words: list[str], sentences: list[list[str]]) -> list[str]:
    """A sentence, a word, or some words."""
    kind = random.random()
    if kind < 0.4:
        return sentences[random.integers(len(sentences))]
    count = 1 if kind < 0.7 else random.integers(2, 6)
    return [words[random.integers(len(words))] for _ in range(count)]


def _options(file: Path, options: dict[str, object]) -> None:
    file.write_text("".join(f"--{name}={value}\n" for name, value in options.items()))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
