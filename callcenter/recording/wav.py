"""16-bit PCM in WAV files: reading what Asterisk left, also when it was killed, and writing the sealed stereo file.

Asterisk writes the header first, with sizes of 0, and fills the sizes in when it closes the file. So a file whose
writer was killed has all its sound and a header that denies it; what counts then is the length of the file.
"""

import hashlib
import os
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import BinaryIO

from callcenter.errors import CallCenterError
from callcenter.recording.model import Measured

SAMPLE_BYTES = 2
FULL_SCALE = 32768.0
HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
RATES = (8000, 16000)
LARGEST = 0xFFFF_FFFF - HEADER.size


class UnreadableSound(CallCenterError):
    code = "unreadable-sound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Where the samples of one WAV file lie."""

    path: Path
    rate: int
    """Samples a second."""
    channels: int
    offset: int
    """Bytes before the first sample."""
    frames: int
    """One frame is one sample of each channel."""


def locate(path: Path) -> Sound:
    """Find the samples of a 16-bit PCM file. Raises UnreadableSound, in words, for anything else."""
    size = path.stat().st_size
    with path.open("rb") as file:
        riff = file.read(12)
        if len(riff) < 12 or riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
            raise UnreadableSound(f"{path.name} is not a WAV file")
        form: tuple[int, ...] | None = None
        while len(head := file.read(8)) == 8:
            name, length = head[:4], int.from_bytes(head[4:], "little")
            if name == b"data":
                return _sound(path, form, file.tell(), length, size)
            if name == b"fmt ":
                form = struct.unpack("<HHIIHH", file.read(16).ljust(16, b"\0"))
                length -= 16
            file.seek(length + length % 2, os.SEEK_CUR)
    raise UnreadableSound(f"{path.name} has a header without sound")


def _sound(path: Path, form: tuple[int, ...] | None, offset: int, stated: int, size: int) -> Sound:
    if form is None:
        raise UnreadableSound(f"{path.name} does not say how its sound is written")
    code, channels, rate, _, _, bits = form
    if code != 1 or bits != 16 or channels not in (1, 2) or rate not in RATES:
        raise UnreadableSound(f"{path.name} is not 16-bit PCM at 8 or 16 kHz")
    there = size - offset
    length = stated if _chunk_follows(path, offset + stated, size) else there
    return Sound(path=path, rate=rate, channels=channels, offset=offset, frames=length // (SAMPLE_BYTES * channels))


def _chunk_follows(path: Path, end: int, size: int) -> bool:
    """Whether the stated length is true: the file ends there, or there is another chunk and not more sound."""
    if end >= size:
        return end == size
    with path.open("rb") as file:
        file.seek(end)
        head = file.read(8)
    return (
        len(head) == 8
        and all(32 <= byte < 127 for byte in head[:4])
        and end + 8 + int.from_bytes(head[4:], "little") <= size
    )


def write_stereo(target: Path, left: Sound | None, right: Sound | None) -> None:
    """Two one-channel sounds side by side; the shorter or absent one is filled with silence. Safe on disk at return."""
    sides = [side for side in (left, right) if side is not None]
    rate = sides[0].rate
    if any(side.rate != rate or side.channels != 1 for side in sides):
        raise UnreadableSound("the two sides were not recorded in the same way")
    frames = max(side.frames for side in sides)
    if frames * 2 * SAMPLE_BYTES > LARGEST:
        raise UnreadableSound(f"{frames / rate / 3600:.0f} hours are more than a WAV file can hold")
    with target.open("wb") as file:
        file.write(_header(rate, frames))
        blocks_left, blocks_right = _blocks(left), _blocks(right)
        for start in range(0, frames, rate):
            count = min(rate, frames - start)
            both = array("h", bytes(count * 2 * SAMPLE_BYTES))
            for channel, blocks in enumerate((blocks_left, blocks_right)):
                block = next(blocks, array("h"))
                both[channel : 2 * len(block) : 2] = block
            file.write(both.tobytes())
        file.flush()
        os.fsync(file.fileno())


def measure(path: Path) -> Measured:
    """Read a sealed file back from the disk. Raises UnreadableSound when it is not one."""
    sound = locate(path)
    if sound.channels != 2:
        raise UnreadableSound(f"{path.name} has one side only")
    sums, loudest = [0.0, 0.0], [0.0, 0.0]
    for block in _blocks(sound):
        for channel in (0, 1):
            samples = block[channel::2]
            power = float(sum(map(mul, samples, samples)))
            sums[channel] += power
            loudest[channel] = max(loudest[channel], _rms(power, len(samples)))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Measured(
        sha256=digest,
        bytes=path.stat().st_size,
        seconds=sound.frames / sound.rate,
        caller_rms=_rms(sums[0], sound.frames),
        seat_rms=_rms(sums[1], sound.frames),
        caller_loudest=loudest[0],
        seat_loudest=loudest[1],
    )


def _rms(power: float, samples: int) -> float:
    return (power / samples) ** 0.5 / FULL_SCALE if samples else 0.0


def _header(rate: int, frames: int) -> bytes:
    length, frame = frames * 2 * SAMPLE_BYTES, 2 * SAMPLE_BYTES
    return HEADER.pack(
        b"RIFF", HEADER.size - 8 + length, b"WAVE", b"fmt ", 16, 1, 2, rate, rate * frame, frame, 16, b"data", length
    )


def _blocks(sound: Sound | None) -> "Iterator[array[int]]":
    """One second at a time, so that a talk of hours needs no more memory than a short one."""
    if sound is None:
        return
    with sound.path.open("rb") as file:
        file.seek(sound.offset)
        left = sound.frames
        while left:
            count = min(sound.rate, left)
            yield _read(file, count * sound.channels)
            left -= count


def _read(file: BinaryIO, samples: int) -> "array[int]":
    block = array("h")
    block.frombytes(file.read(samples * SAMPLE_BYTES))
    return block
