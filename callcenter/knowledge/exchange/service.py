"""Tables out and in. What comes in becomes drafts, all of it or nothing; nobody publishes by a table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.clock import Clock
from callcenter.errors import BadInput, CallCenterError, NotAllowed
from callcenter.knowledge.entry.form import Form, entry_of, fields_of, form_of
from callcenter.knowledge.entry.model import Entry, Front
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.exchange.columns import COLUMNS, ID, LANGUAGE, Line, Wrong, lines_of
from callcenter.knowledge.life.checking import LIFE_OF_A_CHECK
from callcenter.knowledge.life.model import WRITERS
from callcenter.knowledge.life.repository import Life
from callcenter.knowledge.life.rules import check_id
from callcenter.knowledge.life.service import EntryLife
from callcenter.storage.database import Database

SHOWN_MAX = 500
"""Faults that one answer tells."""


class FaultyTable(BadInput):
    """`details.faults`: row, column, code and message of each; nothing was taken."""

    code = "faulty-table"


@dataclass(frozen=True, slots=True)
class Taken:
    new: int
    changed: int
    unchanged: int


def lines_to_export(session: Session, topic: str = "") -> list[Line]:
    entries = Entries(session).all()
    topics = {entry.id: entry.front.topic for entry in entries if isinstance(entry.front, Front)}
    return lines_of(
        (entry.id, entry.language, form_of(entry)) for entry in entries if topic in ("", topics.get(entry.id))
    )


class Exchange:
    def __init__(self, database: Database, clock: Clock, life: EntryLife) -> None:
        self._database = database
        self._clock = clock
        self._life = life

    def take(self, person: Person, lines: Sequence[Line], wrong: Sequence[Wrong]) -> Taken:
        """`wrong`: what the reader of the file found. Raises NotAllowed, FaultyTable."""
        if person.role not in WRITERS:
            raise NotAllowed(f"{person.role} may not do this", needs=sorted(WRITERS))
        found, counts = list(wrong), {"new": 0, "changed": 0, "unchanged": 0}
        if not lines and not wrong:
            raise FaultyTable("the table has no entries", faults=[])
        with self._database.begin() as session:
            seen: set[tuple[str, str]] = set()
            for line in lines:
                counts[self._one(session, person, line, seen, found)] += 1
            if found:
                faults = [asdict(one) for one in found[:SHOWN_MAX]]
                first = f"row {found[0].row}, {found[0].column or 'the whole row'}: {found[0].message}"
                raise FaultyTable(f"nothing was taken, {len(found)} faults; {first}", faults=faults)
            Audit(session).add(self._clock.now(), person.id, "knowledge.import", "", **counts)
        return Taken(**counts)

    def _one(self, session: Session, person: Person, line: Line, seen: set[tuple[str, str]], found: list[Wrong]) -> str:
        id, language = line.values.get(ID, "").strip(), line.values.get(LANGUAGE, "").strip() or "zh"
        own = fields_of(language)
        for key, text in line.values.items():
            if key not in (ID, LANGUAGE, *own) and text.strip():
                message = f"a text in `{language}` has no such field; leave it empty"
                found.append(Wrong(line.place, COLUMNS[key], "unknown-key", message))
        try:
            check_id(id, language)
        except BadInput as problem:
            column = COLUMNS[problem.details["fields"][0]]
            found.append(Wrong(line.place, column, "bad-value", problem.message))
            return "unchanged"
        if (id, language) in seen:
            found.append(Wrong(line.place, COLUMNS[ID], "id-twice", f"`{id}` ({language}) is in the table twice"))
        seen.add((id, language))
        read = entry_of(id, language, {key: line.values.get(key, "") for key in own}, LIFE_OF_A_CHECK, "")
        if isinstance(read, list):
            found += [Wrong(line.place, COLUMNS.get(one.field, one.field), one.code, one.message) for one in read]
            return "unchanged"
        faults = self._life.checking.within(session, read)
        found += [Wrong(line.place, COLUMNS.get(one.field, one.field), one.code, one.message) for one in faults]
        return "unchanged" if faults else self._keep(session, person, line, read, found)

    def _keep(self, session: Session, person: Person, line: Line, read: Entry, found: list[Wrong]) -> str:
        form: Form = form_of(read)
        held, draft = Entries(session).get(read.id, read.language), Life(session).draft(read.id, read.language)
        if form == (form_of(held) if held is not None else None) or (draft is not None and form == draft.form):
            return "unchanged"
        if draft is not None:
            message = f"{draft.changed_by} has a draft of it; finish or discard that one first"
            found.append(Wrong(line.place, COLUMNS[ID], "draft-there", message))
            return "unchanged"
        try:
            self._life.keep(session, person, read.id, read.language, 0, form)
        except CallCenterError as problem:
            found.append(Wrong(line.place, COLUMNS[ID], problem.code, problem.message))
            return "unchanged"
        return "new" if held is None else "changed"
