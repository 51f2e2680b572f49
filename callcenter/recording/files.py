"""The files of one recording, and what the kernel knows of them."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from callcenter.errors import BadInput
from callcenter.recording.model import QUIET

LOCK_FILE = ".sealing"
"""One file for all locks: each recording has one byte of it. The kernel lets go when the holder dies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    caller: Path
    seat: Path
    sealed: Path
    unfinished: Path
    """Where the sealed file grows. Its name is always the same, so a crash leaves at most this one behind."""

    @property
    def parts(self) -> tuple[Path, Path]:
        return self.caller, self.seat


def of(folder: Path, stem: str) -> Files:
    """Raises BadInput for a stem that leads out of the recordings folder."""
    base = folder / stem
    if not base.resolve().is_relative_to(folder.resolve()) or base.resolve() == folder.resolve():
        raise BadInput(f"{stem} is not a name inside the recordings folder")
    beside = base.parent
    return Files(
        caller=beside / f"{base.name}-caller.wav",
        seat=beside / f"{base.name}-seat.wav",
        sealed=beside / f"{base.name}.wav",
        unfinished=beside / f".{base.name}.wav.unfinished",
    )


def being_written(path: Path) -> bool:
    """Whether any process has the file open for writing.

    The kernel grants a read lease only when none has (fcntl(2), F_SETLEASE). Where it grants none at all - another
    owner's file, a network disk - the age of the last change decides.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # A writer that opens the file just now would send us SIGIO, which kills; SIGURG does nothing.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return time.time() - os.fstat(descriptor).st_mtime < QUIET.total_seconds()
    else:
        return False
    finally:
        os.close(descriptor)


@contextmanager
def alone(folder: Path, call: str) -> Iterator[bool]:
    """Whether we are the only process at this recording now; if so, until the block ends."""
    byte = int.from_bytes(sha256(call.encode()).digest()[:6], "big")
    with (folder / LOCK_FILE).open("ab") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except OSError:
            yield False
            return
        yield True


def put_in_place(unfinished: Path, final: Path) -> None:
    """Rename, and make the rename itself last through a power cut."""
    os.replace(unfinished, final)
    folder = os.open(final.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
