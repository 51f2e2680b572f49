"""calls that a number in the cloud took while the site was down"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cloud_call",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("recording", sa.String(length=40), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cloud_call")),
    )
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=16), nullable=False, server_default="site"))


def downgrade() -> None:
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.drop_column("source")
    op.drop_table("cloud_call")
