"""Sheets that name single calls and requests: the dissatisfied, and what callers left behind in a menu."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from callcenter.instants import format_instant
from callcenter.report.paper import repository, words
from callcenter.report.paper.model import NO_DATA, Cell, Column, Form, Sheet
from callcenter.report.paper.period import Period
from callcenter.storage.columns import to_micros
from callcenter.storage.numbers import NumberVault, mask
from callcenter.visit.table import VisitRow

DISSATISFIED_MAX = 2_000


def dissatisfied(session: Session, vault: NumberVault, period: Period, grades: Sequence[int]) -> Sheet:
    """Every call graded so, with what its case record and its return visit say of the closing."""
    named, outcomes = words.topics(), words.outcomes()
    found, total = repository.dissatisfied(session, period.start, period.end, grades, DISSATISFIED_MAX)
    columns = (
        Column("来电时间", Form.MOMENT, 19),
        Column("来电号码", width=15),
        Column("语种", width=10),
        Column("事项", width=28),
        Column("席号", width=10),
        Column("评价", width=12),
        Column("工单办理", width=16, passing=True),
        Column("工单办结时间", Form.MOMENT, 19, passing=True),
        Column("回访", width=10, passing=True),
        Column("回访结果", width=14, passing=True),
        Column("原因", width=14, passing=True),
        Column("整改", width=36, passing=True),
        Column("回访期限", Form.MOMENT, 19, passing=True),
        Column("回访办结时间", Form.MOMENT, 19, passing=True),
    )

    rows: list[tuple[Cell, ...]] = [
        (
            format_instant(to_micros(call.started_at)),
            mask(vault.open(call.caller)),
            words.word(words.LANGUAGES, call.language),
            words.word(named, (case and case.topic) or call.topic),
            (call.seat or "")[: words.TEXT_MAX],
            words.GRADES.get(call.grade or 0),
            words.word(outcomes, case.outcome) if case else NO_DATA,
            format_instant(to_micros(case.closed_at)) if case and case.closed_at else None,
            *_visit(visit),
        )
        for call, case, visit in found
    ]
    note = "工单办理: 坐席登记的办理结果；回访: 由被评价人以外的人办理, 截至制表时"
    if total > len(rows):
        note = f"共 {total} 通, 列出最近 {len(rows)} 通。{note}"
    return Sheet("dissatisfied", "不满意清单", columns, rows, note)


def _visit(visit: VisitRow | None) -> tuple[Cell, ...]:
    if visit is None:
        return (NO_DATA, "", "", "", None, None)
    return (
        words.word(words.VISITS, visit.state),
        words.VISIT_RESULTS.get(visit.result, ""),
        words.CAUSES.get(visit.cause, ""),
        visit.correction[: words.TEXT_MAX],
        format_instant(to_micros(visit.due_at)),
        format_instant(to_micros(visit.closed_at)) if visit.closed_at else None,
    )


def requests(session: Session, period: Period) -> Sheet:
    columns = (
        Column("类别", width=14),
        Column("语种", width=12),
        Column("数量", Form.COUNT),
        Column("待处理", Form.COUNT, passing=True),
        Column("已处理", Form.COUNT, passing=True),
        Column("处理率", Form.RATE, passing=True),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            words.word(words.REQUESTS, kind),
            words.word(words.LANGUAGES, language),
            count,
            waiting,
            count - waiting,
            (count - waiting) / count,
        )
        for kind, language, count, waiting in repository.requests(session, period.start, period.end)
    ]
    return Sheet("requests", "留言与回拨", columns, rows, "语音导航中留下的留言和回拨请求, 按登记时间计入本期")
