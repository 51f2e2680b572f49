"""A report put together from the figures. Pure but for what it asks the database; the same content every time."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from callcenter.account.repository import People
from callcenter.config import Settings
from callcenter.report.paper import listed, scorecard, sheets, words
from callcenter.report.paper.figures import Figures
from callcenter.report.paper.model import NO_DATA, Cell, Column, Form, Paper, Sheet, Typed
from callcenter.report.paper.period import Period
from callcenter.storage.numbers import NumberVault

QUESTIONS = 9
"""How often the figures are asked; progress is counted by them."""


def compose(
    session: Session,
    settings: Settings,
    vault: NumberVault,
    period: Period,
    now: datetime,
    tell: Callable[[int], None] = lambda percent: None,
) -> Paper:
    """`tell` hears of the progress in per cent and may end the making by raising. `now` before the period's end: the
    report reaches so far."""
    asked = 0

    def next_question() -> None:
        nonlocal asked
        tell(100 * asked // QUESTIONS)
        asked += 1

    upto = min(period.end, now.replace(microsecond=0))
    figures = Figures(session, settings, period, max(upto, period.start), next_question)
    total, before = scorecard.ask(figures)
    further = scorecard.ask_further(figures)
    names = {str(row.seat): row.name for row in People(session).at_seats()}
    return Paper(
        period=period,
        hotline=settings.hotline_number,
        made_at=now,
        upto=upto,
        counts=total["counts"],
        sheets=[
            scorecard.scorecard(total, before, further, settings),
            scorecard.counts(total, before),
            sheets.trend(figures, period.span, period.step),
            sheets.languages(figures),
            sheets.losses(total),
            sheets.topics_by_language(session, period, max(upto, period.start), total["counts"]["in"]),
            sheets.topics_by_place(figures, words.places(settings)),
            sheets.seats(figures, total, names),
            sheets.law_firms(figures, total),
            listed.dissatisfied(session, vault, period, settings.dissatisfied_grades),
            listed.requests(session, period),
            _quality(),
            scorecard.all_figures(total, before, settings),
            scorecard.beyond_calls(further),
        ],
    )


def digest(paper: Paper) -> str:
    """Of the figures: two reports with the same digest say the same of the period."""
    content = [
        [sheet.id, [[_bare(cell) for cell, column in zip(row, sheet.columns, strict=True) if _stays(cell, column)]]]
        for sheet in paper.sheets
        for row in sheet.rows
    ]
    text = json.dumps([paper.period.id, content], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _stays(cell: Cell, column: Column) -> bool:
    return not column.passing and not (isinstance(cell, Typed) and cell.passing)


def _bare(cell: Cell) -> str | int | float | None:
    return cell.value if isinstance(cell, Typed) else cell


def _quality() -> Sheet:
    columns = (Column("项目", width=22), Column("数值", Form.TEXT, 12), Column("说明", width=44))
    why = "本系统尚未登记质检评分"
    return Sheet("quality", "质检", columns, [("人工质检通话数", NO_DATA, why), ("质检合格率", NO_DATA, why)])
