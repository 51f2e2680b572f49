"""What a site chooses about its figures, from the settings."""

from dataclasses import dataclass

from callcenter.config import Settings
from callcenter.instants import HOUR
from callcenter.report.definitions.groups import SHIFTS


@dataclass(frozen=True, slots=True)
class Choices:
    shifts: tuple[int, ...] = SHIFTS
    """When shifts begin: microseconds since midnight in China."""
    positive: tuple[int, ...] = (1, 2, 3)
    """Grades that count as satisfied."""
    dissatisfied: tuple[int, ...] = (4, 5)
    """Grades that ask for a return visit."""
    repeat_days: int = 7
    """A call of the same number within so many days repeats the one before."""


def choices(settings: Settings) -> Choices:
    return Choices(
        tuple((at.hour * 60 + at.minute) * (HOUR // 60) for at in settings.shift_starts),
        tuple(settings.positive_grades),
        tuple(settings.dissatisfied_grades),
        settings.repeat_days,
    )
