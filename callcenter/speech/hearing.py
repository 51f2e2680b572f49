"""One utterance against the words of one menu, by vosk. Blocks; only for a process that may fall over."""

import json
import math
import re
import wave
from array import array
from collections.abc import Sequence
from pathlib import Path

from callcenter.errors import BadInput
from callcenter.speech.client import Understood

SILENT = 200.0
"""Root mean square of the loudest 100 ms, of 32768: below it nothing was said (about -44 dBFS)."""
UNKNOWN = "[unk]"
"""Vosk's word for whatever is none of the grammar's."""


class Hearing:
    def __init__(self, model: Path) -> None:
        """Raises `BadInput` when there is no model. A broken one may end the process."""
        if not (model / "am" / "final.mdl").is_file() or not (model / "conf" / "mfcc.conf").is_file():
            raise BadInput(f"{model} holds no speech model (am/final.mdl, conf/mfcc.conf); unpack one there")
        import vosk  # 50 MB and a C++ library: only here

        self._vosk = vosk
        self._model = vosk.Model(model_path=str(model))
        found = re.search(r"--sample-frequency=(\d+)", (model / "conf" / "mfcc.conf").read_text())
        self.rate = int(found[1]) if found else 16000
        """Samples a second the model was made for; others it refuses."""

    def unknown(self, words: Sequence[str]) -> list[str]:
        """Those of which a part is not in the model's vocabulary: vosk would leave them out without a word."""
        return [word for word in words if any(self._model.vosk_model_find_word(part) < 0 for part in word.split())]

    def understand(self, wav: Path, words: Sequence[str]) -> Understood:
        """Raises `BadInput` for a file that cannot be read, or when no word is in the vocabulary."""
        strange = set(self.unknown(words))
        known = [word for word in words if word not in strange]
        if not known:
            raise BadInput(f"the model knows none of the words {', '.join(words)}; split them by spaces")
        samples, rate = _read(wav)
        if _loudest(samples, rate) < SILENT:
            return Understood("", silent=True)
        grammar = json.dumps([*known, UNKNOWN], ensure_ascii=False)
        recogniser = self._vosk.KaldiRecognizer(self._model, self.rate, grammar)
        recogniser.AcceptWaveform(_at_rate(samples, rate, self.rate).tobytes())
        text = str(json.loads(recogniser.FinalResult()).get("text", ""))
        said = " ".join(part for part in text.split() if part != UNKNOWN)
        # a model that takes no grammar answers with whole sentences
        found = [word for word in known if f" {word} " in f" {said} "]
        return Understood(max(found, key=len, default=""))


def _read(wav: Path) -> tuple["array[int]", int]:
    try:
        with wave.open(str(wav)) as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise BadInput(f"{wav} is not one channel of 16 bits")
            return array("h", file.readframes(file.getnframes())), file.getframerate()
    except (OSError, EOFError, wave.Error) as problem:
        raise BadInput(f"{wav} cannot be read as a WAV file ({problem})") from problem


def _loudest(samples: "array[int]", rate: int) -> float:
    frame = rate // 10
    frames = (samples[at : at + frame] for at in range(0, len(samples) - frame + 1, frame))
    return max((math.sqrt(sum(it * it for it in part) / frame) for part in frames), default=0.0)


def _at_rate(samples: "array[int]", rate: int, wanted: int) -> "array[int]":
    """By straight lines between the samples: telephone sound has nothing above 4 kHz that could fold down."""
    if rate == wanted or len(samples) < 2:
        return samples
    last = len(samples) - 1
    out = array("h")
    for at in range(len(samples) * wanted // rate):
        place = at * rate / wanted
        left = min(int(place), last)
        right = min(left + 1, last)
        out.append(round(samples[left] + (samples[right] - samples[left]) * (place - left)))
    return out
