"""What Asterisk leaves behind, made by hand."""

import math
import struct
import wave
from array import array
from datetime import datetime
from pathlib import Path

from callcenter.recording.table import RecordingRow
from callcenter.storage.database import Database

STEM = "2026/01/05/a-1767603600.17"
CALL = "a-1767603600.17"


def tone(seconds: float, hertz: float = 440, amplitude: float = 0.3, rate: int = 8000) -> array:
    return array(
        "h", (round(amplitude * 32767 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(round(seconds * rate)))
    )


def silence(seconds: float, rate: int = 8000) -> array:
    return array("h", bytes(2 * round(seconds * rate)))


def write(path: Path, samples: array, rate: int = 8000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def deny_length(path: Path, riff: int = 0, data: int = 0) -> Path:
    """The header as Asterisk leaves it when it is killed."""
    with path.open("r+b") as file:
        file.seek(4)
        file.write(struct.pack("<I", riff))
        file.seek(40)
        file.write(struct.pack("<I", data))
    return path


def parts(folder: Path, stem: str = STEM) -> tuple[Path, Path]:
    return folder / f"{stem}-caller.wav", folder / f"{stem}-seat.wav"


def due_row(database: Database, at: datetime, call: str = CALL, stem: str = STEM) -> None:
    with database.begin() as session:
        session.add(RecordingRow(call=call, file=stem, state="due", due_at=at))


def row(database: Database, call: str = CALL) -> RecordingRow:
    with database.read() as session:
        found = session.get(RecordingRow, call)
    assert found is not None
    return found
