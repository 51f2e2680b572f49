"""Import of a call history from another system, as CSV."""

from callcenter.call.history.errors import HistoryRefused
from callcenter.call.history.rules import COLUMNS
from callcenter.call.history.service import import_history

__all__ = ["COLUMNS", "HistoryRefused", "import_history"]
