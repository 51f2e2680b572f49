"""The accounts of phones, written anew while Asterisk runs: a person came, went, or changed his seat."""

from callcenter.confgen import files, installation, machine, render
from callcenter.confgen.repository import overseers_with_phones, seats_with_phones
from callcenter.config import Settings
from callcenter.secrets import Secrets
from callcenter.storage.database import Database

FILE = "pjsip.d/seats.conf"


def write_phones(settings: Settings, own: Secrets, database: Database) -> None:
    """Asterisk reads the file when it is told to reload its phones."""
    with database.read() as session:
        seats, overseers = seats_with_phones(session), overseers_with_phones(session)
    look = machine.look(installation.find())
    etc = settings.asterisk_dir / "etc"
    files.put(etc, FILE, render.render(settings, own, seats, look, overseers)[FILE], group=etc.stat().st_gid)
