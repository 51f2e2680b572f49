"""One check's result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from callcenter.config import Settings


class Status(StrEnum):
    OK = "ok"
    WARN = "warn"
    """Calls are taken; something is not as it should be."""
    FAIL = "fail"
    """A call could not be taken, or not with all that belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    name: str
    status: Status
    message: str = ""
    """What is so, or what is wrong."""
    advice: str = ""
    """What to do."""


Check = Callable[[Settings], Iterator[Result]]


def ok(name: str, message: str = "") -> Result:
    return Result(name=name, status=Status.OK, message=message)


def warn(name: str, message: str, advice: str) -> Result:
    return Result(name=name, status=Status.WARN, message=message, advice=advice)


def fail(name: str, message: str, advice: str) -> Result:
    return Result(name=name, status=Status.FAIL, message=message, advice=advice)
