"""The report from roll-ups: sums of whole, clean quarters, and the records of all other ones. Exact at any moment."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from callcenter.instants import Micros
from callcenter.report.definitions import Answer, CallFacts, Part, Question, Tally, added
from callcenter.report.definitions.groups import FACETS, SPANS, Key, grouping
from callcenter.report.definitions.kpi import GROUPS_MAX, too_many
from callcenter.report.definitions.rolling import both
from callcenter.report.repository import facts
from callcenter.report.rollup import days, repository, rolling, sums
from callcenter.report.rollup.repository import quarter_of
from callcenter.report.rollup.table import QUARTER
from callcenter.report.rollup.windows import runs

UNFIT_MAX = 400
"""With more quarters out of date than that, reading every record once is quicker."""

GroupKey = tuple[Key, ...]


def answer(session: Session, question: Question, first: Micros | None) -> Answer | None:
    """None: roll-ups cannot answer this, the records must. `first` is the first `started_at` on record.

    Raises TooManyGroups.
    """
    facets = [name for name in question.by if name in FACETS]
    spans = [name for name in question.by if name in SPANS]
    if len(facets) > 1 or not isinstance(question.threshold, int) or not isinstance(question.short, int):
        return None
    begin, finish = whole_quarters(question)
    if begin >= finish:
        return None
    unfit = _unfit(session, question, begin, finish)
    if len(unfit) > UNFIT_MAX:
        return None
    rolled = rolling.Rolled(session, question, first, UNFIT_MAX)
    if not rolled.possible:
        return None
    kind = facets[0] if facets else "all"
    key_of = grouping(question.by, question.shifts)
    groups: dict[GroupKey, Tally] = {}

    def tally(key: GroupKey) -> Tally:
        if key not in groups:
            if question.by and len(groups) == GROUPS_MAX:
                raise too_many(question)
            groups[key] = Tally(question.threshold, question.short)
        return groups[key]

    span = min((SPANS[name][0] for name in spans), default=None)
    for stored, stretches in days.pieces(session, kind, begin, finish, unfit, span):
        for value, start, part in sums.read(session, stored, stretches, span, (question.threshold, question.short)):
            named: dict[str, Any] = {kind: value} if facets else {}
            key = key_of(CallFacts(begin if start is None else start, **named))
            known = tally(key)
            groups[key] = added(known, part) if known.calls else part
    for call in _records(session, question, begin, finish, unfit):
        tally(key_of(call)).add(call)
    total = added(Tally(question.threshold, question.short), *groups.values())
    parts = [Part(found, None, key) for key, found in groups.items() if found.calls] if question.by else []
    answered = Answer(Part(total, None), parts)
    _close(answered, rolled, kind if facets and not spans else None)
    answered.groups.sort(key=lambda group: [(name is None, name or "") for name in group.key])
    return answered


def whole_quarters(question: Question) -> tuple[int, int]:
    """The interval without its ragged ends."""
    begin = quarter_of(question.start)
    if begin < question.start:
        begin += QUARTER
    return begin, quarter_of(question.end)


def _unfit(session: Session, question: Question, begin: int, finish: int) -> list[int]:
    """Whole quarters whose sums must come from the records, ascending."""
    dirty = repository.marked(session, begin, finish)
    other = repository.unfit(session, begin, finish, int(question.threshold), int(question.short))
    return sorted({*dirty, *other})


def _records(
    session: Session, question: Question, begin: int, finish: int, unfit: Sequence[int]
) -> Iterator[CallFacts]:
    changed = ((run.start, run.stop) for run in runs(unfit))
    for start, end in ((question.start, begin), *changed, (finish, question.end)):
        if start < end:
            for call in facts(session, start, end):
                if start <= call.started < end:
                    yield call


def _close(answered: Answer, rolled: rolling.Rolled, kind: str | None) -> None:
    """`kind`: of the groups that have windows of their own; a split by time has none."""
    found = rolled.windows(("all",) if kind is None else ("all", kind))
    answered.total.windows = both(*found["all"].get(None, (None, None)))
    if kind is None:
        return
    for part in answered.groups:
        part.windows = both(*found[kind].get(part.key[0], (None, None)))
