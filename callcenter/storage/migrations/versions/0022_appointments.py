"""appointments, and the seat that takes a callback"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("callback_attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seat", sa.String(length=16), nullable=True))
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("until_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("topic", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("made_by", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.drop_column("made_by")
        batch_op.drop_column("topic")
        batch_op.drop_column("until_at")
    with op.batch_alter_table("callback_attempt", schema=None) as batch_op:
        batch_op.drop_column("seat")
