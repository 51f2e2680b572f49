"""What may happen to an entry: validated first, then done, in one transaction with its comment and its audit line."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from callcenter.account.actions import Action
from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.clock import Clock
from callcenter.errors import BadInput, Conflict, NotAllowed, NotFound
from callcenter.knowledge.entry.form import Fault, Form, form_of
from callcenter.knowledge.entry.model import Entry, Front
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.entry.topics import Topics
from callcenter.knowledge.entry.writer import entry_text
from callcenter.knowledge.life.checking import LIFE_OF_A_CHECK, Checking
from callcenter.knowledge.life.model import (
    FROM,
    LANGUAGES,
    NEEDS_WORDS,
    ONLY_REVIEWERS,
    REVIEW_EVERY_DAYS,
    REVIEWERS,
    WRITERS,
    Act,
    DraftState,
)
from callcenter.knowledge.life.repository import Life
from callcenter.knowledge.life.rules import check_id
from callcenter.knowledge.life.table import CommentRow, DraftRow, VersionRow
from callcenter.storage.database import Database

AUDITED: Mapping[Act, Action] = {
    Act.SEND: "knowledge.send",
    Act.RETURN: "knowledge.return",
    Act.PUBLISH: "knowledge.publish",
    Act.DISCARD: "knowledge.discard",
    Act.CONFIRM: "knowledge.confirm",
    Act.RETIRE: "knowledge.retire",
}


class OwnText(NotAllowed):
    code = "own-text"


@dataclass(frozen=True)
class Draft:
    """One language version as it is being written; `version` 0 and no `state`: nobody works on it."""

    entry: str
    language: str
    form: Form
    state: DraftState | None
    version: int
    authors: list[str]
    changed_by: str
    exists: bool
    """Whether there is a published text behind it."""


class EntryLife:
    def __init__(
        self, database: Database, clock: Clock, topics: Callable[[], Topics], today: Callable[[], date]
    ) -> None:
        self._database = database
        self._clock = clock
        self._today = today
        self.checking = Checking(topics, today)

    def draft(self, entry: str, language: str) -> Draft:
        """Raises NotFound for an entry that is neither published nor being written."""
        with self._database.read() as session:
            return self._draft(session, entry, language)

    def save(self, writer: Person, entry: str, language: str, version: int, form: Form) -> Draft:
        """Keep what was typed, complete or not. Raises NotAllowed, BadInput, NotFound, Conflict."""
        _may(writer, WRITERS)
        check_id(entry, language)
        with self._database.begin() as session:
            self.keep(session, writer, entry, language, version, form)
            return self._draft(session, entry, language)

    def keep(self, session: Session, writer: Person, entry: str, language: str, version: int, form: Form) -> None:
        life, now = Life(session), self._clock.now()
        published = Entries(session).get(entry, language)
        if language != "zh" and Entries(session).get(entry, "zh") is None:
            raise NotFound(f"there is no Chinese entry {entry!r} to translate; write that one first")
        row = life.draft(entry, language)
        if row is None:
            if version:
                raise _meanwhile(entry, 0)
            row = DraftRow(
                entry=entry,
                language=language,
                form=form,
                state=DraftState.WRITING,
                version=1,
                base=_digest(published),
                authors=[writer.id],
                changed_at=now,
                changed_by=writer.id,
            )
            life.add_draft(row)
            return
        state = DraftState.RETURNED if row.state == DraftState.RETURNED else DraftState.WRITING
        authors = sorted({*row.authors, writer.id})
        if not life.save(row, version, form, state, authors, now, writer.id):
            raise _meanwhile(entry, row.version)

    def check(self, entry: str, language: str, form: Form) -> list[Fault]:
        """What is missing until the form could be published."""
        with self._database.read() as session:
            checked = self.checking.entry(session, entry, language, form, LIFE_OF_A_CHECK)
        return checked if isinstance(checked, list) else []

    def act(
        self,
        person: Person,
        entry: str,
        language: str,
        act: Act,
        version: int,
        words: str = "",
        due: date | None = None,
    ) -> None:
        """Raises NotAllowed (OwnText), BadInput (Incomplete), NotFound, Conflict; then nothing is changed."""
        _may(person, REVIEWERS if act in ONLY_REVIEWERS else WRITERS)
        if act in NEEDS_WORDS and not words.strip():
            raise BadInput(f"{act}: say in a few words why", fields=["words"])
        with self._database.begin() as session:
            row = Life(session).draft(entry, language)
            state = DraftState(row.state) if row is not None else None
            if state not in FROM[act]:
                raise Conflict(f"{entry}: {act} is not possible, the draft is {state or 'not there'}; read it again")
            if row is not None and row.version != version:
                raise _meanwhile(entry, row.version)
            if row is None:
                self._on_published(session, person, entry, language, act, words, due)
            else:
                self._on_draft(session, person, row, act, words)
            now = self._clock.now()
            Life(session).add_comment(
                CommentRow(entry=entry, language=language, at=now, person=person.id, act=act, words=words.strip())
            )
            Audit(session).add(now, person.id, AUDITED[act], f"{entry}.{language}")

    # -- on a draft

    def _on_draft(self, session: Session, person: Person, row: DraftRow, act: Act, words: str) -> None:
        life, now = Life(session), self._clock.now()
        if act is Act.DISCARD:
            if person.role not in REVIEWERS and person.id not in row.authors:
                raise NotAllowed("a draft is thrown away by who wrote in it, or by a reviewer")
            life.drop_draft(row)
        elif act is Act.RETURN:
            life.save(row, row.version, row.form, DraftState.RETURNED, row.authors, now, row.changed_by)
        elif act is Act.SEND:
            form = dict(row.form)
            if row.language != "zh":
                form["translates"] = self._chinese_hash(session, row.entry)
            self.checking.whole(session, row.entry, row.language, form, LIFE_OF_A_CHECK)
            row.base = _digest(Entries(session).get(row.entry, row.language))
            life.save(row, row.version, form, DraftState.IN_REVIEW, row.authors, now, row.changed_by)
        else:
            if person.id in row.authors:
                raise OwnText(f"{entry_name(row)}: you wrote in this text; another reviewer must publish it")
            if row.base != _digest(Entries(session).get(row.entry, row.language)):
                raise Conflict(f"{entry_name(row)}: another text was published meanwhile; compare, and send it again")
            life_of = {"status": "published", "reviewer": person.id, "reviewed_on": self._today()}
            entry = self.checking.whole(session, row.entry, row.language, self._due_again(row), life_of)
            self._publish(session, entry, "published", row.authors, person, words)
            life.drop_draft(row)

    def _due_again(self, row: DraftRow) -> Form:
        form = dict(row.form)
        if row.language == "zh" and form.get("review_due", "") <= self._today().isoformat():
            form["review_due"] = (self._today() + timedelta(days=REVIEW_EVERY_DAYS)).isoformat()
        return form

    def _chinese_hash(self, session: Session, entry: str) -> str:
        chinese = Entries(session).get(entry, "zh")
        if chinese is None:
            raise NotFound(f"there is no Chinese entry {entry!r}")
        return chinese.content_hash()

    # -- on the published text

    def _on_published(
        self, session: Session, person: Person, entry: str, language: str, act: Act, words: str, due: date | None
    ) -> None:
        held = Entries(session).get(entry, language)
        if held is None:
            raise NotFound(f"there is no entry {entry!r} in {language}")
        today = self._today()
        changes: dict[str, Any] = {"reviewer": person.id, "reviewed_on": today}
        if act is Act.RETIRE:
            changes["status"] = "retired"
        else:
            changes["status"] = "published"
            if isinstance(held.front, Front):
                changes["review_due"] = due or today + timedelta(days=REVIEW_EVERY_DAYS)
                if changes["review_due"] <= today:
                    raise BadInput("the next review lies in the future", fields=["due"])
        front = held.front.model_copy(update=changes)
        kind = "retired" if act is Act.RETIRE else "confirmed"
        self._publish(session, Entry(held.file, front, held.sections), kind, [], person, words)

    def _publish(
        self, session: Session, entry: Entry, kind: str, authors: list[str], reviewer: Person, note: str
    ) -> None:
        life, entries, now = Life(session), Entries(session), self._clock.now()
        before = entries.get(entry.id, entry.language)
        number = life.last_number(entry.id, entry.language)
        common = {"entry": entry.id, "language": entry.language, "at": now}
        if not number and before is not None:
            number = 1
            life.add_version(
                VersionRow(**common, number=1, kind="shipped", text=entry_text(before), authors=[], note="")
            )
        text = entry_text(entry)
        life.add_version(
            VersionRow(
                **common,
                number=number + 1,
                kind=kind,
                text=text,
                authors=authors,
                reviewer=reviewer.id,
                note=note.strip(),
            )
        )
        entries.publish(entry, hashlib.sha256(text.encode()).hexdigest())

    # -- reading

    def _draft(self, session: Session, entry: str, language: str) -> Draft:
        row, held = Life(session).draft(entry, language), Entries(session).get(entry, language)
        if row is not None:
            state, form = DraftState(row.state), row.form
            return Draft(
                entry, language, form, state, row.version, row.authors, row.changed_by, exists=held is not None
            )
        if held is not None:
            return Draft(entry, language, form_of(held), None, 0, [], "", exists=True)
        chinese = Entries(session).get(entry, "zh")
        if chinese is None or language not in LANGUAGES:
            raise NotFound(f"there is no entry {entry!r}; it may have been renamed, search for it")
        return Draft(entry, language, {"translates": chinese.content_hash()}, None, 0, [], "", exists=False)


def entry_name(row: DraftRow) -> str:
    return row.entry if row.language == "zh" else f"{row.entry}.{row.language}"


def _digest(entry: Entry | None) -> str:
    """Of a whole text, dates and status included."""
    return "" if entry is None else hashlib.sha256(entry_text(entry).encode()).hexdigest()


def _may(person: Person, roles: frozenset[Any]) -> None:
    if person.role not in roles:
        raise NotAllowed(f"{person.role} may not do this", needs=sorted(roles))


def _meanwhile(entry: str, version: int) -> Conflict:
    return Conflict(f"{entry}: somebody else saved it meanwhile; compare with what is there", version=version)
