"""What lies on the disk: secrets, recordings, prompts, flows, screens; and the machine's clock."""

import ctypes
import os
import shutil
import stat
from collections.abc import Iterator

from callcenter import secrets
from callcenter.api.health import DISK_FULL_BYTES, DISK_LOW_BYTES
from callcenter.api.ui import DIST
from callcenter.config import Settings
from callcenter.doctor.model import Result, fail, ok, warn
from callcenter.errors import CallCenterError
from callcenter.ivr.check import check_folder
from callcenter.ivr.shipped import rules_of
from callcenter.prompt.catalogue import FORMATS, read_catalogues
from callcenter.prompt.check import list_prompts, used_prompts

START = "start the system: `make run`"
CLOCK_NOT_IN_STEP = 5
"""adjtimex(2): TIME_ERROR, the clock is not synchronised."""


def secrets_file(settings: Settings) -> Iterator[Result]:
    path = settings.home / secrets.FILE
    try:
        secrets.read(settings.home)
    except CallCenterError as error:
        yield fail("secrets", error.message, START)
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield fail("secrets", f"{path} can be read by others (mode {mode:o})", f"chmod 600 {path}")
        return
    yield ok("secrets", f"{path}, mode {mode:o}")


def recordings(settings: Settings) -> Iterator[Result]:
    folder = settings.recordings_dir
    if not folder.is_dir():
        yield fail("recordings", f"{folder} is not there", START)
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield fail("recordings", f"{folder} cannot be written to", "give it back to the account that runs Asterisk")
        return
    free = shutil.disk_usage(folder).free
    left = f"{free / 1024**3:.1f} GB free in {folder}"
    if free < DISK_FULL_BYTES:
        yield fail("recordings", left, "make room: talks cannot be recorded")
    elif free < DISK_LOW_BYTES:
        yield warn("recordings", left, "make room before it is full")
    else:
        yield ok("recordings", left)


def journal(settings: Settings) -> Iterator[Result]:
    """Steps that could not be written to the database: some wait for it, some it refused."""
    refused = [path for path in settings.home.glob("journal-*.refused") if path.stat().st_size]
    waiting = [path for path in settings.home.glob("journal-*.jsonl") if path.stat().st_size]
    if refused:
        advice = "keep the file and report it: `callcenter reconcile` tells which records lack something"
        yield warn("journal", f"{refused[0]} holds what the database refused", advice)
    elif waiting:
        yield warn("journal", f"{waiting[0]} waits for the database", "mend the database; the engine writes it then")
    else:
        yield ok("journal")


def flows(settings: Settings) -> Iterator[Result]:
    errors = [f for f in check_folder(settings.flows_dir, rules_of(settings)) if f.level == "error"]
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        yield warn("flows", errors[0].as_text() + more, "`callcenter flows check`; callers take the plain dialplan")
        return
    yield ok("flows")


def prompts(settings: Settings) -> Iterator[Result]:
    """Every prompt that is played has a sound in every language on offer."""
    try:
        rows = list_prompts(settings, read_catalogues(settings.flows_dir / "prompts", settings.languages))
    except CallCenterError as error:
        yield fail("prompts", error.message, "`callcenter prompts check`")
        return
    played = used_prompts(settings)
    for language in settings.languages:
        own = [row for row in rows if row.language == language and row.id in played]
        silent = [
            row.id
            for row in own
            if not any((settings.prompts_dir / language / f"{row.id}.{format_}").is_file() for format_ in FORMATS)
        ]
        name = f"prompts-{language}"
        if not silent:
            placeholders = sum(row.state == "placeholder" for row in own)
            yield ok(name, f"{len(own)} prompts" + (f", {placeholders} of them placeholders" if placeholders else ""))
        elif language == settings.default_language:
            yield fail(
                name, f"no sound for {', '.join(silent[:5])}: {len(silent)} in all", "`callcenter prompts build`"
            )
        else:
            yield warn(
                name,
                f"no sound for {', '.join(silent[:5])}: {len(silent)} in all; callers hear the default language",
                "record them (`callcenter prompts list`), then `callcenter prompts build`",
            )


def screens(_settings: Settings) -> Iterator[Result]:
    if not (DIST / "index.html").is_file():
        yield warn("screens", "they are not built: nobody can sign in by browser", "`make setup`")
        return
    if not any(DIST.rglob("*.woff*")):
        yield warn("screens", "built without fonts: Tibetan and Mongolian may show as boxes", "`make setup`")
        return
    yield ok("screens")


def clock(_settings: Settings) -> Iterator[Result]:
    """Asked of the kernel, which knows whether a time service keeps its clock."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.adjtimex(ctypes.create_string_buffer(256)) == CLOCK_NOT_IN_STEP:
        advice = "run a time service (chrony or systemd-timesyncd): times of calls are evidence"
        yield warn("clock", "no time service keeps this machine's clock", advice)
        return
    yield ok("clock")
