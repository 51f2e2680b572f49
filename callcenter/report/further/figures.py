"""What each further figure means: its formula, its source, and who counts it. The only place that defines them."""

from collections.abc import Iterator
from dataclasses import dataclass

from callcenter.instants import Micros
from callcenter.report.definitions import Figure
from callcenter.report.definitions.groups import Key

OPS = "call-centre usage; no official text"
PLAN = "regional plans for public legal services 2021-2025"
VISITS = f"{PLAN}: 100 %; setting dissatisfied_grades"
MATTER = "same number, which need not be the same person; setting repeat_days"

Counts = tuple[Micros, int]
"""Numerator and denominator."""
Counted = dict[tuple[Key, ...], dict[str, Counts]]
"""By group (the total is `()`) and `name:variant`."""


@dataclass(frozen=True, slots=True)
class Further:
    figure: Figure
    part: str
    """Which of the countings it is read from: `occupancy`, `repeats`, `requests`, `visits`, or `none`."""


def _figure(part: str, name: str, variant: str, formula: str, formula_zh: str, source: str) -> Further:
    return Further(Figure(name, variant, formula, formula_zh, source, lambda _tally: (0, 0)), part)


FURTHER: tuple[Further, ...] = (
    _figure(
        "occupancy", "occupancy", "of_working",
        "time in talk, hold and wrap-up / (that + time ready or ringing), of seats, up to now",
        "(通话+保持+话后处理)时长 / (该时长 + 就绪及振铃时长)", OPS,
    ),
    _figure(
        "occupancy", "occupancy", "of_signed_in",
        "time in talk, hold and wrap-up / time signed in (with pauses and lost phones), of seats, up to now",
        "(通话+保持+话后处理)时长 / 签入时长", OPS,
    ),
    _figure(
        "repeats", "first_call_resolution", "no_repeat",
        "answered calls whose number had no answered call in the N days before / answered calls with a number",
        "接通且此前N天内同号码无接通电话 / 有号码的接通量", f"1 - repeat calls / calls; {MATTER}",
    ),
    _figure(
        "repeats", "first_call_resolution", "no_repeat_same_topic",
        "answered calls without an answered call of the same number and topic in the N days before / "
        "answered calls with a number and a topic",
        "接通且此前N天内同号码同事项无接通电话 / 有号码及事项的接通量", f"1 - repeat calls / calls; {MATTER}",
    ),
    _figure(
        "repeats", "first_call_resolution", "not_again",
        "answered calls whose number did not call again within N days / "
        "answered calls with a number whose N days end in the interval",
        "接通后N天内同号码未再来电 / N天已满的有号码接通量", f"problems not called again / problems; {MATTER}",
    ),
    _figure(
        "repeats", "first_call_resolution", "not_again_same_topic",
        "answered calls whose number did not call again about the same topic within N days / "
        "answered calls with a number and a topic whose N days end in the interval",
        "接通后N天内同号码同事项未再来电 / N天已满的有号码及事项接通量",
        f"problems not called again / problems; {MATTER}",
    ),
    _figure(
        "requests", "callback_completion", "all",
        "callbacks asked for in the interval and served / callbacks asked for "
        "(without those cancelled, refused, or merged into an older one)",
        "已完成回拨 / 应回拨(不含取消、拒绝、合并)", OPS,
    ),
    _figure(
        "requests", "callback_completion", "within_24h",
        "callbacks served within 24 h of the wish / callbacks asked for "
        "(without those cancelled, refused, or merged into an older one)",
        "24小时内完成回拨 / 应回拨(不含取消、拒绝、合并)", OPS,
    ),
    _figure(
        "requests", "voicemail_answered", "within_24h",
        "messages dealt with within 24 h / messages left (without those cancelled or merged)",
        "24小时内处理的留言 / 留言量(不含取消、合并)", "message consultation is answered within 24 h, by analogy",
    ),
    _figure(
        "visits", "return_visit_completion", "attempted",
        "dissatisfied callers with an attempt to visit them / dissatisfied callers (without imported history)",
        "已尝试回访 / 不满意(不含导入话单)", VISITS,
    ),
    _figure(
        "visits", "return_visit_completion", "reached",
        "dissatisfied callers reached by a visit / dissatisfied callers (without imported history)",
        "回访已联系到 / 不满意(不含导入话单)", VISITS,
    ),
    _figure(
        "visits", "return_visit_completion", "all",
        "dissatisfied callers whose visit is closed with result, cause and correction / dissatisfied callers "
        "(without imported history)",
        "已回访办结 / 不满意(不含导入话单)", VISITS,
    ),
    _figure(
        "visits", "return_visit_completion", "in_time",
        "dissatisfied callers whose visit was closed before its deadline / dissatisfied callers "
        "(without imported history)",
        "限期内回访办结 / 不满意(不含导入话单)", VISITS,
    ),
    _figure(
        "none", "quality_coverage", "of_answered",
        "talks checked / answered; null: quality checks are not registered yet", "质检量 / 接通量", PLAN,
    ),
)  # fmt: skip


def named(pairs: frozenset[tuple[str, str]]) -> Iterator[Further]:
    return (one for one in FURTHER if (one.figure.name, one.figure.variant) in pairs)
