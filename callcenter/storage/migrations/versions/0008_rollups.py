"""figures by quarter hour, and the marks that say which quarters changed since"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SUMS = (
    "calls", "to_seat", "answered", "answered_within", "rung", "rung_within", "abandoned", "abandoned_within",
    "short_abandons", "waited", "talks", "talked", "held", "wrapped_up", "rated", "offered", "live",
    "grade_1", "grade_2", "grade_3", "grade_4", "grade_5",
    "abandoned_ivr", "abandoned_queue", "queue_timeout", "voicemail", "callback_requested", "blocked",
    "system_failure", "transferred_out",
)  # fmt: skip
EXTREMES = (
    "longest_wait", "worst_answered", "worst_queued", "worst_at", "last_answered", "last_queued", "last_at",
)  # fmt: skip
COUNTED = (
    "started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "wrap_up_ended_at", "hold_micros", "finer",
    "outcome", "grade", "survey_offered", "language", "line", "source", "topic", "place", "seat", "law_firm",
)  # fmt: skip
"""Columns of a call that some figure looks at. A write that changes no other needs no mark."""

QUARTER = 900_000_000


def upgrade() -> None:
    op.create_table(
        "rollup",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in SUMS),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in EXTREMES),
        sa.PrimaryKeyConstraint("kind", "quarter", "key", name=op.f("pk_rollup")),
    )
    op.create_table(
        "rollup_quarter",
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=False),
        sa.Column("short", sa.BigInteger(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_rollup_quarter")),
    )
    op.create_table(
        "rollup_mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_mark")),
    )
    op.create_index(op.f("ix_rollup_mark_quarter"), "rollup_mark", ["quarter"], unique=False)
    statements = _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgres()
    for statement in statements:
        op.execute(statement)
    op.execute(f"INSERT INTO rollup_mark (quarter) SELECT DISTINCT {_quarter('call.')} FROM call")  # noqa: S608


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for event in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER call_marked_on_{event}" + (" ON call" if dialect == "postgresql" else ""))
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION mark_quarters_on_{event}()")
    for table in ("rollup_mark", "rollup_quarter", "rollup"):
        op.drop_table(table)


def _quarter(of: str = "") -> str:
    """Beginning of the quarter hour, for instants before 1970 too: SQL's % has the sign of its left side."""
    at = f"{of}started_at"
    return f"{at} - (({at} % {QUARTER}) + {QUARTER}) % {QUARTER}"


def _sqlite() -> list[str]:
    """Row by row. There is one writer at a time, so that a mark that is there will do."""

    def mark(of: str) -> str:
        return (
            f"INSERT INTO rollup_mark (quarter) SELECT {_quarter(of)} "  # noqa: S608
            f"WHERE NOT EXISTS (SELECT 1 FROM rollup_mark WHERE quarter = {_quarter(of)});"
        )

    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in COUNTED)
    return [
        f"CREATE TRIGGER call_marked_on_insert AFTER INSERT ON call BEGIN {mark('NEW.')} END",
        f"CREATE TRIGGER call_marked_on_update AFTER UPDATE ON call WHEN {changed} "
        f"BEGIN {mark('OLD.')} {mark('NEW.')} END",
        f"CREATE TRIGGER call_marked_on_delete AFTER DELETE ON call BEGIN {mark('OLD.')} END",
    ]


def _postgres() -> list[str]:
    """Once per statement, always a new row: two writers of one quarter never wait for each other, and whoever
    removes marks cannot remove one that it has not seen."""
    old, new = (", ".join(f"{of}.{name}" for name in COUNTED) for of in ("o", "n"))
    differ = f"FROM gone o JOIN come n ON n.id = o.id WHERE ({old}) IS DISTINCT FROM ({new})"
    sources = {
        "insert": f"SELECT DISTINCT {_quarter()} FROM come",  # noqa: S608
        "update": f"SELECT {_quarter('o.')} {differ} UNION SELECT {_quarter('n.')} {differ}",
        "delete": f"SELECT DISTINCT {_quarter()} FROM gone",  # noqa: S608
    }
    tables = {
        "insert": "NEW TABLE AS come",
        "update": "OLD TABLE AS gone NEW TABLE AS come",
        "delete": "OLD TABLE AS gone",
    }
    made = []
    for event, source in sources.items():
        made.append(
            f"CREATE FUNCTION mark_quarters_on_{event}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN INSERT INTO rollup_mark (quarter) {source}; RETURN NULL; END $$"
        )
        made.append(
            f"CREATE TRIGGER call_marked_on_{event} AFTER {event.upper()} ON call REFERENCING {tables[event]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION mark_quarters_on_{event}()"
        )
    return made
