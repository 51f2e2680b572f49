"""figures: abandons after a ring; lists of calls by outcome, seat and grade without reading all calls"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rollup", sa.Column("abandoned_rung", sa.BigInteger(), nullable=False, server_default="0"))
    # what was counted without it is counted again; until then reports read the calls themselves
    op.execute(
        "INSERT INTO rollup_mark (quarter) SELECT quarter FROM rollup_quarter "
        "WHERE quarter NOT IN (SELECT quarter FROM rollup_mark)"
    )
    op.create_index("ix_call_outcome", "call", ["outcome", "started_at"])
    op.create_index("ix_call_grade", "call", ["grade", "started_at"])
    # the beginning only: an imported name may be longer than an index takes
    op.create_index("ix_call_seat", "call", [sa.text("substr(seat, 1, 64)"), "started_at"])


def downgrade() -> None:
    for name in ("ix_call_seat", "ix_call_grade", "ix_call_outcome"):
        op.drop_index(name, table_name="call")
    op.drop_column("rollup", "abandoned_rung")
