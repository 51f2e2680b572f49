"""Logging of every process: one line per fact, to standard error; the process supervisor keeps the files."""

import logging
import sys

FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-7s %(name)s %(message)s"


def configure(level: int = logging.INFO) -> None:
    logging.basicConfig(level=level, format=FORMAT, datefmt="%Y-%m-%dT%H:%M:%S", stream=sys.stderr, force=True)
    for noisy in ("panoramisk", "httpx", "alembic", "rq.worker"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
