"""A statute's name: full, without 中华人民共和国 and without a date, as the collection's file names have it."""

import re
from collections.abc import Iterable, Iterator

COUNTRY = "中华人民共和国"
DATED = re.compile(r"\s*[(（](\d{4})-(\d{2})-(\d{2})[)）]\s*$")
_BETWEEN_COURTS = re.compile(r"(?<=最高人民法院)\s+(?=最高人民检察院)")
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_QUOTED = re.compile(r"《([^》]+)》")
_LOOSE = str.maketrans({"(": "（", ")": "）", "〈": "《", "〉": "》", "<": "《", ">": "》", "“": "", "”": "", "、": ""})


def law_name(title: str) -> str:
    """`# 中华人民共和国劳动合同法` or `劳动合同法(2012-12-28)` -> `劳动合同法`."""
    name = DATED.sub("", title.strip().lstrip("#").strip())
    name = _BETWEEN_COURTS.sub("、", name)
    return _SPACE.sub("", name).replace(COUNTRY, "")


def loose(name: str) -> str:
    """What two spellings of one name have in common: brackets and commas of any kind do not tell them apart."""
    return law_name(name).translate(_LOOSE).replace("《", "").replace("》", "")


def repealed_in(texts: Iterable[str]) -> Iterator[str]:
    """Names that closing articles declare repealed: `《中华人民共和国婚姻法》、《…继承法》同时废止。`"""
    for text in texts:
        for sentence in re.split(r"[。；\n]", text):
            if "废止" in sentence:
                for name in _QUOTED.findall(sentence):
                    yield law_name(name).replace("〈", "《").replace("〉", "》")
