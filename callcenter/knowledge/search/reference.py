"""`劳动合同法47条`, `第四十七条 经济补偿`, `刑法第一百二十条之一`: a statute and article named outright."""

import re
from dataclasses import dataclass

from callcenter.knowledge.statutes.names import loose
from callcenter.knowledge.statutes.numerals import NUMERAL, canonical

_NUMBER = rf"(?:{NUMERAL}{{1,9}}|[0-9]{{1,4}})"
_ARTICLE = re.compile(rf"第?\s*({_NUMBER})\s*条(?:\s*之\s*({NUMERAL}{{1,2}}|[0-9]{{1,2}}))?")
_BARE = re.compile(r"\s*第?\s*([0-9]{1,4}(?:-[0-9]{1,2})?)(?![0-9年月日天个元万])")


@dataclass(frozen=True, slots=True)
class Reference:
    law: str | None
    article: str | None
    rest: str
    """The query without what was understood."""


class LawNames:
    """Finds statutes by name within a text: the longest name that begins at a place."""

    def __init__(self, names: list[str], aliases: dict[str, str]) -> None:
        known = set(names)
        self._full = {loose(name): name for name in names}
        self._full |= {loose(alias): name for alias, name in aliases.items() if name in known}
        self._longest = max((len(name) for name in self._full), default=0)
        self._beginnings = {name[:2] for name in self._full}

    def find(self, text: str) -> tuple[str, str] | None:
        """(full name, text without it) of the longest name in `text`."""
        plain = loose(text)
        best: tuple[int, str, str] | None = None
        for at in range(len(plain) - 1):
            if plain[at : at + 2] not in self._beginnings:
                continue
            for end in range(min(len(plain), at + self._longest), at + 1, -1):
                full = self._full.get(plain[at:end])
                if full and (best is None or end - at > best[0]):
                    best = (end - at, full, plain[:at] + " " + plain[end:])
                    break
        return (best[1], best[2]) if best else None


def read_reference(query: str, names: LawNames) -> Reference:
    article, rest = None, query
    match = _ARTICLE.search(query)
    if match:
        number = f"第{match[1]}条" + (f"之{match[2]}" if match[2] else "")
        try:
            article = canonical(number)
        except ValueError:
            article = None
        else:
            rest = f"{query[: match.start()]} {query[match.end() :]}"
    found = names.find(rest)
    if found is None:
        return Reference(None, article, rest.strip())
    law, others = found
    if article is None:
        bare = re.fullmatch(_BARE.pattern, others.strip())
        if bare:
            return Reference(law, bare[1], "")
    return Reference(law, article, others.strip() if article else rest.strip())
