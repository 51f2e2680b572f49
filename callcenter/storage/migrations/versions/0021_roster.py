"""the roster: shifts, and swaps of them"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shift",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=16), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_shift_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index(op.f("ix_shift_person"), "shift", ["person"])
    op.create_index(op.f("ix_shift_starts_at"), "shift", ["starts_at"])
    op.create_table(
        "shift_swap",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("shift", ID, nullable=False),
        sa.Column("in_return", ID, nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("to", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["shift"], ["shift.id"], name=op.f("fk_shift_swap_shift_shift"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["in_return"], ["shift.id"], name=op.f("fk_shift_swap_in_return_shift"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swap")),
    )
    for name in ("shift", "in_return", "state"):
        op.create_index(op.f(f"ix_shift_swap_{name}"), "shift_swap", [name])


def downgrade() -> None:
    op.drop_table("shift_swap")
    op.drop_table("shift")
