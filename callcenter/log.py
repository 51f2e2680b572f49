"""Logging of every process: one line per fact, to standard error; the process supervisor keeps the files."""

import logging
import sys

FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-7s %(name)s %(message)s"


class Gathering(logging.StreamHandler):  # type: ignore[type-arg]
    """Lines are written together: for each one its own write costs the engine a quarter of its time on a busy line.

    A warning, the end of the process and `write_out` bring everything out; a `kill -9` loses what came since.
    """

    def __init__(self) -> None:
        super().__init__(open(sys.stderr.fileno(), "w", encoding="utf-8", closefd=False))  # noqa: SIM115

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.stream.write(f"{self.format(record)}\n")
            if record.levelno >= logging.WARNING:
                self.flush()
        except Exception:
            self.handleError(record)


def configure(level: int = logging.INFO, *, gathered: bool = False) -> None:
    """With `gathered` somebody must call `write_out` now and then."""
    handler = Gathering() if gathered else logging.StreamHandler(sys.stderr)
    logging.basicConfig(level=level, format=FORMAT, datefmt="%Y-%m-%dT%H:%M:%S", handlers=[handler], force=True)
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for noisy in ("panoramisk", "httpx", "alembic", "rq.worker"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def write_out() -> None:
    for handler in logging.getLogger().handlers:
        handler.flush()
