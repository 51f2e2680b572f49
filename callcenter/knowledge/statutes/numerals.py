"""Article numbers: 第一百二十条之一 is written `120-1` everywhere outside the text of a statute."""

import re

DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = f"[{''.join((*DIGITS, *UNITS))}]"
"""One character of a Chinese number, for use in patterns."""

WHOLE_TEXT = "0"
"""Number of the one "article" of a text that has none (a court's short reply)."""

_WRITTEN = re.compile(
    r"([1-9][0-9]{0,3})-([1-9][0-9]?)"
    rf"|第?\s*({NUMERAL}{{1,12}}|[1-9][0-9]{{0,4}})\s*条?(?:\s*之\s*({NUMERAL}{{1,3}}|[1-9][0-9]?))?"
)
LAST = 9999


def to_int(text: str) -> int:
    """`一百二十` -> 120; also `二〇二〇` -> 2020 and `120`. Raises ValueError."""
    if text.isdecimal():
        return int(text)
    if not text or any(sign not in DIGITS and sign not in UNITS for sign in text):
        raise ValueError(f"{text!r} is not a number")
    if not any(sign in UNITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total = digit = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            total += (digit or 1) * UNITS[sign]
            digit = 0
    return total + digit


def to_chinese(number: int) -> str:
    """120 -> `一百二十`; up to 9999."""
    if not 0 < number < 10_000:
        raise ValueError(f"{number} is outside 1-9999")
    signs = "零一二三四五六七八九"
    written, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("零" if gap and written else "") + signs[digit] + name
            gap = False
        else:
            gap = True
    return written.removeprefix("一") if written.startswith("一十") else written


def canonical(written: str | int) -> str:
    """An article number as people and files write it: 47, `47`, `120-1`, `第四十七条`, `第一百二十条之一`, `全文`.

    Raises ValueError.
    """
    text = str(written).strip()
    if text in ("全文", WHOLE_TEXT):
        return WHOLE_TEXT
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an article number; write 47, 120-1 or 第一百二十条之一")
    number, branch = to_int(match[1] or match[3]), match[2] or match[4]
    branch_number = to_int(branch) if branch else None
    if not 0 < number <= LAST or branch_number == 0:
        raise ValueError(f"{text!r} is not an article number: they go from 1 to {LAST}")
    return str(number) if branch_number is None else f"{number}-{branch_number}"


def spoken(article: str) -> str:
    """`120-1` -> `第一百二十条之一`; the whole text -> `全文`."""
    if article == WHOLE_TEXT:
        return "全文"
    number, _, branch = article.partition("-")
    return f"第{to_chinese(int(number))}条" + (f"之{to_chinese(int(branch))}" if branch else "")


def sort_key(article: str) -> tuple[int, int]:
    number, _, branch = article.partition("-")
    return int(number), int(branch or 0)
