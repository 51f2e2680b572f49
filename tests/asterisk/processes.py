"""The processes of one system, found by the home in their environment or command line."""

import os
import signal
from pathlib import Path

from callcenter.config import Settings


def of_home(home: Path) -> dict[int, str]:
    """Process id -> command line, of every living process of this home."""
    places = (str(home), str(Settings(home=home).run_dir))  # Redis writes its title over its environment
    mark = f"CALLCENTER_HOME={home}\0".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            belongs = mark in (folder / "environ").read_bytes() + b"\0"
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        belongs = belongs or (words.startswith("redis-server") and any(place in words for place in places))
        if belongs and words and int(folder.name) != os.getpid():  # a zombie has no command line
            found[int(folder.name)] = words
    return found


def find(home: Path, *words: str) -> int | None:
    """The oldest process of this home whose command line has all these words."""
    fitting = [pid for pid, line in of_home(home).items() if all(word in line for word in words)]
    return min(fitting, default=None)


def send(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return


def runs(pid: int) -> bool:
    """False for a zombie too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended between opening and reading
        return False
