"""The report as JSON: for the command line, the stored result, and whoever reads either."""

from typing import Any

from callcenter.reconcile.model import WORDS, Difference, Report

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
