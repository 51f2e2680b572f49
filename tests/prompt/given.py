"""Recordings as people bring them."""

import io
import math
import random
import struct
import wave


def speech(seconds: float = 1.0, level: float = 0.1, rate: int = 16000, seed: int = 1) -> list[int]:
    """Something like words: a tone that swells four times a second, with silence around it."""
    noise = random.Random(seed)
    silence = [noise.randint(-3, 3) for _ in range(rate // 4)]
    words = [
        int(32767 * level * math.sin(2 * math.pi * 300 * n / rate) * abs(math.sin(2 * math.pi * 2 * n / rate)))
        for n in range(int(rate * seconds))
    ]
    return [*silence, *words, *silence]


def wav(samples: list[int] | None = None, rate: int = 16000, channels: int = 1, width: int = 2) -> bytes:
    samples = speech(rate=rate) if samples is None else samples
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        data = struct.pack(f"<{len(samples)}h", *samples)
        file.writeframes(data if width == 2 else data[:: 2 // width])
    return out.getvalue()
