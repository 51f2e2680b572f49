"""Drawing closed matters for visits: a share of those of one week or month, once, and repeatable by an auditor."""

import secrets
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.clock import Clock
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.report.paper.period import Period, Span, period
from callcenter.storage.database import Database
from callcenter.visit.draw import digest, drawn
from callcenter.visit.model import Kind, VisitRules
from callcenter.visit.opening import opened
from callcenter.visit.repository import Visits
from callcenter.visit.table import VisitDrawRow

SPANS = frozenset({Span.WEEK, Span.MONTH})
LIST_MAX = 100


class Draws:
    def __init__(self, database: Database, clock: Clock, rules: VisitRules) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules

    def draw(self, by: Person, kind: str, of: str, share: float) -> VisitDrawRow:
        """Makes the visits. Raises BadInput, Conflict."""
        span, now = _span(kind, of), self._clock.now()
        if span.end > now:
            raise BadInput(f"of: {of} is not over yet; what is closed until its end could still be drawn")
        try:
            with self._database.begin() as session:
                visits = Visits(session)
                matters, seed = visits.closed_matters(span.start, span.end, now), secrets.token_hex(16)
                calls = drawn(matters, share, seed)
                row = VisitDrawRow(
                    id=span.id, share=share, seed=seed, at=now, by=by.id,
                    among=len(matters), drawn=len(calls), digest=digest(calls),
                )  # fmt: skip
                session.add(row)
                session.flush()
                for call in calls:
                    visits.open(opened(self._rules, Kind.DRAW, call, now, opened_by=by.id, draw=span.id))
                Audit(session).add(now, by.id, "visits-drawn", span.id, among=len(matters), drawn=len(calls), seed=seed)
        except IntegrityError:
            raise Conflict(f"the draw of {of} was made already; a second one would choose among the results") from None
        return row

    def all(self) -> Sequence[tuple[VisitDrawRow, int]]:
        with self._database.read() as session:
            return Visits(session).draws(LIST_MAX)

    def repeats(self, id_: str) -> bool:
        """Whether drawing once more, with the same seed, gives the same, and the visits are those that were drawn."""
        with self._database.read() as session:
            visits = Visits(session)
            row = visits.draw(id_)
            if row is None:
                raise NotFound(f"there is no draw {id_[:24]}")
            span = _span(*id_.split("-", 1))
            matters, made = visits.closed_matters(span.start, span.end, row.at, row.id), visits.of_draw(row.id)
        calls = drawn(matters, row.share, row.seed)
        return digest(calls) == row.digest and set(calls) == made


def _span(kind: str, of: str) -> Period:
    span = period(kind, of)
    if span.span not in SPANS:
        raise BadInput(f"period: {kind} is none of {', '.join(sorted(SPANS))}")
    return span
