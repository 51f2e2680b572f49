"""Figures against targets: each with its formula, both counts, the period before, and whether the target is met."""

from collections.abc import Iterator
from typing import Any

from callcenter.config import Settings
from callcenter.report.paper import words
from callcenter.report.paper.figures import Figures, figure
from callcenter.report.paper.model import NO_DATA, Cell, Column, Form, Sheet, Typed
from callcenter.report.targets import TARGETS, target

MET, MISSED = "达标", "未达标"
NOT_MEASURED = "-"
VISITS = "return_visit_completion"

COLUMNS = (
    Column("指标", width=20),
    Column("口径", width=22),
    Column("数值", Form.RATE, 11),
    Column("目标", Form.RATE, 9, passing=True),
    Column("是否达标", Form.VERDICT, 10, passing=True),
    Column("分子", Form.COUNT, 12),
    Column("分母", Form.COUNT, 12),
    Column("上期", Form.RATE, 11),
    Column("比上期(百分点)", Form.CHANGE, 14),
    Column("计算公式", width=44),
    Column("备注", width=26),
)

SHOWN = (
    *TARGETS,
    ("connection_rate", "inbound"),
    ("connection_rate", "queue_net_short"),
    ("abandonment_rate", "queue"),
    ("asa_s", "all"),
    ("aht_s", "all"),
    ("longest_wait_s", "all"),
    ("satisfaction", "grades_1_2"),
    ("participation", "of_answered"),
)
"""On the first page, in the order in which the figures are defined; the others stand on the last one."""


def scorecard(now: dict[str, Any], before: dict[str, Any], visits: dict[str, Any], settings: Settings) -> Sheet:
    figures = [f for f in now["figures"] if (f["name"], f["variant"]) in SHOWN]
    rows = [*_rows(figures, before, settings), *_visits(visits, settings), *_unmeasured(settings)]
    note = f"T = {settings.threshold_s} 秒；等待 {settings.short_s} 秒及以内挂断为短放弃；目标按本地设置"
    return Sheet("scorecard", "计分卡", COLUMNS, rows, note)


def all_figures(now: dict[str, Any], before: dict[str, Any], settings: Settings) -> Sheet:
    return Sheet("figures", "全部指标", COLUMNS, list(_rows(now["figures"], before, settings)))


def counts(now: dict[str, Any], before: dict[str, Any]) -> Sheet:
    columns = (
        Column("项目", width=18),
        Column("本期", Form.COUNT),
        Column("上期", Form.COUNT),
        Column("增减", Form.COUNT),
    )
    rows: list[tuple[Cell, ...]] = [
        (words.COUNTS.get(name, name), count, before["counts"].get(name, 0), count - before["counts"].get(name, 0))
        for name, count in now["counts"].items()
    ]
    return Sheet("counts", "话务量", columns, rows)


def ask(figures: Figures) -> tuple[dict[str, Any], dict[str, Any]]:
    return figures.of_period(), figures.of_period_before()


def ask_further(figures: Figures) -> dict[str, Any]:
    return figures.of_period(variants=("further",))


def beyond_calls(found: dict[str, Any]) -> Sheet:
    """How busy seats were, callers who came again, what was asked for and done. All of it may change later: records are
    written to, requests are served. What is not registered yet stands on the first page."""
    columns = (
        *(Column("指标", width=20), Column("口径", width=22), Column("数值", Form.RATE, 11, passing=True)),
        *(Column("分子", Form.COUNT, 14, passing=True), Column("分母", Form.COUNT, 14, passing=True)),
        *(Column("计算公式", width=60), Column("备注", width=16)),
    )
    rows: list[tuple[Cell, ...]] = []
    for f in found["figures"]:
        if f["name"] in (VISITS, "quality_coverage"):
            continue
        above, below = (_time(f, n) for n in (f["numerator"], f["denominator"]))
        name, variant = words.word(words.FIGURES, f["name"]), words.word(words.VARIANTS, f["variant"])
        rows.append((name, variant, f["value"], above, below, f["formula_zh"], "截至制表时"))
    return Sheet("further", "其他指标", columns, rows, "占用率的分子和分母为分钟")


def _time(f: dict[str, Any], count: int) -> Cell:
    """Shares of time are kept in microseconds."""
    return Typed(count / 60_000_000, Form.MINUTES, passing=True) if f["name"] == "occupancy" else count


def _rows(figures: list[dict[str, Any]], before: dict[str, Any], settings: Settings) -> Iterator[tuple[Cell, ...]]:
    for f in figures:
        name, variant = f["name"], f["variant"]
        form = Form.SECONDS if name.endswith("_s") else Form.RATE
        last = figure(before, name, variant)["value"]
        change = None if f["value"] is None or last is None else f["value"] - last
        least = target(settings, (name, variant))
        yield (
            words.word(words.FIGURES, name),
            words.word(words.VARIANTS, variant),
            Typed(f["value"], form),
            Typed(NOT_MEASURED, Form.TEXT) if least is None else least,
            _verdict(f["value"], least),
            Typed(f["numerator"], Form.SECONDS if form is Form.SECONDS else Form.COUNT),
            f["denominator"],
            Typed(last, form),
            Typed(change, form if form is Form.SECONDS else Form.CHANGE),
            f["formula_zh"] or f["formula"],
            Typed(f["at"], Form.MOMENT) if f.get("at") else "",
        )


def _visits(found: dict[str, Any], settings: Settings) -> Iterator[tuple[Cell, ...]]:
    """Visits go on after the period: how many are made by now is no part of what was handed in."""
    for f in found["figures"]:
        if f["name"] != VISITS:
            continue
        least = settings.target_return_visits if f["variant"] == "all" else None
        nothing = Typed(NOT_MEASURED, Form.TEXT)
        yield (
            "不满意回访率",
            words.word(words.VISIT_VARIANTS, f["variant"]),
            Typed(f["value"], Form.RATE, passing=True),
            nothing if least is None else least,
            _verdict(f["value"], least),
            Typed(f["numerator"], Form.COUNT, passing=True),
            f["denominator"],
            nothing,
            nothing,
            f["formula_zh"],
            "截至制表时",
        )


def _verdict(value: float | None, least: float | None) -> str:
    if least is None or value is None:
        return NOT_MEASURED
    return MET if value >= least else MISSED


def _unmeasured(settings: Settings) -> Iterator[tuple[Cell, ...]]:
    """What offices ask for and the product keeps no facts about: said, not left out."""
    for name, variant, least, formula in (
        ("质检覆盖率", "人工质检", settings.target_quality_coverage, "人工评分的通话 / 接通量"),
    ):
        no = Typed(NO_DATA, Form.TEXT)
        yield (name, variant, no, least, NOT_MEASURED, no, no, no, no, formula, "本系统尚未登记此项")
