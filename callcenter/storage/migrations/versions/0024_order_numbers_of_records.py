"""a number for every case record, and for what was left in the cloud"""

import sqlalchemy as sa
from alembic import op

from callcenter.ivr.order import new_order_no

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("order_no", sa.String(length=16), nullable=True))
        batch_op.create_index(batch_op.f("ix_consultation_order_no"), ["order_no"])
    given: set[str] = set()
    _number("caller_request", "kind", given)
    _number("consultation", "seat", given)


def _number(name: str, second: str, given: set[str]) -> None:
    """`second`: a column that with `call` names the row. `given`: the numbers so far; this table's are added."""
    table = sa.table(name, sa.column("call"), sa.column(second), sa.column("order_no"))
    connection = op.get_bind()
    rows = connection.execute(sa.select(table)).all()
    given |= {row.order_no for row in rows if row.order_no}
    values = []
    for row in rows:
        if not row.order_no:
            while (number := new_order_no()) in given:
                pass
            given.add(number)
            values.append({"of_call": row.call, "of_second": row[1], "number": number})
    if values:
        which = (table.c.call == sa.bindparam("of_call")) & (table.c[second] == sa.bindparam("of_second"))
        connection.execute(sa.update(table).where(which).values(order_no=sa.bindparam("number")), values)


def downgrade() -> None:
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultation_order_no"))
        batch_op.drop_column("order_no")
