"""The KPI report as JSON. Field names are relied on by other programs."""

from pydantic import BaseModel, ConfigDict, Field


class FigureOut(BaseModel):
    """`value` = numerator / denominator, not rounded; null when the denominator is 0. Times in seconds."""

    name: str
    variant: str
    value: int | float | None
    numerator: int | float
    denominator: int
    formula: str
    formula_zh: str
    source: str


class RollingFigureOut(FigureOut):
    at: str | None
    """End of the 24 hours."""


class GroupOut(BaseModel):
    by: dict[str, str | None]
    counts: dict[str, int]
    figures: list[RollingFigureOut | FigureOut]


class KpiOut(BaseModel):
    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    start: str = Field(alias="from")
    to: str
    threshold_s: int | float
    short_s: int | float
    counts: dict[str, int]
    figures: list[RollingFigureOut | FigureOut]
    groups: list[GroupOut] | None = None
    """Only when a split was asked for."""


class QuarterOut(BaseModel):
    """Calls that started within a quarter of an hour from `at` on."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    at: str
    calls: int = Field(alias="in")
    to_seat: int
    answered: int
