"""The further figures that were asked for, in the order in which they are defined."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from callcenter.report.choices import Choices
from callcenter.report.definitions import Question, Result
from callcenter.report.further import occupancy, repeats, requests, visits
from callcenter.report.further.figures import Counted, Further
from callcenter.storage.columns import to_micros


def results(
    session: Session, question: Question, wanted: Sequence[Further], choices: Choices, now: datetime
) -> Callable[[tuple[Any, ...]], list[Result]]:
    """The function that tells a group's figures; of the total, whose key is empty, every one has a value or 0 of 0."""
    countings: dict[str, Callable[[], Counted]] = {
        "occupancy": lambda: occupancy.counted(session, question, to_micros(now)),
        "repeats": lambda: repeats.counted(session, question, choices.repeat_days),
        "requests": lambda: requests.counted(session, question),
        "visits": lambda: visits.counted(session, question, choices.dissatisfied),
        "none": dict,
    }
    found = {part: countings[part]() for part in {one.part for one in wanted}}

    def of(key: tuple[Any, ...]) -> list[Result]:
        made = []
        for one in wanted:
            name = f"{one.figure.name}:{one.figure.variant}"
            counts = found[one.part].get(key, {}).get(name, (0, 0) if not key else None)
            if counts is not None:
                made.append(Result(one.figure, *counts))
        return made

    return of
