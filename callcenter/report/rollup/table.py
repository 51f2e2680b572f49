"""Tables of the roll-ups. A row is a function of the call records alone: built early, late or anew it is the same."""

from sqlalchemy import BigInteger, Boolean, Column, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.instants import HOUR
from callcenter.report.adding import SUMS
from callcenter.report.definitions.groups import FACETS
from callcenter.report.definitions.tally import OUTCOMES
from callcenter.storage.base import Base
from callcenter.storage.columns import BigId

QUARTER = HOUR // 4
GRADES = tuple(f"grade_{grade}" for grade in range(1, 6))
ADDED = (*SUMS, *GRADES, *OUTCOMES)
"""Columns named as the fields of the Tally; then the grades and the outcomes."""
WINDOWS = ("worst_answered", "worst_queued", "worst_at", "last_answered", "last_queued", "last_at")
"""Lowest and last 24 hours of those that end within the quarter."""

ROLLUP = Table(
    "rollup",
    Base.metadata,
    Column("kind", String(12), primary_key=True),
    Column("quarter", BigInteger, primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("value", Text),
    *(Column(name, BigInteger, nullable=False) for name in ADDED),
    *(Column(name, BigInteger) for name in ("longest_wait", *WINDOWS)),
)
"""Figures of one quarter hour (its beginning in microseconds) for one value of one facet: `kind` is a name of
`groups.FACETS` or `all`; `key` names the value, see `keys.py`. The kinds of `DAYS` hold the same of a whole day in
China, by its first quarter hour, added up from the rows of its quarters (`days.py`)."""

KINDS = ("all", *FACETS)
DAYS = {kind: f"day-{kind}" for kind in KINDS}


class RollupQuarterRow(Base):
    """A quarter that is rolled up."""

    __tablename__ = "rollup_quarter"

    quarter: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    threshold: Mapped[int] = mapped_column(BigInteger)
    short: Mapped[int] = mapped_column(BigInteger)
    """Limits that it was counted with, in microseconds."""
    plain: Mapped[bool] = mapped_column(Boolean)
    """False: a call has times with more digits than microseconds; its sums are read from the records."""
    calls: Mapped[int] = mapped_column(BigInteger)
    events: Mapped[str] = mapped_column(String(32))
    """Digest of what the 24-hour windows see of its calls: as long as it stays, later quarters stay as they are."""


class RollupMarkRow(Base):
    """A quarter whose calls changed since it was rolled up. Written by triggers on `call`, in the transaction of the
    change itself; several for one quarter are normal."""

    __tablename__ = "rollup_mark"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    quarter: Mapped[int] = mapped_column(BigInteger, index=True)
