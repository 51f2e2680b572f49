"""What each figure of the hotline means: pure functions over the facts of calls, exact, without any database."""

from callcenter.report.definitions.facts import CallFacts
from callcenter.report.definitions.figures import FIGURES, Figure, Result
from callcenter.report.definitions.groups import NAMES
from callcenter.report.definitions.kpi import Answer, Part, Question, TooManyGroups, kpi
from callcenter.report.definitions.tally import Tally, added

__all__ = [
    "FIGURES",
    "NAMES",
    "Answer",
    "CallFacts",
    "Figure",
    "Part",
    "Question",
    "Result",
    "Tally",
    "TooManyGroups",
    "added",
    "kpi",
]
