"""A caller's number as the provider writes it, and as our trunk does."""

import re

COUNTRY = "+86"
_MOBILE = re.compile(r"1[3-9]\d{9}")
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE on a keypad: what the provider puts in place of a number."""


def local(number: str) -> str:
    """`+8613912345678` -> `13912345678`, `+861012345678` -> `01012345678`, abroad as `00…`. Empty: withheld."""
    if number in WITHHELD or not re.fullmatch(r"\+?\d{3,15}", number):
        return ""
    if number.startswith(COUNTRY):
        rest = number.removeprefix(COUNTRY)
        return rest if _MOBILE.fullmatch(rest) or rest.startswith("0") else f"0{rest}"
    return f"00{number[1:]}" if number.startswith("+") else number
