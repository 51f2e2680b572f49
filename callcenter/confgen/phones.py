"""The accounts of phones and the queues of seats, written anew while Asterisk runs: a person came, went, moved."""

from callcenter.confgen import files, installation, machine, render
from callcenter.confgen.repository import overseers_with_phones, seats_with_phones
from callcenter.config import Settings
from callcenter.secrets import Secrets
from callcenter.storage.database import Database

FILES = ("pjsip.d/seats.conf", "queues.conf")


def write_phones(settings: Settings, own: Secrets, database: Database) -> None:
    """Asterisk reads the files when it is told to reload its phones and queues."""
    with database.read() as session:
        seats, overseers = seats_with_phones(session), overseers_with_phones(session)
    look = machine.look(installation.find())
    etc = settings.asterisk_dir / "etc"
    rendered = render.render(settings, own, seats, look, overseers)
    for name in FILES:
        files.put(etc, name, rendered[name], group=etc.stat().st_gid)
