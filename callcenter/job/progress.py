"""Telling how far long work is. Each telling is a short transaction of its own, so never inside another one: SQLite has
one writer."""

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from callcenter.clock import Clock
from callcenter.errors import CallCenterError
from callcenter.job.table import JobProgressRow
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

EVERY_S = 1.0
KEPT = timedelta(days=30)
SUBJECT_MAX = 255

Tell = Callable[[int, int | None], None]
"""So much is done, of so much."""


class Kind(StrEnum):
    CALLS_IMPORT = "calls-import"
    ROLLUP_REBUILD = "rollup-rebuild"


@contextmanager
def shown(database: Database, clock: Clock, kind: Kind, subject: str) -> Iterator[Tell]:
    """Shows the work inside. Its failing is shown and raised on; that it cannot be shown stops nothing."""
    id_, told_at = uuid.uuid4().hex, 0.0

    def write(state: str, done: int | None = None, total: int | None = None, problem: str = "") -> None:
        now = clock.now()
        try:
            with database.begin() as session:
                row = session.get(JobProgressRow, id_)
                if row is None:
                    session.execute(delete(JobProgressRow).where(JobProgressRow.started_at < now - KEPT))
                    row = JobProgressRow(id=id_, kind=kind.value, subject=subject[:SUBJECT_MAX], done=0, started_at=now)
                    session.add(row)
                row.state, row.beat_at, row.problem = state, now, problem[:SUBJECT_MAX]
                if done is not None:
                    row.done, row.total = done, total
                row.ended_at = None if state == "running" else now
        except SQLAlchemyError as error:
            log.warning("job.not_shown kind=%s reason=%s", kind.value, type(error).__name__)

    def tell(done: int, total: int | None = None) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= EVERY_S:
            told_at = time.monotonic()
            write("running", done, total)

    write("running")
    try:
        yield tell
    except BaseException as error:
        write("failed", problem=error.message if isinstance(error, CallCenterError) else type(error).__name__)
        raise
    write("done")


def newest(session: Session, limit: int) -> Sequence[JobProgressRow]:
    return session.scalars(select(JobProgressRow).order_by(JobProgressRow.started_at.desc()).limit(limit)).all()
