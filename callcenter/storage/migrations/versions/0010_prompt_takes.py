"""recordings of prompts: uploaded, waiting, approved or refused"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_take",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("prompt", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("words_hash", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("speaker", sa.String(length=80), nullable=False),
        sa.Column("length_s", sa.Float(), nullable=False),
        sa.Column("loudness_db", sa.Float(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_take")),
    )
    with op.batch_alter_table("prompt_take", schema=None) as batch_op:
        batch_op.create_index("ix_prompt_take_of", ["language", "prompt", "state"], unique=False)


def downgrade() -> None:
    op.drop_table("prompt_take")
