"""Instants as exact numbers: microseconds since 1970 UTC, an `int`, or a `Fraction` when more digits were given.

Nothing is ever rounded: 15.0000001 s is not within 15 s.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

Micros = int | Fraction
"""An instant or a length of time, in microseconds, exact."""

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai. Written out because it has had no other offset since 1991 and machines may lack zone data."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EARLIEST = (datetime(1, 1, 2, tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST = (datetime(9999, 12, 30, tzinfo=UTC) - EPOCH) // MICROSECOND

_ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})[T ]"
    r"(?P<time>[0-9]{2}:[0-9]{2}(?P<second>:[0-9]{2})?|[0-9]{4}(?P<second_basic>[0-9]{2})?)"
    r"(?:[.,](?P<fraction>[0-9]+))?"
    r"(?P<offset>Z|[+-][0-9]{2}(?::?[0-5][0-9])?)?"
)

_PLAIN = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-5][0-9])"
)


class NotAnInstant(ValueError):
    """The text names no instant; the message says why and fits behind a column's name."""


def parse_instant(text: str) -> Micros:
    """The instant an ISO 8601 text with an offset names, to the digit. Raises NotAnInstant."""
    if _PLAIN.fullmatch(text):  # nearly always; the rest takes three times as long
        try:
            return (datetime.fromisoformat(text) - EPOCH) // MICROSECOND
        except (ValueError, OverflowError):
            pass  # the long way finds the words for it
    match = _ISO.fullmatch(text)
    if match is None:
        raise NotAnInstant("not an ISO 8601 time with offset, such as 2026-01-05T09:30:00+08:00")
    if match["offset"] is None:
        raise NotAnInstant("the offset is missing: write +08:00 or Z behind the time")
    fraction = match["fraction"] or ""
    if fraction and not (match["second"] or match["second_basic"]):
        raise NotAnInstant("a fraction needs seconds in front of it")
    try:
        whole = datetime.fromisoformat(match["date"] + "T" + match["time"] + match["offset"])
    except ValueError as error:
        raise NotAnInstant(f"there is no such time: {error}") from None
    micros: Micros = (whole - EPOCH) // MICROSECOND
    if len(fraction) <= 6:
        micros += int(fraction.ljust(6, "0"))
    else:
        micros += exact(int(fraction[:6]), fraction[6:])
    if not EARLIEST <= micros <= LATEST:
        raise NotAnInstant("the year is out of range")
    return micros


def china_day(at: datetime) -> date:
    """The day in China that an aware instant lies in."""
    return at.astimezone(CHINA).date()


def exact(micros: int, finer: str) -> Micros:
    """Microseconds with further decimal digits behind them: `exact(7, "25")` is 7.25."""
    digits = finer.rstrip("0")
    return micros + Fraction(_number(digits), 10 ** len(digits)) if digits else micros


def split(micros: Micros) -> tuple[int, str]:
    """The reverse of `exact`, for a number that has a finite decimal form: (whole microseconds, further digits)."""
    whole = micros // 1
    rest = micros - whole
    if not rest:
        return whole, ""
    places = max(_power(rest.denominator, 2), _power(rest.denominator, 5))
    return whole, _digits(rest * 10**places, places)


def format_instant(micros: Micros) -> str:
    """ISO 8601 in China's offset, with all its digits."""
    whole, finer = split(micros)
    moment = (EPOCH + timedelta(microseconds=whole)).astimezone(CHINA)
    if not finer:
        return moment.isoformat()
    return moment.isoformat(timespec="microseconds").replace("+08:00", f"{finer}+08:00")


def seconds(micros: Micros, parts: int = 1) -> int | float:
    """For output only, of one of so many equal parts: an int when whole, otherwise the nearest float."""
    whole, rest = divmod(micros, parts * SECOND)
    return float(micros / (parts * SECOND)) if rest else whole


def _number(digits: str) -> int:
    """`int` refuses more than 4300 digits at once."""
    number = 0
    for at in range(0, len(digits), 4000):
        part = digits[at : at + 4000]
        number = number * 10 ** len(part) + int(part)
    return number


def _digits(number: Micros, places: int) -> str:
    parts = []
    rest = int(number)
    while places > 0:
        size = min(places, 4000)
        rest, part = divmod(rest, 10**size)
        parts.append(str(part).zfill(size))
        places -= size
    return "".join(reversed(parts))


def _power(number: int, prime: int) -> int:
    count = 0
    while number % prime == 0:
        number //= prime
        count += 1
    return count
