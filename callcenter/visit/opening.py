"""How a visit comes about: as column values, so that whoever records a grade writes it in the same transaction."""

from datetime import datetime
from typing import Any

from callcenter.call.events import SurveyAnswered
from callcenter.config import Settings
from callcenter.ivr.hours import Hours
from callcenter.visit.deadline import deadline
from callcenter.visit.model import Kind, VisitRules, VisitState


def rules_of(settings: Settings, calendar: Hours) -> VisitRules:
    """`calendar`: with the site's own days."""
    days = {
        Kind.DISSATISFIED: settings.visit_days,
        Kind.COMPLAINT: settings.complaint_days,
        Kind.DRAW: settings.drawn_visit_days,
    }
    grades = frozenset(settings.dissatisfied_grades)
    return VisitRules(dissatisfied=grades, days=days, attempts=settings.visit_attempts, calendar=calendar)


def opened(rules: VisitRules, kind: Kind, call: str, at: datetime, **more: str) -> dict[str, Any]:
    """Values of a new row. `more`: opened_by, words, about, draw."""
    days = rules.days[kind]
    return {
        "kind": kind.value,
        "call": call,
        "opened_at": at,
        "warn_at": deadline(at, days - 1, rules.calendar),
        "due_at": deadline(at, days, rules.calendar),
        "state": VisitState.OPEN.value,
        **dict.fromkeys(("opened_by", "words", "about", "draw"), ""),
        **more,
    }


def of_grade(rules: VisitRules, event: SurveyAnswered) -> list[dict[str, Any]]:
    """For whoever records a grade: the visit that it asks for, if it asks for one."""
    return [opened(rules, Kind.DISSATISFIED, event.call, event.at)] if event.grade in rules.dissatisfied else []
