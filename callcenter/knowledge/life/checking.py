"""Whether a form is an entry that callers may be told."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from callcenter.errors import BadInput
from callcenter.knowledge.entry.citations import KnownStatutes, citation_findings
from callcenter.knowledge.entry.form import Fault, Form, entry_of
from callcenter.knowledge.entry.model import Entry, Front
from callcenter.knowledge.entry.parser import EntryFile
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.entry.topics import Topics
from callcenter.knowledge.entry.writer import file_name
from callcenter.knowledge.life.rules import check_place
from callcenter.knowledge.statutes.repository import Statutes

LIFE_OF_A_CHECK = {"status": "draft"}


class Incomplete(BadInput):
    """A text that cannot be given to callers as it stands; `details.faults` names each field."""

    code = "entry-incomplete"


class Checking:
    def __init__(self, topics: Callable[[], Topics], today: Callable[[], date]) -> None:
        self._topics = topics
        self._today = today
        self._known: tuple[tuple[str, date], KnownStatutes] | None = None

    def whole(self, session: Session, id: str, language: str, form: Form, life: dict[str, Any]) -> Entry:
        checked = self.entry(session, id, language, form, life)
        if isinstance(checked, Entry):
            return checked
        faults = [{"field": fault.field, "code": fault.code, "message": fault.message} for fault in checked]
        raise Incomplete(f"{id}: {len(faults)} things are missing or wrong: {checked[0].message}", faults=faults)

    def entry(self, session: Session, id: str, language: str, form: Form, life: dict[str, Any]) -> Entry | list[Fault]:
        entry = entry_of(id, language, form, life, "")
        if isinstance(entry, list):
            return entry
        topic = entry.front.topic if isinstance(entry.front, Front) else ""
        if not topic:
            chinese = Entries(session).get(id, "zh")
            topic = chinese.front.topic if chinese is not None and isinstance(chinese.front, Front) else ""
        named = Entry(file_name(entry, topic), entry.front, entry.sections)
        return self.within(session, named) or named

    def within(self, session: Session, entry: Entry) -> list[Fault]:
        """Place and citations of an entry whose form is right."""
        faults = check_place(entry, self._topics())
        if not isinstance(entry.front, Front):
            return faults
        statutes = self._statutes(session)
        if not statutes.empty:
            findings = citation_findings(EntryFile(entry.file, entry), statutes)
            faults += [Fault("laws", one.code, one.message) for one in findings if one.level == "error"]
        return faults

    def _statutes(self, session: Session) -> KnownStatutes:
        """Kept as long as no statute changes: reading the numbers of all articles takes a second."""
        mark, today = Statutes(session).mark(), self._today()
        held = self._known
        if held is None or held[0] != (mark, today):
            held = self._known = ((mark, today), KnownStatutes.of(session, today))
        return held[1]
