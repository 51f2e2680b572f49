"""return visits, attempts, draws"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REFUSED = "a return visit is never deleted"


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("warn_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, kind, nullable=False, server_default="")
            for name, kind in (("opened_by", sa.String(64)), ("words", sa.Text()), ("about", sa.String(64)))
        ),
        sa.Column("draw", sa.String(length=24), nullable=False, server_default=""),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("assigned_to", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("assigned_by", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("assigned_at", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.String(length=24), nullable=False, server_default=""),
        sa.Column("cause", sa.String(length=24), nullable=False, server_default=""),
        sa.Column("correction", sa.Text(), nullable=False, server_default=""),
        sa.Column("closed_by", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "call", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_due", "visit", ["state", "due_at"])
    op.create_index("ix_visit_call", "visit", ["call"])
    op.create_index("ix_visit_assigned", "visit", ["assigned_to", "state"])
    op.create_table(
        "visit_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_attempt")),
    )
    op.create_index(op.f("ix_visit_attempt_call"), "visit_attempt", ["call"])
    op.create_table(
        "visit_draw",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_draw")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER visit_kept BEFORE DELETE ON visit BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
    else:
        op.execute(
            "CREATE FUNCTION keep_visits() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute("CREATE TRIGGER visit_kept BEFORE DELETE ON visit FOR EACH ROW EXECUTE FUNCTION keep_visits()")


def downgrade() -> None:
    for table in ("visit_draw", "visit_attempt", "visit"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_visits()")
