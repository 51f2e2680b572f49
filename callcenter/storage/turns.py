"""One at a time, over all processes, until the transaction ends."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def one_at_a_time(session: Session, key: int) -> None:
    """`key`: a number of the deed's own. SQLite: `Database.begin` has taken the write lock already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
