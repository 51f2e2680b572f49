"""Whose rights Asterisk has. It speaks with the outside world, so it should have as few as can be."""

import os
import pwd
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NAME = "callcenter"
"""System user made by `make setup`."""


@dataclass(frozen=True, slots=True)
class TelephoneUser:
    name: str
    """Empty: our own user."""
    uid: int = -1
    gid: int = -1


def choose(paths: Iterable[Path]) -> TelephoneUser:
    """The system user when we are root, it exists, and it can reach all `paths`; otherwise our own user."""
    if os.geteuid() != 0:
        return TelephoneUser("")
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return TelephoneUser("")
    reach = subprocess.run(
        ["/bin/sh", "-c", 'for p; do [ -x "$p" ] || exit 1; done', "sh", *map(str, paths)],
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return TelephoneUser(NAME, entry.pw_uid, entry.pw_gid) if reach.returncode == 0 else TelephoneUser("")
