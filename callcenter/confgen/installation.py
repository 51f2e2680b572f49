"""Which Asterisk this machine has: its own package when 20 or newer, else the root folder `make setup` makes."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from callcenter.config import CHECKOUT
from callcenter.errors import Unavailable

OLDEST = 20
ROOT_FOLDER = CHECKOUT / ".cache" / "asterisk-root"
"""A Debian root folder; nothing is mounted or chrooted: Asterisk is started through its own loader."""


class AsteriskMissing(Unavailable):
    code = "asterisk-missing"


@dataclass(frozen=True, slots=True)
class Installation:
    command: tuple[str, ...]
    """Starts Asterisk; options follow."""
    version: int
    """Major version."""
    modules: Path
    data: Path
    """Holds `documentation/`, without which no module accepts its configuration."""


def find(root: Path = ROOT_FOLDER) -> Installation:
    """The system's own Asterisk before the root folder. Raises AsteriskMissing."""
    for candidate in (_of_system(), _of_root(root)):
        if candidate and candidate.version >= OLDEST:
            return candidate
    raise AsteriskMissing(f"No Asterisk {OLDEST} or newer: neither on this machine nor in {root}. Run `make setup`.")


def _of_system() -> Installation | None:
    program = shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if not program:
        return None
    modules = _first(Path("/"), "usr/lib/*/asterisk/modules", "usr/lib*/asterisk/modules")
    data = _first(Path("/"), "usr/share/asterisk", "var/lib/asterisk", having="documentation")
    version = _version((program,))
    return Installation((program,), version, modules, data) if modules and data and version else None


def _of_root(root: Path) -> Installation | None:
    program = root / "usr/sbin/asterisk"
    loader = _first(root, "usr/lib64/ld-linux-*.so.*", "usr/lib/ld-linux-*.so.*")
    modules = _first(root, "usr/lib/*/asterisk/modules")
    if not (program.exists() and loader and modules):
        return None
    command = (str(loader), "--library-path", str(modules.parent.parent), str(program))
    version = _version(command)
    return Installation(command, version, modules, root / "usr/share/asterisk") if version else None


def _first(base: Path, *patterns: str, having: str = "") -> Path | None:
    found = (path for pattern in patterns for path in sorted(base.glob(pattern)))
    return next((path for path in found if (path / having).exists()), None)


def _version(command: tuple[str, ...]) -> int:
    """0 when it does not run at all."""
    answer = subprocess.run([*command, "-V"], capture_output=True, text=True, check=False)
    number = re.match(r"Asterisk (?:certified[-/])?(\d+)\.", answer.stdout)
    return int(number[1]) if number else 0
