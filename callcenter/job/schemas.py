"""Long work as JSON."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from callcenter.job.table import JobProgressRow

SILENT = timedelta(minutes=10)
"""Work that has told nothing for so long was probably killed. An import is silent while it writes its rows."""


class JobOut(BaseModel):
    id: str
    kind: str
    subject: str
    state: str
    """running | silent | done | failed"""
    done: int
    total: int | None
    started_at: datetime
    ended_at: datetime | None
    problem: str

    @staticmethod
    def of(row: JobProgressRow, now: datetime) -> "JobOut":
        names = ("id", "kind", "subject", "done", "total", "started_at", "ended_at", "problem")
        silent = row.state == "running" and now - row.beat_at > SILENT
        return JobOut(state="silent" if silent else row.state, **{name: getattr(row, name) for name in names})
