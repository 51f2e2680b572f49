"""Languages and fields of law: proposed by one, approved by a manager who is another."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from callcenter.account.actions import Action
from callcenter.account.model import Role
from callcenter.account.repository import Audit, People
from callcenter.account.repository import Proposals as Rows
from callcenter.account.service import SignedIn
from callcenter.account.skills import Skills
from callcenter.account.table import PersonRow, SkillProposalRow
from callcenter.clock import Clock
from callcenter.errors import BadInput, Conflict, NotAllowed, NotFound
from callcenter.routing.model import Level
from callcenter.storage.database import Database

HISTORY = 50
PROPOSE_FOR_OTHERS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})


class OwnProposal(NotAllowed):
    code = "own-proposal"


class Proposals:
    def __init__(self, database: Database, clock: Clock, languages: Sequence[str], fields: Sequence[str]) -> None:
        """`languages`, `fields`: those there are."""
        self._database = database
        self._clock = clock
        self._languages = languages
        self._fields = fields

    def open(self) -> Sequence[tuple[SkillProposalRow, PersonRow]]:
        with self._database.read() as session:
            people = {person.id: person for person in People(session).all()}
            return [(row, people[row.person]) for row in Rows(session).open()]

    def of(self, person: str) -> Sequence[SkillProposalRow]:
        with self._database.read() as session:
            return Rows(session).of(person, HISTORY)

    def propose(self, who: SignedIn, person: str, skills: Skills) -> SkillProposalRow:
        """In the place of an open one, if there is any. Raises BadInput, NotFound, NotAllowed."""
        if person != who.person.id and who.person.role not in PROPOSE_FOR_OTHERS:
            raise NotAllowed("one proposes one's own languages and fields only")
        _known("languages", skills.languages, self._languages)
        _known("fields", skills.fields, self._fields)
        now = self._clock.now()
        with self._database.begin() as session:
            _person(session, person)
            rows = Rows(session)
            rows.replace(person, who.person.id, now)
            row = SkillProposalRow(
                person=person,
                languages={name: int(level) for name, level in skills.languages.items()},
                fields={name: int(level) for name, level in skills.fields.items()},
                by=who.person.id,
                at=now,
                state="open",
                decided_by="",
                note="",
            )
            rows.add(row)
            told = {"languages": row.languages, "fields": row.fields}
            Audit(session).add(now, who.person.id, "skills-proposed", person, **told)
            return row

    def decide(self, who: SignedIn, number: int, approve: bool, note: str) -> SkillProposalRow:
        """Approved skills count at once. Raises NotFound, Conflict when it was decided, OwnProposal."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = Rows(session).to_decide(number)
            if row is None:
                raise NotFound(f"there is no proposal {number}")
            if row.state != "open":
                raise Conflict(f"this proposal is {row.state} already")
            if who.person.id in (row.by, row.person):
                raise OwnProposal("who proposed it cannot decide on it; another manager can")
            person = _person(session, row.person)
            row.state = "approved" if approve else "rejected"
            row.decided_by, row.decided_at, row.note = who.person.id, now, note
            before = {"languages": {name: person.levels.get(name) for name in person.languages}}
            if approve:
                person.languages = [name for name in self._languages if name in row.languages]
                person.levels, person.fields = dict(row.languages), dict(row.fields)
            told = {"proposal": row.id, "languages": row.languages, "fields": row.fields, "before": before}
            decided: Action = "skills-approved" if approve else "skills-rejected"
            Audit(session).add(now, who.person.id, decided, row.person, **told)
            return row


def _known(what: str, given: Mapping[str, Level], there: Sequence[str]) -> None:
    if unknown := sorted(given.keys() - set(there)):
        raise BadInput(f"{what}: there is no {', '.join(unknown)}; there are {', '.join(there)}", field=what)


def _person(session: Session, id_: str) -> PersonRow:
    person = People(session).to_change(id_)
    if person is None or not person.active:
        raise NotFound(f"there is no account {id_} in use")
    return person
