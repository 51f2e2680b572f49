"""Run by test_killed: seal one recording and be killed, by SIGKILL, at the named step.

`python -m tests.recording.killed HOME STEP [DATABASE_URL]` where STEP is `<when>:<what>:<nth>`, e.g. `before:fsync:1`.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from callcenter.config import Settings
from callcenter.recording.service import RecordingService
from callcenter.storage.database import Database
from tests.recording.given import CALL


class StandingClock:
    def now(self) -> datetime:
        return datetime(2026, 1, 5, 9, 1, tzinfo=UTC)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lethal(real: Callable[..., Any], when: str, nth: int) -> Callable[..., Any]:
    calls = 0

    def step(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before" and calls == nth:
            die()
        result = real(*args, **kwargs)
        if when == "after" and calls == nth:
            die()
        return result

    return step


def main() -> None:
    settings = Settings(home=Path(sys.argv[1]), database_url="".join(sys.argv[3:]))
    when, what, nth = sys.argv[2].split(":")
    owner: Any = Session if what == "commit" else Path if what == "unlink" else os
    database = Database(settings)
    if what == "commit":  # `session.begin()` commits through the transaction object
        from sqlalchemy.orm.session import SessionTransaction as owner  # noqa: N813
    setattr(owner, what, lethal(getattr(owner, what), when, int(nth)))
    RecordingService(settings, database, StandingClock()).seal(CALL)
    sys.exit(3)  # the step was never reached


if __name__ == "__main__":
    main()
