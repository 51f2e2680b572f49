"""Text as the index sees it: pairs of Chinese characters, syllables of Tibetan, words of everything else."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

QUERY_MAX = 300
"""Characters of a query that are looked at. Nobody types more; a paste is searched by its beginning."""

_HAN_SIGNS = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_TIBETAN, _MONGOLIAN = r"\u0f40-\u0fbc", r"\u1810-\u18aa"
_OTHER = rf"(?:(?![{_HAN_SIGNS}{_TIBETAN}{_MONGOLIAN}])[^\W_])+"
_RUN = re.compile(rf"[{_HAN_SIGNS}]+|[{_TIBETAN}]+|[{_MONGOLIAN}]+|{_OTHER}")
_HAN = re.compile(rf"[{_HAN_SIGNS}]+")
_MONGOLIAN_SHAPES = re.compile(r"[\u180b-\u180f]")
MONGOLIAN_STEM = 4
"""Letters by which inflected Mongolian words are also found."""


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def clean(query: str) -> str:
    """A query in simplified characters and small letters, without control characters, at most QUERY_MAX long."""
    text = unicodedata.normalize("NFKC", query[: 4 * QUERY_MAX])
    text = "".join(" " if unicodedata.category(sign)[0] == "C" and sign != "\u200d" else sign for sign in text)
    return " ".join(_simplified(text).lower().split())[:QUERY_MAX]


def _simplified(text: str) -> str:
    """Only a text with a character that is not simplified is converted: for OpenCC 坏 is also an old form of 坯."""
    return text if all(map(_in_gb2312, han_runs(text))) else _simplifier().convert(text)


def _in_gb2312(run: str) -> bool:
    """The set of 1980 has the simplified characters in daily use and hardly any that they replaced."""
    try:
        run.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def runs(text: str) -> list[str]:
    """Stretches of one script, without punctuation."""
    return _RUN.findall(_MONGOLIAN_SHAPES.sub("", text.lower()))


def han_runs(text: str) -> list[str]:
    return _HAN.findall(text)


def is_han(run: str) -> bool:
    return _HAN.match(run) is not None


def is_mongolian(run: str) -> bool:
    return "\u1810" <= run[0] <= "\u18aa"


def tokens(text: str) -> list[str]:
    """What is indexed, in order: `劳动合同` -> 劳动 动合 合同. A phrase of such pairs is found exactly, whatever a
    dictionary thinks where words end."""
    found: list[str] = []
    for run in runs(text):
        found += pieces(run)
    return found


def pieces(run: str) -> list[str]:
    """Tokens of one run, as they follow one another."""
    if not is_han(run) or len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def stems(text: str) -> list[str]:
    """Beginnings of Mongolian words, whose endings change with the case."""
    return [run[:MONGOLIAN_STEM] for run in runs(text) if is_mongolian(run) and len(run) > MONGOLIAN_STEM]
