"""Every query of recordings."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from callcenter.recording.model import Measured, RecordingState
from callcenter.recording.table import RecordingRow

PROBLEM_LENGTH = 255
MOST_IN_A_QUERY = 500


def find(session: Session, call: str) -> RecordingRow | None:
    return session.get(RecordingRow, call)


def due(session: Session, before: datetime, limit: int) -> Sequence[tuple[str, datetime]]:
    """(call, due_at) of what waits to be sealed since `before` or longer, the longest first."""
    rows = session.execute(
        select(RecordingRow.call, RecordingRow.due_at)
        .where(RecordingRow.state == RecordingState.DUE, RecordingRow.due_at <= before)
        .order_by(RecordingRow.due_at)
        .limit(limit)
    )
    return [(call, due_at) for call, due_at in rows]


def count_due(session: Session) -> int:
    query = select(func.count()).where(RecordingRow.state == RecordingState.DUE)
    return session.scalar(query) or 0


def sealed_since(session: Session, since: datetime) -> Sequence[RecordingRow]:
    return session.scalars(
        select(RecordingRow).where(RecordingRow.state == RecordingState.SEALED, RecordingRow.sealed_at >= since)
    ).all()


def stems_known(session: Session, stems: Sequence[str]) -> set[str]:
    """Which of these file stems belong to a recording."""
    found: set[str] = set()
    for start in range(0, len(stems), MOST_IN_A_QUERY):
        some = stems[start : start + MOST_IN_A_QUERY]
        found.update(session.scalars(select(RecordingRow.file).where(RecordingRow.file.in_(some))))
    return found


def seal(session: Session, call: str, at: datetime, measured: Measured, problem: str) -> bool:
    """False when it was no longer due: somebody else has closed it, and that stands."""
    return _close(
        session,
        call,
        state=RecordingState.SEALED,
        sealed_at=at,
        sha256=measured.sha256,
        bytes=measured.bytes,
        seconds=measured.seconds,
        caller_rms=measured.caller_rms,
        seat_rms=measured.seat_rms,
        problem=problem[:PROBLEM_LENGTH],
    )


def give_up(session: Session, call: str, state: RecordingState, problem: str) -> bool:
    """Close it as missing or broken, with the reason in words."""
    return _close(session, call, state=state, problem=problem[:PROBLEM_LENGTH])


def note(session: Session, call: str, problem: str) -> None:
    """Why it is still due."""
    _close(session, call, problem=problem[:PROBLEM_LENGTH])


def _close(session: Session, call: str, **values: object) -> bool:
    changed = session.execute(
        update(RecordingRow)
        .where(RecordingRow.call == call, RecordingRow.state == RecordingState.DUE)
        .values(**values)
        .returning(RecordingRow.call)
    )
    return changed.first() is not None
