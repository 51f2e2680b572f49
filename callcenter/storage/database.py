"""The one door to the database, SQLite or PostgreSQL, always synchronous.

`begin()` is the only place that commits. The engine calls it from its single writer thread, the api from its
thread pool, workers and the command line directly. Made after a fork, never carried across one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from callcenter.config import Settings
from callcenter.errors import Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 15
"""SQLite has one writer at a time; the others wait so long before they give up."""

SILENT_NETWORK = {"tcp_user_timeout": 10_000, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
"""Milliseconds and seconds. A PostgreSQL whose machine vanished counts as away after about 10 s, not a quarter of an
hour. Without meaning for a unix socket."""


class Database:
    def __init__(self, settings: Settings, *, pool_size: int = 5) -> None:
        self.url = make_url(settings.database)
        self.dialect = self.url.get_backend_name()
        self.engine = _sqlite(self.url) if self.dialect == "sqlite" else _postgres(self.url, pool_size)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises.

        On SQLite the write lock is taken at the start, so that a transaction that reads, decides and writes
        cannot be overtaken in between.
        """
        with self._sessions() as session, session.begin():
            if self.dialect == "sqlite":
                session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view (a snapshot on both databases). Nothing written in it is kept."""
        with self._sessions() as session:
            if self.dialect == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            session.expunge_all()  # rows read here stay readable after the block
            session.rollback()

    def check(self) -> None:
        """Raise Unavailable, in words, when the database does not answer."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            where = self.url.render_as_string(hide_password=True)
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            raise Unavailable(f"the database {where} does not answer: {reason}") from error

    def close(self) -> None:
        self.engine.dispose()


def migrate(database: Database) -> None:
    """Bring the tables to the newest form. Safe to call at every start and from several processes at once."""
    try:
        if _is_newest(database):
            return
        # Only here: Alembic brings Mako along, 8 MiB, and a start with nothing to migrate is the rule.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with database.engine.connect() as connection, _exclusively(connection):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        where = database.url.render_as_string(hide_password=True)
        raise Unavailable(f"the database {where} does not answer: {error.orig}") from error


def newest() -> str:
    """The newest migration. Their files are named by their revisions, which are counted up."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _is_newest(database: Database) -> bool:
    with database.engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars() if known else ()
        return list(found) == [newest()]


@contextmanager
def _exclusively(connection: Connection) -> Iterator[None]:
    """A transaction that other migrations wait for."""
    if connection.dialect.name == "sqlite":
        connection.execution_options(sqlite_begin="IMMEDIATE")
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(12348)"))
        yield


def _sqlite(url: Any) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # pysqlite must not begin by itself: we do, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # an acknowledged call record survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _postgres(url: Any, pool_size: int) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes into the log, and a parameter may be what a person said
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC", **SILENT_NETWORK},
    )
