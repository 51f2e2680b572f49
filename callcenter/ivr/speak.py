"""Numbers, dates and times as prompts, by the grammar of each language.

Words: `digit-0` … `digit-9`, `ten`, `hundred`, `thousand`, `ten-thousand`, `hundred-million`, `two` (counting), `year`,
`month`, `day`, `oclock`, `minute`. Mandarin is spoken in full. For Tibetan and Mongolian numbers are read digit by
digit and dates as digits with their words: compound numerals there change their form (Tibetan has a link word of its
own for each ten), and nobody who speaks them has reviewed rules for it yet. In Tibetan the word stands before its
number (CLDR: སྤྱི་ལོ་y … ཚེས་d, ཆུ་ཚོད་, སྐར་མ་), in Mongolian after it (y ᠣᠨ M ᠰᠠᠷᠠ d).
"""

import re
from collections.abc import Callable, Mapping

LONGEST = 20
"""Digits; more is no number that a caller can follow."""


def speak(form: str, value: str, language: str) -> list[str]:
    """Prompt ids for `value`; none when it is not of the form."""
    match form:
        case "digits" if re.fullmatch(rf"[0-9]{{1,{LONGEST}}}", value):
            return digits(value)
        case "number" if re.fullmatch(r"[0-9]{1,12}", value):
            return NUMBER.get(language, digits)(value)
        case "date" if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value):
            year, month, day = found.groups()
            if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
                return []
            parts = ((digits(year), "year"), (_count(month, language), "month"), (_count(day, language), "day"))
            return [word for number, unit in parts for word in _with_unit(number, unit, language)]
        case "time" if found := re.fullmatch(r"(\d{2}):?(\d{2})", value):
            hour, minute = found.groups()
            if int(hour) > 23 or int(minute) > 59:
                return []
            return [*_with_unit(_hour(hour, language), "oclock", language), *_minutes(minute, language)]
    return []


def digits(value: str) -> list[str]:
    return [f"digit-{digit}" for digit in value]


def mandarin(value: str) -> list[str]:
    """`20305` -> two wan, zero, three hundred, zero, five. One zero for any gap; ten without a leading one."""
    number = int(value)
    if number == 0:
        return ["digit-0"]
    spoken: list[str] = []
    gap = False
    for size, word in ((10**8, "hundred-million"), (10**4, "ten-thousand"), (1, "")):
        group, number = divmod(number, size)
        if group == 0:
            gap = bool(spoken)
            continue
        if spoken and (gap or group < 1000):
            spoken.append("digit-0")
        spoken += _group(group, first=not spoken, counted=bool(word))
        spoken += [word] if word else []
        gap = False
    return spoken


def _group(group: int, *, first: bool, counted: bool) -> list[str]:
    """1 to 9999. `first`: nothing is spoken before it. `counted`: a measure follows, so a lone 2 is 两."""
    if group == 2 and counted:
        return ["two"]
    spoken: list[str] = []
    zero = False
    for unit, word in ((1000, "thousand"), (100, "hundred"), (10, "ten"), (1, "")):
        digit, group = divmod(group, unit)
        if digit == 0:
            zero = bool(spoken)
            continue
        if zero:
            spoken.append("digit-0")
            zero = False
        if word == "ten" and digit == 1 and first and not spoken:
            spoken.append("ten")
        else:
            spoken += ["two" if digit == 2 and word in ("thousand", "hundred") else f"digit-{digit}"]
            spoken += [word] if word else []
    return spoken


NUMBER: Mapping[str, Callable[[str], list[str]]] = {"zh": mandarin}


def _count(value: str, language: str) -> list[str]:
    return NUMBER.get(language, digits)(str(int(value)))


UNIT_FIRST = frozenset({"bo"})


def _with_unit(number: list[str], unit: str, language: str) -> list[str]:
    return [unit, *number] if language in UNIT_FIRST else [*number, unit]


def _hour(value: str, language: str) -> list[str]:
    return ["two"] if language == "zh" and int(value) == 2 else _count(value, language)


def _minutes(value: str, language: str) -> list[str]:
    if int(value) == 0:
        return []
    zero = ["digit-0"] if language == "zh" and int(value) < 10 else []
    return _with_unit([*zero, *_count(value, language)], "minute", language)


def words_of(form: str, language: str) -> frozenset[str]:
    """Every prompt that `speak` may need for the form in the language; the checker asks."""
    tens = (
        {"ten", "hundred", "thousand", "ten-thousand", "hundred-million", "two"} if language in NUMBER else set[str]()
    )
    each = {f"digit-{digit}" for digit in range(10)}
    match form:
        case "digits":
            return frozenset(each)
        case "date":
            return frozenset(each | {"year", "month", "day"} | ({"ten"} if tens else set()))
        case "time":
            return frozenset(each | {"oclock", "minute"} | ({"ten", "two"} if tens else set()))
    return frozenset(each | tens)
