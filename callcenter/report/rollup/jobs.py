"""What the worker does for the roll-ups: in every round of its sweeper, the quarters that changed since."""

from callcenter.config import Settings
from callcenter.report.rollup.refresh import Refresh
from callcenter.storage.database import Database

ROUND_S = 3.0
"""After an import of years the other chores still have their turn; reports are exact all the time, only slower."""


class Rollups:
    def __init__(self, settings: Settings, database: Database) -> None:
        self._refresh = Refresh(database, settings)
        self._first = True

    def look(self) -> int:
        """Returns the number of quarters built. Raises SQLAlchemyError."""
        if self._first:
            self._refresh.take_other_limits()
            self._refresh.sum_up_days()
            self._first = False
        return self._refresh.run(within_s=ROUND_S)
