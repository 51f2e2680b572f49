"""Alembic's entry: migrates on the connection that `callcenter.storage.database.migrate` hands in."""

from typing import Any, Literal

from alembic import context

from callcenter.storage.columns import Utc
from callcenter.storage.tables import metadata


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations stand on SQLAlchemy alone, so that they still run when our column types have changed."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Utc) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
