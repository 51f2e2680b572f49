"""Every figure as a quotient of sums, with its formula and where it comes from. The only place that defines them.

Rules 4-17 of the definitions behind the report; T is the threshold, "short" the short-abandon limit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from callcenter.instants import Micros, seconds
from callcenter.report.definitions.tally import Tally

Ratio = tuple[Micros, int]
"""Numerator and denominator. The numerator of a figure in seconds is in microseconds."""

GB = "GB/T 33358-2016: answered within 15 s, connection rate of every 24 h >= 95 %"
STD = "a city 12345 hotline working standard"
SL = "service level as used in the industry; five variants, none is official"
OPS = "call-centre usage; no official text"
PLAN = "regional plans for public legal services 2021-2025"


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    variant: str
    formula: str
    formula_zh: str
    source: str
    ratio: Callable[[Tally], Ratio]
    in_seconds: bool = False

    def shown(self, numerator: Micros, denominator: int) -> tuple[int | float | None, int | float]:
        """Their quotient, None when the denominator is 0 (rule 4), and the numerator; not rounded."""
        if self.in_seconds:
            return (seconds(numerator, denominator) if denominator else None), seconds(numerator)
        return (float(numerator / denominator) if denominator else None), int(numerator)


class Result(NamedTuple):
    """`numerator` is exact. A month by quarter hour has 100,000 of them, and a tuple is made three times as fast as a
    frozen dataclass."""

    figure: Figure
    numerator: Micros
    denominator: int
    at: Micros | None = None
    """Rolling figures: the end of the window."""

    @property
    def value(self) -> int | float | None:
        return self.figure.shown(self.numerator, self.denominator)[0]

    @property
    def shown_numerator(self) -> int | float:
        return self.figure.shown(self.numerator, self.denominator)[1]


FIGURES: tuple[Figure, ...] = (
    Figure(
        "connection_rate", "queue", "answered / entered a queue", "接通量 / 转坐席量",
        "Anhui 12348, 2019 (answered / consultation calls in)",
        lambda t: (t.answered, t.to_seat),
    ),
    Figure(
        "connection_rate", "inbound", "answered / all inbound", "接通量 / 全部呼入量", STD,
        lambda t: (t.answered, t.calls),
    ),
    Figure(
        "connection_rate", "queue_net_short", "answered / (entered a queue - abandons <= short)",
        "接通量 / (转坐席量 - 速挂量)", STD + "; show it only beside the gross rate",
        lambda t: (t.answered, t.to_seat - t.short_abandons),
    ),
    Figure(
        "within_threshold", "answered_from_queue", "answered with wait in queue <= T / answered",
        "排队起T秒内接通量 / 接通量", STD,
        lambda t: (t.answered_within, t.answered),
    ),
    Figure(
        "within_threshold", "offered_from_queue", "answered with wait in queue <= T / entered a queue",
        "排队起T秒内接通量 / 转坐席量", GB,
        lambda t: (t.answered_within, t.to_seat),
    ),
    Figure(
        "within_threshold", "answered_from_ring", "answered within T of the first ring / answered with a known ring",
        "振铃起T秒内接通量 / 有振铃的接通量", STD,
        lambda t: (t.rung_within, t.rung),
    ),
    Figure(
        "service_level", "SL1", "(answered <= T + abandoned <= T) / (answered + abandoned)",
        "(T秒内接通 + T秒内放弃) / (接通 + 放弃)", SL,
        lambda t: (t.answered_within + t.abandoned_within, t.answered + t.abandoned),
    ),
    Figure(
        "service_level", "SL2", "answered <= T / answered", "T秒内接通 / 接通", SL + "; ignores abandons",
        lambda t: (t.answered_within, t.answered),
    ),
    Figure(
        "service_level", "SL3", "answered <= T / (answered + abandoned)", "T秒内接通 / (接通 + 放弃)", SL,
        lambda t: (t.answered_within, t.answered + t.abandoned),
    ),
    Figure(
        "service_level", "SL4", "answered <= T / (answered + abandoned > T)", "T秒内接通 / (接通 + T秒后放弃)", SL,
        lambda t: (t.answered_within, t.answered + t.abandoned - t.abandoned_within),
    ),
    Figure(
        "service_level", "SL5", "(answered <= T + abandoned <= short) / (answered + abandoned)",
        "(T秒内接通 + 速挂) / (接通 + 放弃)", SL,
        lambda t: (t.answered_within + t.short_abandons, t.answered + t.abandoned),
    ),
    Figure(
        "abandonment_rate", "queue", "abandoned in queue / (answered + abandoned in queue)",
        "排队放弃 / (接通 + 排队放弃)", OPS,
        lambda t: (t.abandoned, t.answered + t.abandoned),
    ),
    Figure(
        "abandonment_rate", "queue_without_short", "abandoned > short / (answered + abandoned > short)",
        "排队放弃(不含速挂) / (接通 + 排队放弃(不含速挂))", OPS,
        lambda t: (t.abandoned - t.short_abandons, t.answered + t.abandoned - t.short_abandons),
    ),
    Figure(
        "abandonment_rate", "ivr", "abandoned in the menu / all inbound", "导航中放弃 / 全部呼入量", OPS,
        lambda t: (t.outcomes["abandoned_ivr"], t.calls),
    ),
    Figure(
        "abandonment_rate", "before_ring", "abandoned before any seat was rung / (answered + abandoned in queue)",
        "振铃前放弃 / (接通 + 排队放弃)", OPS,
        lambda t: (t.abandoned - t.abandoned_rung, t.answered + t.abandoned),
    ),
    Figure(
        "abandonment_rate", "after_ring", "abandoned after a seat was rung / (answered + abandoned in queue)",
        "振铃后放弃 / (接通 + 排队放弃)", OPS,
        lambda t: (t.abandoned_rung, t.answered + t.abandoned),
    ),
    Figure(
        "abandonment_rate", "short", "abandoned <= short / (answered + abandoned in queue)",
        "速挂 / (接通 + 排队放弃)", OPS,
        lambda t: (t.short_abandons, t.answered + t.abandoned),
    ),
    Figure(
        "abandonment_rate", "long", "abandoned > T / (answered + abandoned in queue)",
        "T秒后放弃 / (接通 + 排队放弃)", OPS,
        lambda t: (t.abandoned - t.abandoned_within, t.answered + t.abandoned),
    ),
    Figure(
        "loss_rate", "queue_timeout", "waited to the end of the queue's patience / all inbound",
        "排队超时 / 全部呼入量", OPS,
        lambda t: (t.outcomes["queue_timeout"], t.calls),
    ),
    Figure(
        "loss_rate", "blocked", "blocked / all inbound", "拦截 / 全部呼入量", OPS,
        lambda t: (t.outcomes["blocked"], t.calls),
    ),
    Figure(
        "loss_rate", "system_failure", "lost by a failure of the system / all inbound", "系统故障 / 全部呼入量", OPS,
        lambda t: (t.outcomes["system_failure"], t.calls),
    ),
    Figure(
        "asa_s", "all", "sum of waits in queue of answered calls / answered (ringing inside, menu outside)",
        "接通电话排队等待总时长 / 接通量", OPS,
        lambda t: (t.waited, t.answered), in_seconds=True,
    ),
    Figure(
        "aht_s", "all", "sum of (talk + hold + wrap-up) / answered", "(通话 + 保持 + 话后处理)总时长 / 接通量", OPS,
        lambda t: (t.talked + t.held + t.wrapped_up, t.talks), in_seconds=True,
    ),
    Figure(
        "talk_s", "all", "sum of (end - answer - hold) / answered", "净通话总时长 / 接通量", OPS,
        lambda t: (t.talked, t.talks), in_seconds=True,
    ),
    Figure(
        "hold_s", "all", "sum of hold / answered", "保持总时长 / 接通量", OPS,
        lambda t: (t.held, t.talks), in_seconds=True,
    ),
    Figure(
        "wrap_up_s", "all", "sum of (end of wrap-up - end of talk) / answered", "话后处理总时长 / 接通量", OPS,
        lambda t: (t.wrapped_up, t.talks), in_seconds=True,
    ),
    Figure(
        "longest_wait_s", "all", "longest wait in queue of answered and abandoned calls",
        "接通或排队放弃电话的最长等待", OPS,
        lambda t: (0, 0) if t.longest_wait is None else (t.longest_wait, 1), in_seconds=True,
    ),
    Figure(
        "satisfaction", "grades_1_3", "grades 1-3 / rated", "1-3级评价 / 参评量", PLAN,
        lambda t: (sum(t.grades[1:4]), t.rated),
    ),
    Figure(
        "satisfaction", "grades_1_2", "grades 1-2 / rated", "1-2级评价 / 参评量", PLAN,
        lambda t: (sum(t.grades[1:3]), t.rated),
    ),
    Figure(
        "participation", "of_answered", "rated / answered", "参评量 / 接通量", "Anhui 12348, 2019",
        lambda t: (t.rated, t.answered),
    ),
    Figure(
        "participation", "of_offered", "rated / offered a survey", "参评量 / 邀评量", OPS,
        lambda t: (t.rated, t.offered),
    ),
    Figure(
        "survey_coverage", "of_answered", "offered a survey / answered", "邀评量 / 接通量", PLAN,
        lambda t: (t.offered, t.answered),
    ),
)  # fmt: skip

ROLLING_WORST = Figure(
    "connection_rate", "rolling24h_worst",
    "lowest of answered / entered a queue over every continuous 24 h inside the data; at = the window's end",
    "任意连续24小时接通率的最低值; 时刻为窗口终点", GB, lambda _: (0, 0),
)  # fmt: skip
ROLLING_LAST = Figure(
    "connection_rate", "rolling24h_last",
    "answered / entered a queue over the last continuous 24 h inside the data; at = the window's end",
    "最近连续24小时接通率; 时刻为窗口终点", GB, lambda _: (0, 0),
)  # fmt: skip


def positive(grades: Iterable[int]) -> Figure:
    """Satisfaction with a site's own set of grades that count as satisfied."""
    chosen = sorted(set(grades))
    named = ", ".join(map(str, chosen))
    return Figure(
        "satisfaction", "positive", f"grades {named} / rated", f"{named}级评价 / 参评量",
        "the site's own choice: setting positive_grades",
        lambda t: (sum(t.grades[grade] for grade in chosen), t.rated),
    )  # fmt: skip


def results(tally: Tally) -> list[Result]:
    return [Result(figure, *figure.ratio(tally)) for figure in FIGURES]
