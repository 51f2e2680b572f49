"""messages and callback requests"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caller_request",
        sa.Column("call", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("millis", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("call", "kind", name=op.f("pk_caller_request")),
    )
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_caller_request_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_caller_request_number_hash"), ["number_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_caller_request_state"), ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("caller_request")
