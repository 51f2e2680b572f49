"""The typefaces that the screens ship: a server, and many an office machine, has no Tibetan or no Chinese one."""

import re
from functools import cache
from pathlib import Path

from callcenter.config import CHECKOUT

SCREENS = CHECKOUT / "agents_ui" / "dist"
_FACE = re.compile(r"@font-face\{[^}]*\}")
_PLACE = "url(/assets/"


def from_site() -> str:
    """CSS for a page that the site itself shows; elsewhere it does no harm."""
    return _faces(SCREENS)


def from_disk() -> str:
    """CSS for a page that this machine's own browser reads from the disk."""
    return _faces(SCREENS).replace(_PLACE, f"url({SCREENS.as_uri()}/assets/")


@cache
def _faces(folder: Path) -> str:
    """Empty where the screens are not built."""
    sheets = sorted((folder / "assets").glob("index-*.css"))
    return "\n".join(face for sheet in sheets for face in _FACE.findall(sheet.read_text(encoding="utf-8")))
