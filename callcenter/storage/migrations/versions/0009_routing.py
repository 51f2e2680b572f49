"""how well a seat speaks its languages; why a caller goes first"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("levels", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("call", sa.Column("priority", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_column("priority")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("levels")
