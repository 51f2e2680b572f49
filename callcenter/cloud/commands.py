"""`callcenter flows twiml`."""

import re
from pathlib import Path

from callcenter.cloud.document import Sound
from callcenter.cloud.flow import entry_flow
from callcenter.cloud.service import ROOT
from callcenter.cloud.static import Documents, Hosting, write
from callcenter.cloud.voice import SiteVoice
from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.ivr.model import Spoken
from callcenter.prompt.endpoints import as_wav

ADDRESS = re.compile(r"https://[^\s/?#]+(/[^\s?#]*)?")


def write_documents(settings: Settings, flow: str, out: Path, base: str, router: str) -> int:
    """The documents, and in `prompts/` the sounds they play, for the same host. Returns how many documents.

    Raises `BadInput`, `Unavailable`.
    """
    for name, address in (("--base", base), ("--router", router)):
        if not ADDRESS.fullmatch(address) or address.endswith("/"):
            raise BadInput(f"{name}: `{address}` is not an address such as https://hotline-1234.twil.io/menu")
    played: dict[tuple[str, str], Path] = {}
    voice = SiteVoice.of(settings, f"{base}/prompts")

    def heard(spoken: Spoken) -> Sound | None:
        sound = voice(spoken)
        if sound and sound.url:
            language, file = sound.url.removeprefix(f"{base}/prompts/").split("/")
            played[language, file] = settings.prompts_dir / language / f"{file.removesuffix('.wav')}.sln16"
        return sound

    recorded = f"{settings.public_url}{ROOT}/recording" if settings.public_url else ""
    hosting = Hosting(base, router, recorded)
    documents = Documents(entry_flow(settings, flow), hosting, heard, settings.default_language).make()
    write(documents, out)
    for (language, file), source in played.items():
        target = out / "prompts" / language / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(as_wav(source.read_bytes()))
    return len(documents)
