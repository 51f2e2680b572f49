"""All that must be there before the first process starts. Safe to do at every start."""

import os
from collections.abc import Callable
from pathlib import Path

from callcenter import secrets
from callcenter.account import demo
from callcenter.clock import SystemClock
from callcenter.confgen import files, hold_music, machine, render
from callcenter.confgen.installation import Installation
from callcenter.confgen.repository import overseers_with_phones, seats_with_phones
from callcenter.config import Settings
from callcenter.ivr.version.following import follow
from callcenter.ivr.version.importing import import_folder
from callcenter.processes.telephone_user import TelephoneUser
from callcenter.prompt import build as prompt_build
from callcenter.storage.database import Database, migrate

Say = Callable[[str], None]


def make_folders(settings: Settings, user: TelephoneUser) -> None:
    """Asterisk's own folders belong to its user; others may not look into any of them."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if user.name:
        # To pass through, not to list.
        for folder in (settings.home, settings.run_dir):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(folder.stat().st_mode | 0o011)
    else:
        settings.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    asterisk = settings.asterisk_dir
    asterisk.mkdir(mode=0o750, parents=True, exist_ok=True)
    os.chown(asterisk, -1, user.gid)  # looks in; its configuration it may read, not write
    (asterisk / "log" / "cel-custom").mkdir(mode=0o750, parents=True, exist_ok=True)
    written = (asterisk / "lib", asterisk / "spool", asterisk / "log", settings.recordings_dir)
    for folder in (*written, settings.run_dir / "asterisk"):
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        _give(folder, user)
    settings.log_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
    settings.prompts_dir.mkdir(mode=0o755, parents=True, exist_ok=True)


def prepare(settings: Settings, installation: Installation, user: TelephoneUser, say: Say) -> list[tuple[str, str]]:
    """Secrets, database, people, prompts, Asterisk's files. Returns accounts made now: (name, password)."""
    made = secrets.ensure(settings.home)
    database = Database(settings)
    migrate(database)
    accounts = demo.seed(database, settings)
    say("Prompts: looking which must be spoken anew ...")
    built = prompt_build.build(settings)
    import_folder(settings, database, SystemClock())
    follow(settings, database)
    if built.made:
        say(f"Prompts: {len(built.made)} made.")
    if built.without:
        say(f"Prompts without sound: {', '.join(built.without)}. Record them: `callcenter prompts list` tells which.")
    _readable(settings.prompts_dir)
    with database.read() as session:
        seats, overseers = seats_with_phones(session), overseers_with_phones(session)
    database.close()
    look = machine.look(installation)
    rendered = render.render(settings, made, seats, look, overseers)
    files.write(settings.asterisk_dir / "etc", rendered, group=user.gid)
    music = settings.asterisk_dir / "moh"
    hold_music.lay_out(music, settings.prompts_dir, settings.languages)
    _readable(music)
    if machine.loopback(settings.http_host) and not look.addresses:
        say(
            "This machine has no address but the loopback: calls to browsers will be silent. "
            "`ip addr add 192.0.2.10/32 dev lo` and a new start cure it; desk phones are not affected."
        )
    return accounts


def _give(path: Path, user: TelephoneUser) -> None:
    """With all that is inside, unless it belongs to this user already."""
    if user.name and path.stat().st_uid != user.uid:
        for inside in (*path.rglob("*"), path):
            os.chown(inside, user.uid, user.gid, follow_symlinks=False)


def _readable(folder: Path) -> None:
    """Sound that everybody hears on the telephone may be read by Asterisk's user."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
