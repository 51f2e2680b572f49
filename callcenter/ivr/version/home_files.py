"""The published set as files of the home: what the engine and the fallback dialplan read, with or without the database.

`<home>/flows/<number>/*.yaml` with `versions.json`; the link `current` names the set callers meet. A projection of the
table `flow_version`: whoever finds it older than the table writes it anew (`following.py`).
"""

import json
import logging
import os
import shutil
from pathlib import Path

from callcenter.config import Settings
from callcenter.ivr.version.model import FlowSet

log = logging.getLogger(__name__)

KEPT = 5
"""Sets that stay: calls that began in one go on in it."""
VERSIONS = "versions.json"
CURRENT = "current"


def folder(settings: Settings) -> Path:
    return settings.home / "flows"


def current(settings: Settings) -> FlowSet | None:
    """None: nothing is published in this home, or its files are damaged."""
    return _read(folder(settings) / CURRENT)


def current_number(settings: Settings) -> int:
    """0: none."""
    link = folder(settings) / CURRENT
    name = link.readlink().name if link.is_symlink() else ""
    return int(name) if name.isdecimal() and (link / VERSIONS).is_file() else 0


def kept(settings: Settings) -> list[FlowSet]:
    """The newest sets up to the current one, the newest first."""
    now = current(settings)
    if now is None:
        return []
    found = [_read(path) for path in _sets(settings) if int(path.name) <= now.number]
    return [one for one in found if one is not None][:KEPT]


def write(settings: Settings, published: FlowSet) -> None:
    """Whole or not at all: readers see the old set until the link moves."""
    target = folder(settings) / str(published.number)
    if _read(target) != published:
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for flow, text in published.texts.items():
            (fresh / f"{flow}.yaml").write_text(text)
        (fresh / VERSIONS).write_text(json.dumps(dict(published.versions), indent=1) + "\n")
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    link = folder(settings) / f".{CURRENT}.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    link.replace(folder(settings) / CURRENT)
    for old in [path for path in _sets(settings) if int(path.name) <= published.number][KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _sets(settings: Settings) -> list[Path]:
    """The newest first."""
    home = folder(settings)
    found = [path for path in home.iterdir() if path.name.isdecimal()] if home.is_dir() else []
    return sorted(found, key=lambda path: -int(path.name))


def _read(path: Path) -> FlowSet | None:
    try:
        number = int(path.resolve(strict=True).name)
        versions = {str(flow): int(version) for flow, version in json.loads((path / VERSIONS).read_bytes()).items()}
        texts = {flow: (path / f"{flow}.yaml").read_text() for flow in versions}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError, TypeError) as problem:
        log.error("flows.home_damaged path=%s reason=%s", path, problem)
        return None
    return FlowSet(number, texts, versions)
