"""What persons do with messages: read them, write and approve texts, keep the list of those who want none, test."""

import uuid
from datetime import datetime

from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.instants import CHINA
from callcenter.message.model import MessageState, Purpose, Refusal, check_text, mobile
from callcenter.message.repository import Messages, Wanted
from callcenter.message.rules import read_message_rules
from callcenter.message.schemas import (
    CountOut,
    GatewayOut,
    MessageOut,
    MessagesOut,
    OptOutOut,
    TemplateIn,
    TemplateOut,
)
from callcenter.message.service import enqueue
from callcenter.message.setup import lacking
from callcenter.message.starters import STARTERS
from callcenter.message.table import MessageOptOutRow, MessageTemplateRow
from callcenter.report.intervals import in_order
from callcenter.secrets import Secrets
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault, mask

OPT_OUTS_SHOWN = 500


class MessageDesk:
    def __init__(
        self, settings: Settings, secrets: Secrets, database: Database, vault: NumberVault, clock: Clock
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._database = database
        self._vault = vault
        self._clock = clock

    def page(self, wanted: Wanted) -> MessagesOut:
        in_order(wanted.start, wanted.end)
        with self._database.read() as session:
            messages = Messages(session)
            rows, total = messages.page(wanted)
            counts = messages.counts(Wanted(start=wanted.start, end=wanted.end, purpose=wanted.purpose))
        return MessagesOut(
            items=[MessageOut.of(row, mask(self._vault.open(row.number))) for row in rows],
            total=total,
            counts=[CountOut(state=MessageState(state), messages=n, parts=p) for state, (n, p) in counts.items()],
        )

    def settle(self, person: Person, id_: str, arrived: bool) -> MessageOut:
        """A message whose outcome nobody knows: a person has found it out."""
        now = self._clock.now()
        with self._database.begin() as session:
            messages = Messages(session)
            if arrived:
                done = messages.move(
                    id_, [MessageState.UNKNOWN], MessageState.SENT, ended_at=now, given=None, reason=""
                )
            else:
                done = messages.move(id_, [MessageState.UNKNOWN], MessageState.QUEUED, next_at=now, reason="")
            row = messages.get(id_)
            if row is None:
                raise NotFound(f"there is no message {id_}")
            if not done:
                raise Conflict(f"message {id_} is {row.state}; only one whose outcome is unknown can be settled")
            Audit(session).add(now, person.id, "message-settled", id_, arrived=arrived)
            return MessageOut.of(row, mask(self._vault.open(row.number)))

    # texts

    def templates(self) -> list[TemplateOut]:
        """Of each purpose and language: what waits for approval, what is sent; a starter where there is neither."""
        with self._database.read() as session:
            rows = Messages(session).templates()
        found: dict[tuple[Purpose, str], list[TemplateOut]] = {}
        for row in rows:
            listed = found.setdefault((Purpose(row.purpose), row.language), [])
            if not any(it.state == "in_use" for it in listed) and (row.approved_at or not listed):
                listed.append(TemplateOut.of(row))
        for (purpose, language), text in STARTERS.items():
            found.setdefault((purpose, language), [TemplateOut.starter(purpose, language, text)])
        order = {purpose: number for number, purpose in enumerate(Purpose)}
        keys = sorted(found, key=lambda key: (order[key[0]], self._place(key[1])))
        return [it for key in keys for it in found[key]]

    def write(self, person: Person, given: TemplateIn) -> TemplateOut:
        """A new text; it waits until another person approves it. Raises BadInput."""
        if given.language not in self._settings.languages:
            raise BadInput(
                f"language: {given.language!r} is none of {', '.join(self._settings.languages)}", field="language"
            )
        text = given.text.strip()
        check_text(given.purpose, text)
        now = self._clock.now()
        row = MessageTemplateRow(
            purpose=given.purpose.value,
            language=given.language,
            text=text,
            carrier_id=given.carrier_id,
            written_by=person.id,
            written_at=now,
        )
        with self._database.begin() as session:
            Messages(session).add_template(row)
            Audit(session).add(now, person.id, "message-text-written", str(row.id), purpose=row.purpose)
            return TemplateOut.of(row)

    def approve(self, person: Person, id_: int) -> TemplateOut:
        """It is sent from now on. Nobody approves what he wrote himself."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = Messages(session).template_by_id(id_)
            if row is None:
                raise NotFound(f"there is no text {id_}")
            if row.written_by == person.id:
                raise Conflict("another person must read and approve this text")
            if row.approved_at is None:
                row.approved_at, row.approved_by = now, person.id
                Audit(session).add(now, person.id, "message-text-approved", str(id_), purpose=row.purpose)
            return TemplateOut.of(row)

    def _place(self, language: str) -> int:
        known = self._settings.languages
        return known.index(language) if language in known else len(known)

    # who wants none

    def opt_outs(self) -> list[OptOutOut]:
        with self._database.read() as session:
            rows = Messages(session).opt_outs(OPT_OUTS_SHOWN)
        return [OptOutOut.of(row, mask(self._vault.open(row.number))) for row in rows]

    def opt_out(self, person: Person, number: str) -> None:
        to, now = _mobile(number), self._clock.now()
        hash_ = self._vault.search_hash(to) or ""
        with self._database.begin() as session:
            row = MessageOptOutRow(number_hash=hash_, number=self._vault.seal(to), since=now, by=person.id)
            Messages(session).opt_out(row)
            Audit(session).add(now, person.id, "message-opted-out", mask(to))

    def opt_in(self, person: Person, id_: str) -> None:
        now = self._clock.now()
        with self._database.begin() as session:
            if not Messages(session).opt_in(id_):
                raise NotFound("this number is not on the list")
            Audit(session).add(now, person.id, "message-opted-in", id_)

    # the gateway

    def gateway(self) -> GatewayOut:
        rules, findings = read_message_rules(self._settings.flows_dir)
        with self._database.read() as session:
            messages = Messages(session)
            since = messages.overdue_since(self._clock.now())
            tests, _ = messages.page(Wanted(purpose=Purpose.TEST, limit=1))
        return GatewayOut(
            gateway=rules.gateway,
            lacks=lacking(self._settings, self._secrets, rules),
            faults=[f"{it.file}:{it.line}: {it.message}" for it in findings],
            hours=rules.hours,
            per_minute=rules.per_minute,
            per_number_a_day=rules.per_number_a_day,
            invite_after_hang_up=rules.invite_after_hang_up,
            alarm_numbers=[mask(number) for number in rules.alarm_numbers],
            waiting_since=None if since is None else since.astimezone(CHINA).isoformat(),
            last_test=next((MessageOut.of(row, mask(self._vault.open(row.number))) for row in tests), None),
        )

    def test(self, person: Person, number: str) -> str:
        """A message to this number; its id. It takes the way of all others."""
        to, now, subject = _mobile(number), self._clock.now(), uuid.uuid4().hex
        with self._database.begin() as session:
            values = {"at": clock_words(now)}
            language = self._settings.default_language
            enqueue(
                session,
                self._vault,
                now,
                purpose=Purpose.TEST,
                subject_id=subject,
                language=language,
                number=to,
                values=values,
            )
            Audit(session).add(now, person.id, "message-tested", mask(to))
            row = Messages(session).about(Purpose.TEST, subject)
            return row.id if row else ""


def clock_words(at: datetime) -> str:
    """`11-22 14:05`, China's time."""
    return at.astimezone(CHINA).strftime("%m-%d %H:%M")


def _mobile(number: str) -> str:
    """Raises BadInput."""
    to = mobile(number)
    if isinstance(to, Refusal):
        raise BadInput(f"number: messages go to mobile numbers of eleven digits ({to.value})", field="number")
    return to
