"""knowledge base"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kb_entry",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", "language", name=op.f("pk_kb_entry")),
    )
    op.create_table(
        "kb_gap",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_gap")),
    )
    with op.batch_alter_table("kb_gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kb_gap_at"), ["at"], unique=False)

    op.create_table(
        "kb_law",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("repealed_on", sa.Date(), nullable=True),
        sa.Column("repealed_by", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_law")),
        sa.UniqueConstraint("name", name=op.f("uq_kb_law_name")),
    )
    op.create_table(
        "kb_state",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kb_state")),
    )
    op.create_table(
        "kb_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=80), nullable=True),
        sa.Column("dwell_s", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_use")),
    )
    with op.batch_alter_table("kb_use", schema=None) as batch_op:
        batch_op.create_index("ix_kb_use_target", ["kind", "target"], unique=False)

    op.create_table(
        "kb_law_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("law_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Date(), nullable=False),
        sa.Column("in_force", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("repeals", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["law_id"], ["kb_law.id"], name=op.f("fk_kb_law_version_law_id_kb_law")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_law_version")),
        sa.UniqueConstraint("law_id", "version", name=op.f("uq_kb_law_version_law_id")),
    )
    op.create_table(
        "kb_article",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["kb_law_version.id"], name=op.f("fk_kb_article_version_id_kb_law_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kb_article")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_kb_article_version_id")),
    )
    op.create_table(
        "kb_law_file",
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["kb_law_version.id"], name=op.f("fk_kb_law_file_version_id_kb_law_version")
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_kb_law_file")),
    )


def downgrade() -> None:
    op.drop_table("kb_law_file")
    op.drop_table("kb_article")
    op.drop_table("kb_law_version")
    with op.batch_alter_table("kb_use", schema=None) as batch_op:
        batch_op.drop_index("ix_kb_use_target")

    op.drop_table("kb_use")
    op.drop_table("kb_state")
    op.drop_table("kb_law")
    with op.batch_alter_table("kb_gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kb_gap_at"))

    op.drop_table("kb_gap")
    op.drop_table("kb_entry")
