"""a number for what a caller left behind"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("order_no", sa.String(length=16), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_caller_request_order_no"), ["order_no"])


def downgrade() -> None:
    with op.batch_alter_table("caller_request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_caller_request_order_no"), type_="unique")
        batch_op.drop_column("order_no")
