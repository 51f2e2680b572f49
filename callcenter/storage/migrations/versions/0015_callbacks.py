"""callbacks: what became of a request, attempts to reach its caller, numbers that are not called"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reason", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("merged_into", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("taken_by", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("taken_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("result", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("note", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("served_call", sa.String(length=80), nullable=True))
    op.create_table(
        "callback_attempt",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("node", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=16), nullable=False),
        sa.Column("number_of_try", sa.Integer(), nullable=False),
        sa.Column("ordered_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_attempt")),
    )
    with op.batch_alter_table("callback_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "uq_callback_attempt_live",
            ["call", "kind"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )
        batch_op.create_index(
            "uq_callback_attempt_number",
            ["number_hash"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )
        batch_op.create_index(batch_op.f("ix_callback_attempt_call"), ["call"], unique=False)
    op.create_table(
        "do_not_call",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_do_not_call")),
    )


def downgrade() -> None:
    for table in ("do_not_call", "callback_attempt"):
        op.drop_table(table)
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        for column in (
            *("due_at", "tries", "reason", "merged_into", "taken_by"),
            *("taken_at", "ended_at", "result", "note", "served_call"),
        ):
            batch_op.drop_column(column)
