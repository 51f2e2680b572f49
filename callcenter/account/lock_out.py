"""How many wrong passwords and codes a name may have before it rests for a while."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

WRONG_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=5)
STRANGERS_KEPT = 10_000


class Strangers:
    """Counts wrong passwords of names that do not exist, so that being locked out does not tell which do."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, tuple[int, datetime | None]] = OrderedDict()
        self._lock = Lock()

    def locked_until(self, name: str) -> datetime | None:
        with self._lock:
            return self._names.get(name, (0, None))[1]

    def failed(self, name: str, now: datetime) -> None:
        with self._lock:
            count, until = self._names.pop(name, (0, None))
            self._names[name] = after_failure(0 if until and until <= now else count, now)
            while len(self._names) > STRANGERS_KEPT:
                self._names.popitem(last=False)


def after_failure(count: int, now: datetime) -> tuple[int, datetime | None]:
    """One more wrong password: the new count, and the end of the lock when that was one too many."""
    return (0, now + LOCKED_FOR) if count + 1 >= WRONG_ALLOWED else (count + 1, None)
