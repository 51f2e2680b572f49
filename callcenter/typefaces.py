"""The typefaces that the screens ship: a server, many an office machine and many a telephone lack some of them."""

import re
from functools import cache
from pathlib import Path

from callcenter.config import CHECKOUT

SCREENS = CHECKOUT / "agents_ui" / "dist"
_FACE = re.compile(r"@font-face\{[^}]*\}")
_PLACE = "url(/assets/"


def from_site(*families: str) -> str:
    """CSS for a page that the site itself shows; elsewhere it does no harm. All typefaces, or those of these names.
    A browser loads what the page has characters of."""
    faces = _faces(SCREENS)
    return "\n".join(face for face in faces if not families or any(family in face for family in families))


def from_disk() -> str:
    """CSS for a page that this machine's own browser reads from the disk."""
    return from_site().replace(_PLACE, f"url({SCREENS.as_uri()}/assets/")


@cache
def _faces(folder: Path) -> list[str]:
    """None where the screens are not built."""
    sheets = sorted((folder / "assets").glob("index-*.css"))
    return [face for sheet in sheets for face in _FACE.findall(sheet.read_text(encoding="utf-8"))]
