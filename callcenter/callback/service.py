"""What the engine asks of the database before it dials, and what it tells it afterwards. Each method is one
transaction and blocks; the database decides, whoever asks."""

import logging
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.callback import state
from callcenter.callback.model import CHANNEL, AttemptState, First, Policies, Refused, RequestState, Result, dialable
from callcenter.callback.repository import Callbacks, request_of
from callcenter.callback.table import CallbackAttemptRow
from callcenter.errors import Conflict, NotFound
from callcenter.ids import SeatId
from callcenter.ivr.table import CallerRequestRow
from callcenter.seat.model import PhoneKind
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

ORDER_KEPT = timedelta(seconds=60)
"""An engine that was away for longer does not ring somebody whom a person wanted to talk to then."""


class NotToBeCalled(Conflict):
    code = "not-to-be-called"


class RingsOnMobile(Conflict):
    code = "rings-on-mobile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Claimed: the only live one of its request and of its number."""

    id: str
    number: str = field(repr=False)
    """As the carrier takes it."""
    caller: str = field(repr=False)
    """As the caller was known, for the record."""
    line: str
    seat: SeatId | None
    """Whose telephone rings first; None: the caller's."""
    arrived: datetime
    claimed_at: datetime


class CallbackService:
    def __init__(self, database: Database, vault: NumberVault, node: str, policies: Policies) -> None:
        self._database = database
        self._vault = vault
        self._node = node
        self._policies = policies

    def settle(self, now: datetime) -> None:
        """Join what is asked for twice; drop what is needed no more."""
        with self._database.begin() as session:
            callbacks = Callbacks(session)
            for row in callbacks.rang_again():
                request = request_of(row)
                callbacks.change(request, state.to(request, RequestState.CANCELLED, now, "rang-again"))
                log.info("callback.cancelled call=%s reason=rang-again", row.call)
            for number_hash, kind, line in callbacks.duplicates():
                rows = callbacks.unsettled_of(number_hash, kind, line)
                busy = [row for row in rows if row.state != RequestState.OPEN.value]
                first = busy[0] if busy else rows[0]
                for row in rows:
                    if row is not first and row.state == RequestState.OPEN.value:
                        callbacks.merge(row, first, now)

    def claim_next(self, line: str, now: datetime, came_before: datetime | None = None) -> Attempt | None:
        """The one whose turn it is. `came_before`: only if he came before that."""
        with self._database.read() as session:
            if Callbacks(session).next_due(line, now, came_before) is None:
                return None
        try:
            with self._database.begin() as session:
                callbacks = Callbacks(session)
                row = callbacks.next_due(line, now, came_before)
                return None if row is None else self._claim(callbacks, row, None, now)
        except IntegrityError:
            return None  # another claim was quicker

    def order(self, call: str, kind: str, by: str, now: datetime, seat: SeatId | None = None) -> str:
        """A person wants this one called at once; the engine finds the order in the database. `seat`: the person's own,
        rung first where the line wants that. Its attempt.

        Raises NotFound, Conflict, NotToBeCalled, RingsOnMobile.
        """
        try:
            with self._database.begin() as session:
                callbacks = Callbacks(session)
                row = callbacks.get(call, kind)
                if row is None:
                    raise NotFound(f"call {call} has left no {kind}")
                if RequestState.DIALLING not in state.NEXT[RequestState(row.state)]:
                    raise Conflict(f"this {kind} is {row.state}; it is not called any more")
                why = self._refusal(callbacks, row)
                if why is not None:
                    raise NotToBeCalled(f"this number is not called back: {why.value}", reason=why.value)
                first = seat if self._policies.of(row.language).first is First.SEAT else None
                if first is not None and callbacks.rings_on(first) == PhoneKind.MOBILE:
                    message = "your calls ring on a mobile, which is not rung first here; choose browser or desk phone"
                    raise RingsOnMobile(message)
                attempt = self._claim(callbacks, row, by, now, first)
        except IntegrityError:
            attempt = None
        if attempt is None:
            raise Conflict("this number is being called already")
        return attempt.id

    def take_orders(self, now: datetime) -> list[Attempt]:
        """For the engine: what persons ordered, claimed now. An order that is too old is nobody's wish any more."""
        with self._database.read() as session:
            found = [(it.id, it.claimed_at) for it in Callbacks(session).ordered(self._node)]
        taken = []
        for id_, at in found:
            if now - at > ORDER_KEPT:
                self.over(id_, Result.NOT_SENT, now)
                continue
            with self._database.begin() as session:
                if Callbacks(session).claim_order(id_):
                    taken.append(id_)
        return [attempt for attempt in self.live() if attempt.id in taken]

    def _claim(
        self, callbacks: Callbacks, row: CallerRequestRow, by: str | None, now: datetime, seat: SeatId | None = None
    ) -> Attempt | None:
        request, caller = request_of(row), self._vault.open(row.number)
        number = self._refusal(callbacks, row) or dialable(caller)
        if isinstance(number, Refused):
            if request.state is RequestState.OPEN:
                callbacks.change(request, state.to(request, RequestState.CANCELLED, now, number.value))
            log.info("callback.refused call=%s reason=%s", row.call, number.value)
            return None
        if not callbacks.change(request, state.dialling(request, now)):
            return None
        attempt = CallbackAttemptRow(
            id=f"{CHANNEL}{uuid.uuid4().hex}",
            call=row.call,
            kind=row.kind,
            number_hash=row.number_hash or "",
            node=self._node,
            line=row.language,
            number_of_try=row.tries + 1,
            ordered_by=by,
            claimed_at=now,
            seat=seat,
            state=(AttemptState.ORDERED if by else AttemptState.CLAIMED).value,
        )
        callbacks.add(attempt)
        return _attempt(attempt, row, number, caller)

    def _refusal(self, callbacks: Callbacks, row: CallerRequestRow) -> Refused | None:
        number = dialable(self._vault.open(row.number))
        if isinstance(number, Refused):
            return number
        return Refused.DO_NOT_CALL if row.number_hash and callbacks.may_not(row.number_hash) else None

    def live(self) -> list[Attempt]:
        """What an engine has begun and nobody has seen the end of."""
        with self._database.read() as session:
            callbacks = Callbacks(session)
            found = [
                (attempt, callbacks.get(attempt.call, attempt.kind))
                for attempt in callbacks.live(self._node)
                if attempt.state != AttemptState.ORDERED.value
            ]
        return [
            _attempt(attempt, row, str(dialable(caller)), caller)
            for attempt, row in found
            if row is not None and (caller := self._vault.open(row.number)) is not None
        ]

    def move(self, attempt: str, to: AttemptState) -> None:
        with self._database.begin() as session:
            Callbacks(session).move(attempt, to)

    def over(self, attempt: str, result: Result, now: datetime) -> bool:
        """Once only, whoever says it first. False: it was over already."""
        with self._database.begin() as session:
            callbacks = Callbacks(session)
            row = callbacks.attempt(attempt)
            if row is None or row.ended_at is not None:
                return False
            result = Result(row.result or result)  # the seat heard a machine, and said so
            row.state, row.result, row.ended_at = AttemptState.OVER.value, result.value, now
            request_row = callbacks.get(row.call, row.kind)
            if request_row is not None and request_row.state == RequestState.DIALLING.value:
                request = request_of(request_row)
                after = state.after(request, result, self._policies.of(row.line), now)
                if request_row.taken_by and after.state in (RequestState.OPEN, RequestState.GIVEN_UP):
                    after = state.to(replace(request, tries=after.tries), RequestState.TAKEN, now, result.value)
                callbacks.change(request, after)
                if result is Result.SERVED:
                    request_row.served_call = row.id
            log.info("callback.over attempt=%s call=%s result=%s", attempt, row.call, result.value)
            return True

    def heard_a_machine(self, call: str, kind: str, seat: SeatId) -> None:
        """The seat that called him back heard a carrier's voicemail, or nobody it could talk with.

        Raises NotFound when it is not calling him now."""
        with self._database.begin() as session:
            attempt = Callbacks(session).live_of(call, kind)
            if attempt is None or attempt.seat != seat:
                raise NotFound(f"seat {seat} is not calling back the caller of call {call} now")
            attempt.result = Result.UNCONFIRMED.value

    def told_by_record(self, attempt: str) -> Result:
        """How an attempt ended of which Asterisk knows nothing any more, by the record of its call."""
        with self._database.read() as session:
            call = session.get(CallRow, attempt)
        if call is None:
            return Result.LOST
        if call.answered_at is not None:
            return Result.SERVED
        return Result.LEFT if call.queued_at is not None else Result.UNCONFIRMED


def _attempt(attempt: CallbackAttemptRow, row: CallerRequestRow, number: str, caller: str) -> Attempt:
    return Attempt(
        id=attempt.id,
        number=number,
        caller=caller,
        line=attempt.line,
        seat=SeatId(attempt.seat) if attempt.seat else None,
        arrived=row.at,
        claimed_at=attempt.claimed_at,
    )


def refusal_at_filing(session: Session, vault: NumberVault, number: str) -> Refused | None:
    """Why a request for this number is not taken at all."""
    found = dialable(number)
    if isinstance(found, Refused):
        return found
    number_hash = vault.search_hash(number)
    return Refused.DO_NOT_CALL if number_hash and Callbacks(session).may_not(number_hash) else None
