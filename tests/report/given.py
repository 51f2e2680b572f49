"""Calls by a few words, in seconds after a fixed morning."""

from datetime import UTC, datetime

from callcenter.instants import EPOCH, MICROSECOND, SECOND
from callcenter.report.definitions import CallFacts, Question, Result, kpi

MORNING = (datetime(2026, 1, 5, tzinfo=UTC) - EPOCH) // MICROSECOND


def at(seconds: float | None) -> int | None:
    return None if seconds is None else MORNING + round(seconds * SECOND)


def answered(start: float = 0, wait: float = 10, talk: float = 60, **more: object) -> CallFacts:
    """Queued at once, rung 2 s before the answer."""
    call = CallFacts(at(start), at(start), at(start + max(0, wait - 2)), at(start + wait), at(start + wait + talk))
    return call._replace(**({"outcome": "answered"} | more))


def abandoned(start: float = 0, wait: float = 10) -> CallFacts:
    return CallFacts(at(start), at(start), None, None, at(start + wait), outcome="abandoned_queue")


def unanswered(outcome: str, start: float = 0, queued: bool = True) -> CallFacts:
    return CallFacts(at(start), at(start) if queued else None, ended=at(start + 30), outcome=outcome)


def figures(
    *calls: CallFacts,
    start: float = 0,
    end: float = 86_400,
    threshold: float = 15,
    short: float = 5,
    first: float | None = None,
) -> dict[str, Result]:
    """Results by variant; a figure with the variant `all` by its name."""
    question = Question(at(start), at(end), round(threshold * SECOND), round(short * SECOND))
    earliest = min((call.started for call in calls), default=None) if first is None else at(first)
    results = kpi(calls, question, earliest).total.results
    return {r.figure.name if r.figure.variant == "all" else f"{r.figure.name}:{r.figure.variant}": r for r in results}


def counts(*calls: CallFacts, start: float = 0, end: float = 86_400) -> dict[str, int]:
    question = Question(at(start), at(end), 15 * SECOND, 5 * SECOND)
    return kpi(calls, question, min((call.started for call in calls), default=None)).total.tally.counts()


def ratio(result: Result) -> tuple[int | float, int]:
    return result.shown_numerator, result.denominator
