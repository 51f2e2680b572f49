"""The report as JSON: for the command line, the stored result, and whoever reads either."""

from typing import Any

from pydantic import BaseModel

from callcenter.instants import CHINA
from callcenter.reconcile.model import WORDS, Difference, Report
from callcenter.reconcile.table import ReconciliationRow

STORED_MAX = 1_000


def report_out(report: Report, limit: int | None = None) -> dict[str, Any]:
    """`limit`: so many differences at most, the unexplained ones first; `left_out` says how many more there are."""
    ordered = sorted(report.differences, key=lambda difference: difference.explained)
    shown = ordered if limit is None else ordered[:limit]
    return {
        "day": report.day.isoformat(),
        "node": report.node,
        "at": report.at.isoformat(),
        "unexplained": report.unexplained,
        "explained": len(report.differences) - report.unexplained,
        "compared": {witness.value: count for witness, count in report.compared.items()},
        "not_compared": report.not_compared,
        "summary": [
            {"kind": kind.value, "explained": explained, "unexplained": unexplained}
            for kind, explained, unexplained in report.summary()
        ],
        "repaired": report.repaired,
        "differences": [difference_out(difference) for difference in shown],
        "left_out": len(ordered) - len(shown),
    }


def difference_out(difference: Difference) -> dict[str, Any]:
    return {
        "call": difference.call,
        "kind": difference.kind.value,
        "field": difference.field,
        "said": {witness.value: words for witness, words in difference.said.items()},
        "tolerance_s": difference.tolerance.total_seconds(),
        "explained": difference.explained,
        "reason": difference.reason.value,
        "explanation": WORDS[difference.reason],
    }


class DayOut(BaseModel):
    day: str
    at: str
    """When it was compared."""
    explained: int
    unexplained: int

    @staticmethod
    def of(row: ReconciliationRow) -> "DayOut":
        at = row.at.astimezone(CHINA).isoformat()
        return DayOut(day=row.day.isoformat(), at=at, explained=row.explained, unexplained=row.unexplained)


class DifferenceOut(BaseModel):
    call: str
    kind: str
    field: str
    said: dict[str, str]
    tolerance_s: float
    explained: bool
    reason: str
    explanation: str


class SummaryOut(BaseModel):
    kind: str
    explained: int
    unexplained: int


class ReportOut(BaseModel):
    """As `report_out` makes it."""

    day: str
    node: str
    at: str
    unexplained: int
    explained: int
    compared: dict[str, int]
    not_compared: dict[str, int]
    summary: list[SummaryOut]
    repaired: list[str]
    differences: list[DifferenceOut]
    left_out: int
