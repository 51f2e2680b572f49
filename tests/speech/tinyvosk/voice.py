"""Speech with the time of every phoneme, and what a telephone line does to it."""

import ctypes
from typing import Any

import numpy as np

RATE = 8000
"""Samples a second: a telephone's."""
VOICE = "cmn-latn-pinyin"
"""Reads pinyin; the plain `cmn` of version 1.51 reads it as English."""
VARIANTS = ["", "f1", "f2", "f3", "m1", "m2", "m3", "m4", "m5", "m7", "Annie", "Michael", "linda", "max"]
VARIANTS += ["steph", "ed", "paul", "belinda"]
PHONEME = 7
SILENCE = "SIL"

Samples = np.ndarray[Any, Any]
Spoken = list[tuple[float, str]]
"""Second at which it begins, phoneme."""


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        *(("type", ctypes.c_int), ("uid", ctypes.c_uint), ("text_position", ctypes.c_int)),
        *(("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int)),
        *(("user", ctypes.c_void_p), ("id", _Id)),
    ]


class Voice:
    """The library of espeak-ng; its program does not tell when a phoneme begins."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._rate = self._library.espeak_Initialize(2, 0, None, 1)
        if self._rate <= 0:
            raise RuntimeError("libespeak-ng does not start")
        listener = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
        self._kept = listener(self._on)  # or it is collected while the library still calls it
        self._library.espeak_SetSynthCallback(self._kept)
        self._sound: list[Samples] = []
        self._phonemes: Spoken = []

    def _on(self, sound: Any, count: int, events: Any) -> int:
        if count > 0 and sound:
            self._sound.append(np.ctypeslib.as_array(sound, (count,)).copy())
        at = 0
        while events[at].type:
            if events[at].type == PHONEME:
                self._phonemes.append((events[at].audio_position / 1000.0, events[at].id.string.decode()))
            at += 1
        return 0

    def say(
        self, pinyin: str, variant: str = "", words_a_minute: float = 150, pitch: float = 50
    ) -> tuple[Samples, Spoken]:
        self._sound, self._phonemes = [], []
        name = f"{VOICE}+{variant}" if variant else VOICE
        if self._library.espeak_SetVoiceByName(name.encode()):
            raise RuntimeError(f"espeak-ng has no voice {name}")
        self._library.espeak_SetParameter(1, int(words_a_minute), 0)
        self._library.espeak_SetParameter(3, int(pitch), 0)
        text = pinyin.encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 0, 0, 1, None, None)
        self._library.espeak_Synchronize()
        return at_rate(np.concatenate(self._sound).astype(np.float64), self._rate, RATE), _phones(self._phonemes)


def _phones(told: Spoken) -> Spoken:
    """Marks of languages are left out, and of syllables, where the phoneme before runs on."""
    said = [(at, phone) for at, phone in told if phone and phone != "_|" and not phone.startswith("(")]
    return [(at, SILENCE if phone.startswith("_") else phone) for at, phone in said]


def at_rate(samples: Samples, rate: float, wanted: float) -> Samples:
    count = int(len(samples) * wanted / rate)
    spectrum = np.fft.rfft(samples)
    bins = count // 2 + 1
    spectrum = spectrum[:bins] if bins <= len(spectrum) else np.pad(spectrum, (0, bins - len(spectrum)))
    return np.fft.irfft(spectrum, count) * (count / len(samples))


def another_speaker(samples: Samples, random: np.random.Generator) -> tuple[Samples, float]:
    """Formants shifted, spectrum tilted. Besides: by how much it is longer."""
    shift = random.uniform(0.85, 1.2)
    longer = at_rate(samples, len(samples), int(len(samples) / shift))
    spectrum, corners = np.fft.rfft(longer), np.linspace(0, 5, 6)
    gains = np.interp(np.linspace(0, 5, len(spectrum)), corners, random.uniform(-6, 6, 6))
    return np.fft.irfft(spectrum * 10 ** (gains / 20), len(longer)), 1.0 / shift


def telephone(samples: Samples, random: np.random.Generator) -> tuple[Samples, float]:
    """With silence at both ends, some noise, any level, through A-law. Besides: the seconds before the first word."""
    lead, tail = random.uniform(0.1, 0.6), random.uniform(0.2, 0.7)
    sound = np.concatenate([np.zeros(int(lead * RATE)), samples, np.zeros(int(tail * RATE))])
    sound = sound / (np.abs(sound).max() + 1e-9) * random.uniform(2500, 22000)
    distance = random.choice([random.uniform(8, 35), 90])  # dB between speech and noise
    if distance < 80:
        loud = sound[np.abs(sound) > 1]
        noise = random.standard_normal(len(sound))
        if random.random() < 0.5:
            noise = np.convolve(noise, [1, 0.9, 0.8, 0.7, 0.6, 0.5], "same")
        sound = sound + noise / noise.std() * np.sqrt(np.mean(loud**2)) * 10 ** (-distance / 20)
    return np.round(_a_law_and_back(sound)), lead


def _a_law_and_back(samples: Samples) -> Samples:
    a, scaled = 87.6, np.clip(samples, -32768, 32767) / 32768.0
    size = np.abs(scaled)
    bent = np.where(size < 1 / a, a * size, 1 + np.log(a * np.maximum(size, 1 / a))) / (1 + np.log(a))
    bent = np.round(bent * 127) / 127
    size = np.where(bent < 1 / (1 + np.log(a)), bent * (1 + np.log(a)) / a, np.exp(bent * (1 + np.log(a)) - 1) / a)
    return np.sign(scaled) * size * 32768.0
