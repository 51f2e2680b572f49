"""Opening hours and China's calendar as plain dialplan."""

from collections.abc import Iterable, Iterator

from callcenter.ivr.hours import Hours, Schedule, limits

CHINA_NOW = "$[${EPOCH} + 28800]"
"""China's wall clock when written as UTC: the machine's own zone, and its zone files, do not matter."""


def compile_hours(hours: Hours, lines: Iterable[str], years: Iterable[int]) -> str:
    """The contexts `calendar` and `hours-<line>`; a line without a schedule is always open.

    `Gosub(hours-zh,s,1)` returns `open` or `closed`; `Gosub(calendar,s,1)` sets CC_DAY, CC_DATE and CC_TIME (1HHMM).
    """
    text = list(_calendar(hours, years))
    for line in lines:
        schedule = hours.lines.get(line)
        text += [f"[hours-{line}]", *(_line(schedule) if schedule else ["exten => s,1,Return(open)"])]
    return "\n".join(text) + "\n"


def _calendar(hours: Hours, years: Iterable[int]) -> Iterator[str]:
    yield "[calendar]"
    yield f"exten => s,1,Set(CC_DATE=${{STRFTIME({CHINA_NOW},UTC,%Y-%m-%d)}})"
    yield f" same => n,Set(CC_TIME=1${{STRFTIME({CHINA_NOW},UTC,%H%M)}})"
    yield f" same => n,Set(CC_DAY=${{IF($[${{STRFTIME({CHINA_NOW},UTC,%u)}} > 5]?weekend:workday)}})"
    yield " same => n,Goto(d${REPLACE(CC_DATE,-)},1)"
    yield "exten => _d.,1,Return()"
    for year in years:
        for day, kind in hours.exceptions(year).items():
            yield f"exten => d{day:%Y%m%d},1,Set(CC_DAY={kind})"
            yield " same => n,Return()"


def _line(schedule: Schedule) -> Iterator[str]:
    yield "exten => s,1,Gosub(calendar,s,1)"
    for day in schedule.special:
        yield f' same => n,GotoIf($["${{CC_DATE}}" = "{day}"]?d{day:%Y%m%d},1)'
    yield " same => n,Goto(${CC_DAY},1)"
    for name in ("workday", "weekend", "holiday"):
        yield from _spans(name, getattr(schedule, name))
    for day, spans in schedule.special.items():
        yield from _spans(f"d{day:%Y%m%d}", spans)
    yield "exten => open,1,Return(open)"


def _spans(name: str, spans: Iterable[str]) -> Iterator[str]:
    tests = []
    for span in spans:
        start, end = (f"1{clock.replace(':', '')}" for clock in limits(span))
        tests.append(f"GotoIf($[${{CC_TIME}} >= {start} & ${{CC_TIME}} < {end}]?open,1)")
    for index, step in enumerate([*tests, "Return(closed)"]):
        yield f"exten => {name},1,{step}" if index == 0 else f" same => n,{step}"
