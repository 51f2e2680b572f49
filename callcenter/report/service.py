"""The KPI report from the database: for the command line, the HTTP endpoint and the wallboard alike."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from callcenter.errors import BadInput
from callcenter.instants import DAY, EPOCH, HOUR, MICROSECOND, Micros, format_instant, seconds
from callcenter.report import repository
from callcenter.report.choices import Choices
from callcenter.report.definitions import Answer, Part, Question, Result
from callcenter.report.definitions import kpi as compute
from callcenter.report.definitions.figures import FIGURES, ROLLING_LAST, ROLLING_WORST, Figure, positive
from callcenter.report.definitions.groups import micros_of_bucket
from callcenter.report.further import service as further
from callcenter.report.further.figures import FURTHER, named
from callcenter.report.intervals import question
from callcenter.report.rollup import answer as rollup

QUARTER = HOUR // 4
QUARTERS_HOURS_MAX = 24 * 7
POSITIVE = ("satisfaction", "positive")


def kpi(
    session: Session,
    start: str,
    end: str,
    *,
    threshold: str = "15",
    short: str = "5",
    by: Sequence[str] = (),
    variants: Sequence[str] = (),
    choices: Choices | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """The report as JSON-ready values, shaped like `schemas.KpiOut`. Raises BadInput.

    `now` ends what seats are doing at this moment; the machine's when not given.
    """
    site = choices or Choices()
    asked = question(start, end, threshold=threshold, short=short, by=by, shifts=site.shifts)
    wanted = chosen(variants)
    answer = answered(session, asked)
    satisfied = positive(site.positive)
    beyond = further.results(session, asked, list(named(wanted)), site, now or datetime.now(UTC))
    for part in (answer.total, *answer.groups):
        part.further = [Result(satisfied, *satisfied.ratio(part.tally)), *beyond(part.key)]
    report: dict[str, Any] = {
        "from": start,
        "to": end,
        "threshold_s": seconds(asked.threshold),
        "short_s": seconds(asked.short),
        **_part(answer.total, wanted),
    }
    if asked.by:
        report["groups"] = [
            {"by": dict(zip(asked.by, group.key, strict=True)), **_part(group, wanted)} for group in answer.groups
        ]
    return report


def answered(session: Session, asked: Question) -> Answer:
    """From the roll-ups where they can say it, otherwise from every record; the same to the last digit."""
    first = repository.first_started(session)
    rolled = rollup.answer(session, asked, first)
    if rolled is not None:
        return rolled
    return compute(repository.facts(session, asked.start - DAY, asked.end), asked, first)


def quarters(session: Session, now: datetime, hours: int = 24) -> list[dict[str, Any]]:
    """The three counts of each quarter of an hour of the last `hours`, the present one included, oldest first."""
    if not 1 <= hours <= QUARTERS_HOURS_MAX:
        raise BadInput(f"hours: {hours} is not between 1 and {QUARTERS_HOURS_MAX}")
    present = micros_of_bucket((now - EPOCH) // MICROSECOND, QUARTER)
    end = present + QUARTER
    start = end - hours * HOUR
    found = repository.steps(session, start, end, QUARTER)
    return [
        {"at": format_instant(start + number * QUARTER)}
        | dict(zip(("in", "to_seat", "answered"), found.get(number, (0, 0, 0)), strict=True))
        for number in range(hours * 4)
    ]


def chosen(variants: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Figures named by `name`, `variant` or `name:variant`, lists with commas allowed; none named: all but the further
    ones, each of which takes a query of its own; `further` names all of those."""
    known = [(figure.name, figure.variant) for figure in (*FIGURES, ROLLING_WORST, ROLLING_LAST)] + [POSITIVE]
    beyond = [(one.figure.name, one.figure.variant) for one in FURTHER]
    names = [name.strip() for entry in variants for name in entry.split(",")]
    found: set[tuple[str, str]] = set()
    for name in names:
        hits = {pair for pair in (*known, *beyond) if name in (*pair, ":".join(pair))}
        if name == "further":
            hits = set(beyond)
        if not hits:
            raise BadInput(f"variant: {name[:60]!r} names no figure; try connection_rate or service_level:SL3")
        found |= hits
    return frozenset(found or known)


def _part(part: Part, wanted: frozenset[tuple[str, str]]) -> dict[str, Any]:
    results = (result for result in part.results if (result.figure.name, result.figure.variant) in wanted)
    return {"counts": part.tally.counts(), "figures": [_figure(*result) for result in results]}


def _figure(figure: Figure, numerator: Micros, denominator: int, at: Micros | None) -> dict[str, Any]:
    value, shown_numerator = figure.shown(numerator, denominator)
    shown: dict[str, Any] = {
        "name": figure.name,
        "variant": figure.variant,
        "value": value,
        "numerator": shown_numerator,
        "denominator": denominator,
        "formula": figure.formula,
        "formula_zh": figure.formula_zh,
        "source": figure.source,
    }
    if figure is ROLLING_WORST or figure is ROLLING_LAST:
        shown["at"] = None if at is None else format_instant(at)
        for name in ("formula", "formula_zh", "source"):  # behind it
            shown[name] = shown.pop(name)
    return shown
