"""Citations against the imported statutes, with a helpful word when one does not resolve."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from callcenter.knowledge.entry.finding import Finding
from callcenter.knowledge.entry.model import Citation, Front
from callcenter.knowledge.entry.parser import EntryFile
from callcenter.knowledge.statutes.names import loose
from callcenter.knowledge.statutes.numerals import sort_key, spoken
from callcenter.knowledge.statutes.repository import Statutes, validity_of

NO_STATUTES = (
    "no statutes are imported, so that no citation can be checked; run `callcenter kb import-laws DIR` first, "
    "or check the form alone with --form-only"
)
LIKE_ENOUGH = 60.0
"""rapidfuzz's similarity, of 100, from which another name is worth suggesting."""


@dataclass(frozen=True, slots=True)
class KnownVersion:
    version: date
    since: date
    until: date | None
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownLaw:
    name: str
    repealed_on: date | None
    repealed_by: str | None
    versions: tuple[KnownVersion, ...]
    """Oldest first."""

    def in_force(self, today: date) -> KnownVersion:
        """The version that is law today; of a law to come its first, of a repealed one its last."""
        begun = [version for version in self.versions if version.since <= today]
        return begun[-1] if begun else self.versions[0]


@dataclass(frozen=True)
class KnownStatutes:
    laws: dict[str, KnownLaw]
    today: date
    alike: Callable[[str, str, str], str | None] = lambda _law, _title, _version: None
    """(statute, title of the entry, version) -> the article whose words come nearest."""
    occurs: Callable[[str], bool] = lambda _phrase: True
    """Whether any article has the phrase."""

    @staticmethod
    def of(session: Session, today: date) -> "KnownStatutes":
        statutes = Statutes(session)
        rows = {row.id: row for row in statutes.laws()}
        numbers = statutes.numbers()
        found = {}
        for law_id, versions in validity_of(statutes.versions(), rows).items():
            row = rows[law_id]
            known = tuple(
                KnownVersion(version.version, since, until, frozenset(numbers.get(version.id, ())))
                for version, since, until in versions
            )
            found[row.name] = KnownLaw(row.name, row.repealed_on, row.repealed_by, known)
        return KnownStatutes(found, today)

    @property
    def empty(self) -> bool:
        return not self.laws

    def unknown_law(self, name: str) -> str:
        same = [law for law in self.laws if loose(law) == loose(name)]
        near = same or [
            law
            for law, _, _ in process.extract(
                name, list(self.laws), scorer=fuzz.WRatio, limit=3, score_cutoff=LIKE_ENOUGH
            )
        ]
        hint = f"; is it {' or '.join(f'《{law}》' for law in near)}?" if near else "; import it, or correct the name"
        return f"《{name}》 is not among the imported statutes{hint}"


def citation_findings(file: EntryFile, statutes: KnownStatutes) -> list[Finding]:
    if file.entry is None or not isinstance(file.entry.front, Front):
        return []
    front = file.entry.front
    findings: list[Finding] = []
    seen: set[Citation] = set()
    for at, citation in enumerate(front.laws):
        line = file.line("laws", at)
        fault = _fault(citation, front, statutes)
        if fault:
            findings.append(Finding(file.name, line, *fault))
        if citation in seen:
            message = f"《{citation.law}》{spoken(citation.article)} is cited twice; leave one out"
            findings.append(Finding(file.name, line, "cited-twice", message))
        seen.add(citation)
    return findings


def _fault(citation: Citation, front: Front, statutes: KnownStatutes) -> tuple[str, str] | None:
    law = statutes.laws.get(citation.law)
    if law is None:
        return "unknown-law", statutes.unknown_law(citation.law)
    if citation.version is not None:
        version = next((known for known in law.versions if known.version == citation.version), None)
        if version is None:
            there = ", ".join(known.version.isoformat() for known in law.versions)
            return "unknown-version", f"《{law.name}》 has no version of {citation.version}; there is {there}"
    elif law.repealed_on is not None and law.repealed_on <= statutes.today:
        return "repealed-law", (
            f"《{law.name}》 is no longer law since {law.repealed_on} (《{law.repealed_by}》); cite what replaced it, "
            "or give the `version` if old facts are meant"
        )
    else:
        version = law.in_force(statutes.today)
    if citation.article not in version.numbers:
        return "unknown-article", _unknown_article(citation, version, front, statutes)
    newest = law.in_force(statutes.today)
    if citation.version is None and front.read_on is not None and newest.since > front.read_on:
        message = (
            f"《{law.name}》 has a version of {newest.version}, in force since {newest.since}, after the "
            f"{'review' if front.reviewed_on else 'writing'} on {front.read_on}; read {spoken(citation.article)} again"
        )
        return "newer-version", message
    return None


def _unknown_article(citation: Citation, version: KnownVersion, front: Front, statutes: KnownStatutes) -> str:
    numbers = sorted(version.numbers, key=sort_key)
    wanted = sort_key(citation.article)
    nearest = min(numbers, key=lambda number: (abs(sort_key(number)[0] - wanted[0]), sort_key(number)))
    alike = statutes.alike(citation.law, front.title, version.version.isoformat())
    message = (
        f"《{citation.law}》({version.version}) has no article {citation.article}: it goes from {numbers[0]} to "
        f"{numbers[-1]}, the nearest is {nearest}"
    )
    return message + (f"; by its words perhaps {alike}" if alike else "")
