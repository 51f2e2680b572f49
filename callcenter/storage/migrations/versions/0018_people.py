"""people: licence, fields of law, one-time passwords, second factor; proposals of skills; an audit that only grows"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ACTS = ("UPDATE", "DELETE")


def columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("fields", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("licence", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("law_firm", sa.String(length=128), nullable=False, server_default=""),
        sa.Column("one_time_until", sa.BigInteger(), nullable=True),
        sa.Column("factor", sa.LargeBinary(), nullable=True),
        sa.Column("factor_new", sa.LargeBinary(), nullable=True),
        sa.Column("factor_step", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("recovery", sa.JSON(), nullable=False, server_default="[]"),
    )


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        for column in columns():
            batch_op.add_column(column)
    op.create_table(
        "skill_proposal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_skill_proposal_person_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_proposal")),
    )
    op.create_index(op.f("ix_skill_proposal_person"), "skill_proposal", ["person"])
    op.create_index(op.f("ix_skill_proposal_state"), "skill_proposal", ["state"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ACTS:
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is only appended to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is only appended to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ACTS:
            op.execute(f"DROP TRIGGER audit_no_{act.lower()}")
    else:
        op.execute("DROP TRIGGER audit_only_grows ON audit")
        op.execute("DROP FUNCTION audit_only_grows()")
    op.drop_table("skill_proposal")
    with op.batch_alter_table("person", schema=None) as batch_op:
        for column in columns():
            batch_op.drop_column(column.name)
