"""Rendered files on disk: compared, shown, replaced whole."""

import difflib
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

FILE_MODE = 0o640
FOLDER_MODE = 0o750
SECRET_LINE = re.compile(r"^(secret|password) = (.*)$", re.MULTILINE)


def difference(etc: Path, files: Mapping[str, str]) -> str:
    """Unified diff from what lies in `etc` to what was rendered; empty when they are equal. Shows no password."""
    lines: list[str] = []
    for name in sorted({*files, *_present(etc)}):
        path = etc / name
        before = path.read_text() if path.exists() else ""
        lines += difflib.unified_diff(
            _hidden(before).splitlines(keepends=True),
            _hidden(files.get(name, "")).splitlines(keepends=True),
            f"{path} (now)",
            f"{path} (rendered)",
        )
    return "".join(lines)


def write(etc: Path, files: Mapping[str, str], *, group: int = -1) -> None:
    """Replace each file whole, remove what is no longer rendered. `group` (gid) may read, nobody else may."""
    for name, text in files.items():
        put(etc, name, text, group=group)
    for name in _present(etc):
        if name not in files:
            (etc / name).unlink()


def put(etc: Path, name: str, text: str, *, group: int = -1) -> None:
    """Replace one file whole."""
    path = etc / name
    for folder in (etc, path.parent):
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        os.chown(folder, -1, group)
    partial = path.with_name(path.name + ".new")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "w") as file:
        file.write(text)
    os.chown(partial, -1, group)
    partial.replace(path)


def _present(etc: Path) -> Iterator[str]:
    return iter([str(path.relative_to(etc)) for path in sorted(etc.rglob("*.conf"))])


def _hidden(text: str) -> str:
    """Passwords replaced by four digits of their hash: a change shows, the password does not."""
    return SECRET_LINE.sub(lambda m: f"{m[1]} = ({hashlib.sha256(m[2].encode()).hexdigest()[:4]})", text)
