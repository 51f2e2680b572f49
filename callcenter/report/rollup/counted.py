"""The tally of one interval, quick enough to be asked for every few seconds: sums of whole, unchanged quarters, and one
addition in the database over the calls of all others. Exact at any moment, as `answer` is."""

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.report import adding
from callcenter.report.definitions import Question, Tally, added
from callcenter.report.repository import COUNTED, facts, started
from callcenter.report.rollup import repository, sums
from callcenter.report.rollup.answer import whole_quarters
from callcenter.report.rollup.windows import between, runs

Spans = list[tuple[int, int]]
"""From, to before."""


def counted(session: Session, question: Question) -> Tally:
    """Of all calls that start within the interval; its limits are whole microseconds, `by` is not looked at."""
    start, end = int(question.start), int(question.end)
    threshold, short = int(question.threshold), int(question.short)
    begin, finish = whole_quarters(question)
    if begin >= finish:
        return _added_up(session, question, [(start, end)])
    dirty = repository.marked(session, begin, finish)
    unfit = sorted({*dirty, *repository.unfit(session, begin, finish, threshold, short)})
    changed = list(runs(unfit))
    spans = [(start, begin), *((run.start, run.stop) for run in changed), (finish, end)]
    total = _added_up(session, question, [span for span in spans if span[0] < span[1]])
    clean = between(begin, finish, changed)
    for _value, _start, part in sums.read(session, "all", clean, None, (threshold, short)) if clean else ():
        total = added(total, part)
    return total


def _added_up(session: Session, question: Question, spans: Spans) -> Tally:
    total = Tally(question.threshold, question.short)
    if not spans:
        return total
    within: ColumnElement[bool] = or_(*(and_(started >= begin, started < end) for begin, end in spans))
    adds = adding.Adds(int(question.threshold), int(question.short))
    query = select(func.count(CallRow.finer), *adds.sums()).where(within, COUNTED)
    finer, *row = session.execute(query).one()
    if not finer:
        return adding.tally(row, question.threshold, question.short)
    for begin, end in spans:
        for call in facts(session, begin, end):
            if begin <= call.started < end:
                total.add(call)
    return total
