"""The page behind the link: plain HTML in large type, without a script, for old telephones and slow networks."""

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from callcenter import typefaces
from callcenter.survey.words import PAGE, REVIEWED

_HERE = Path(__file__).parent
RARE = ("Noto Serif Tibetan", "Noto Sans Mongolian")
"""Typefaces that many a telephone lacks. Chinese ones they all have."""


def form(language: str, *, unanswered: bool = False) -> str:
    """`unanswered`: it was sent without a grade."""
    return _page(language, unanswered=unanswered)


def thanks(language: str) -> str:
    return notice(language, PAGE[language].thanks, PAGE["zh"].thanks)


def notice(language: str, own: str, chinese: str) -> str:
    return _page(language, said=(own, chinese))


def _page(language: str, **more: Any) -> str:
    return _template().render(
        language=language, words=PAGE[language], chinese=PAGE["zh"], pages=PAGE, reviewed=REVIEWED, **more
    )


@cache
def _template() -> jinja2.Template:
    files = jinja2.FileSystemLoader(_HERE)
    made = jinja2.Environment(loader=files, autoescape=True, undefined=jinja2.ChainableUndefined, trim_blocks=True)
    style = typefaces.from_site(*RARE) + (_HERE / "page.css").read_text()
    made.globals["style"] = Markup(style)  # noqa: S704 - files of ours
    return made.get_template("page.html.j2")
