"""Every query of callbacks and of messages as tasks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from callcenter.call.model import NOT_INBOUND, Outcome
from callcenter.call.table import CallRow
from callcenter.callback.model import AttemptState, Request, RequestState
from callcenter.callback.table import CallbackAttemptRow, DoNotCallRow
from callcenter.ivr.table import CallerRequestRow
from callcenter.seat.table import SeatRow

CALLBACK = "callback"
VOICEMAIL = "voicemail"
UNSETTLED = (RequestState.OPEN.value, RequestState.DIALLING.value, RequestState.TAKEN.value)
R = CallerRequestRow
A = CallbackAttemptRow


def request_of(row: CallerRequestRow) -> Request:
    return Request(
        call=row.call,
        kind=row.kind,
        at=row.at,
        line=row.language,
        state=RequestState(row.state),
        due_at=row.due_at,
        tries=row.tries,
        reason=row.reason,
        ended_at=row.ended_at,
    )


class Callbacks:
    def __init__(self, session: Session) -> None:
        self._session = session

    # requests

    def get(self, call: str, kind: str) -> CallerRequestRow | None:
        return self._session.get(R, (call, kind))

    def change(self, before: Request, after: Request) -> bool:
        """Compare and set: False when the request is not in the state any more in which it was read."""
        changed = self._session.execute(
            update(R)
            .where(R.call == before.call, R.kind == before.kind, R.state == before.state.value)
            .values(
                state=after.state.value,
                due_at=after.due_at,
                tries=after.tries,
                reason=after.reason,
                ended_at=after.ended_at,
            )
            .execution_options(synchronize_session=False)
        )
        return int(getattr(changed, "rowcount", 0)) == 1

    def next_due(self, line: str, now: datetime, came_before: datetime | None) -> CallerRequestRow | None:
        """Who came first of those who may be called now. Not: a caller who is on the line, a number that rings."""
        query = select(R).where(R.kind == CALLBACK, R.language == line, *_may_be_called(now)).order_by(R.at, R.call)
        if came_before is not None:
            query = query.where(R.at < came_before)
        return self._session.scalar(query.limit(1))

    def duplicates(self) -> Sequence[tuple[str, str, str]]:
        """(number's hash, kind, line) with more than one unsettled request. An appointment is none of these."""
        query = (
            select(R.number_hash, R.kind, R.language)
            .where(R.state.in_(UNSETTLED), R.number_hash.is_not(None), R.until_at.is_(None))
            .group_by(R.number_hash, R.kind, R.language)
            .having(func.count() > 1)
        )
        return [(str(number), kind, line) for number, kind, line in self._session.execute(query)]

    def unsettled_of(self, number_hash: str, kind: str, line: str) -> Sequence[CallerRequestRow]:
        """The oldest first."""
        query = select(R).where(
            R.number_hash == number_hash,
            R.kind == kind,
            R.language == line,
            R.state.in_(UNSETTLED),
            R.until_at.is_(None),
        )
        return self._session.scalars(query.order_by(R.at, R.call)).all()

    def rang_again(self) -> Sequence[CallerRequestRow]:
        """Open callbacks whose callers have come into the same line by themselves since. An appointment stands."""
        later = exists().where(
            CallRow.caller_hash == R.number_hash,
            CallRow.line == R.language,
            CallRow.queued_at > R.at,
            CallRow.id != R.call,
            CallRow.source.not_in(NOT_INBOUND),
        )
        query = select(R).where(R.kind == CALLBACK, R.state == RequestState.OPEN.value, R.until_at.is_(None), later)
        return self._session.scalars(query).all()

    def merge(self, row: CallerRequestRow, into: CallerRequestRow, now: datetime) -> None:
        """Unless it has been claimed meanwhile."""
        merged = {"state": RequestState.MERGED.value, "ended_at": now, "merged_into": into.call}
        still_open = (R.call == row.call, R.kind == row.kind, R.state == RequestState.OPEN.value)
        self._session.execute(
            update(R).where(*still_open).values(**merged).execution_options(synchronize_session=False)
        )

    def joined(self, calls: Sequence[str], kind: str) -> Sequence[CallerRequestRow]:
        """What was merged into these, the oldest first."""
        return self._session.scalars(select(R).where(R.kind == kind, R.merged_into.in_(calls)).order_by(R.at)).all()

    def page(
        self, kind: str, states: Sequence[str], line: str | None, limit: int, offset: int, appointments: bool = False
    ) -> tuple[Sequence[CallerRequestRow], int]:
        """Unsettled ones: who came first is first; with what is over: the newest first. `appointments`: only those, the
        one whose hour comes first is first."""
        conditions: list[ColumnElement[bool]] = [R.kind == kind, R.state.in_(states)]
        if appointments:
            conditions.append(R.until_at.is_not(None))
        if line is not None:
            conditions.append(R.language == line)
        total = self._session.scalar(select(func.count()).select_from(R).where(*conditions)) or 0
        order = R.until_at.asc() if appointments else R.at.asc() if set(states) <= set(UNSETTLED) else R.at.desc()
        rows = self._session.scalars(select(R).where(*conditions).order_by(order, R.call).limit(limit).offset(offset))
        return rows.all(), total

    def appointments(self, now: datetime) -> tuple[int, int]:
        """(unsettled, of those late)."""
        late = func.sum(case((R.until_at <= now, 1), else_=0))
        count, found = self._session.execute(
            select(func.count(), late).where(R.state.in_(UNSETTLED), R.until_at.is_not(None))
        ).one()
        return int(count), int(found or 0)

    def missed(self, since: datetime, limit: int) -> Sequence[tuple[CallRow, int]]:
        """Callers who gave up in a queue, once per number: the newest call, and how often. Not: who got through since,
        or has asked to be called."""
        gave_up = and_(CallRow.outcome == Outcome.ABANDONED_QUEUE.value, CallRow.started_at >= since)
        newest = (
            select(CallRow.caller_hash, func.max(CallRow.started_at).label("newest"), func.count().label("times"))
            .where(gave_up, CallRow.caller_hash.is_not(None), CallRow.source.not_in(NOT_INBOUND))
            .group_by(CallRow.caller_hash)
            .subquery()
        )
        later = aliased(CallRow)
        got_through = exists().where(
            later.caller_hash == CallRow.caller_hash,
            later.started_at > CallRow.started_at,
            later.answered_at.is_not(None),
        )
        asked = exists().where(R.number_hash == CallRow.caller_hash, R.kind == CALLBACK, R.at >= CallRow.started_at)
        query = (
            select(CallRow, newest.c.times)
            .join(newest, and_(CallRow.caller_hash == newest.c.caller_hash, CallRow.started_at == newest.c.newest))
            .where(gave_up, ~got_through, ~asked)
            .order_by(CallRow.started_at.desc())
            .limit(limit)
        )
        return [(row, int(times)) for row, times in self._session.execute(query)]

    # attempts

    def add(self, attempt: CallbackAttemptRow) -> None:
        """Raises IntegrityError at once when the request, or its number, has a live attempt."""
        self._session.add(attempt)
        self._session.flush()

    def attempt(self, id_: str) -> CallbackAttemptRow | None:
        return self._session.get(A, id_)

    def live(self, node: str) -> Sequence[CallbackAttemptRow]:
        return self._session.scalars(select(A).where(A.node == node, A.ended_at.is_(None)).order_by(A.claimed_at)).all()

    def live_of(self, call: str, kind: str) -> CallbackAttemptRow | None:
        return self._session.scalar(select(A).where(A.call == call, A.kind == kind, A.ended_at.is_(None)))

    def live_from(self, seat: str) -> CallbackAttemptRow | None:
        """That a seat has taken."""
        return self._session.scalar(select(A).where(A.seat == seat, A.ended_at.is_(None)).limit(1))

    def rings_on(self, seat: str) -> str | None:
        """The phone of a seat that rings now, a `PhoneKind`."""
        return self._session.scalar(select(SeatRow.phone).where(SeatRow.id == seat))

    def attempts_of(self, calls: Sequence[str], kind: str) -> Sequence[CallbackAttemptRow]:
        return self._session.scalars(select(A).where(A.call.in_(calls), A.kind == kind).order_by(A.claimed_at)).all()

    def ordered(self, node: str) -> Sequence[CallbackAttemptRow]:
        return self._session.scalars(select(A).where(A.node == node, A.state == AttemptState.ORDERED.value)).all()

    def claim_order(self, id_: str) -> bool:
        """Compare and set: only one engine dials it."""
        claimed = update(A).where(A.id == id_, A.state == AttemptState.ORDERED.value)
        done = self._session.execute(claimed.values(state=AttemptState.CLAIMED.value))
        return int(getattr(done, "rowcount", 0)) == 1

    def move(self, id_: str, state: AttemptState) -> None:
        """A live attempt only; one that is over stays over."""
        self._session.execute(update(A).where(A.id == id_, A.ended_at.is_(None)).values(state=state.value))

    # numbers that are not called

    def may_not(self, number_hash: str) -> bool:
        return self._session.get(DoNotCallRow, number_hash) is not None

    def not_called(self) -> Sequence[DoNotCallRow]:
        return self._session.scalars(select(DoNotCallRow).order_by(DoNotCallRow.since.desc())).all()


def _may_be_called(now: datetime) -> tuple[ColumnElement[bool], ...]:
    on_the_line = exists().where(CallRow.caller_hash == R.number_hash, CallRow.node != "", CallRow.left_at.is_(None))
    rings = exists().where(A.number_hash == R.number_hash, A.ended_at.is_(None))
    due = (R.due_at.is_(None)) | (R.due_at <= now)
    return (R.state == RequestState.OPEN.value, R.number_hash.is_not(None), due, ~on_the_line, ~rings)
