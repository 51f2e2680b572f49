"""Numbers of what callers leave behind: short enough to be spoken, with a check digit, in no order."""

import secrets

from callcenter.ivr.speak import digits

DIGITS = 8
"""Of an order number, the last one its check digit."""
LAST_DIGITS = 4
"""Of the caller's number, asked from another telephone."""
STATES = ("accepted", "assigned", "done")
"""What a caller may hear: received, somebody is at it, finished."""
ORDER_WORDS = ("order-is", "order-once-more")
"""Prompts around the number when it is told."""
_DAMM = ("0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
         "3674209581", "5869720134", "8945362017", "9438617205", "2581436790")  # fmt: skip
"""Damm's quasigroup: one wrong digit, or two neighbours swapped, never check out."""


def check_digit(number: str) -> str:
    state = 0
    for digit in number:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def new_order_no() -> str:
    number = str(secrets.randbelow(9 * 10 ** (DIGITS - 2)) + 10 ** (DIGITS - 2))
    return number + check_digit(number)


SAMPLE = "1000000" + check_digit("1000000")
"""Told where nothing is kept."""


def is_order_no(text: str) -> bool:
    return len(text) == DIGITS and text.isascii() and text.isdecimal() and check_digit(text) == "0"


def spoken_order(number: str) -> tuple[str, ...]:
    """Prompts: "your number is", digit by digit, once more."""
    told, again = ORDER_WORDS
    return (told, *digits(number), again, *digits(number)) if number else ()
