"""The splits of a report: trend, languages, topics by place and language, seats, law firms, causes of loss."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from callcenter.report.definitions import TooManyGroups
from callcenter.report.paper import repository, words
from callcenter.report.paper.figures import Figures, figure
from callcenter.report.paper.model import Cell, Column, Form, Sheet
from callcenter.report.paper.period import Period, Span

TOPICS_MAX = 30
PLACES_MAX = 100
SERVED = ("talk_s:all", "aht_s:all", "satisfaction:grades_1_3", "participation:of_answered")
RATES = ("connection_rate:queue", "within_threshold:offered_from_queue", "abandonment_rate:queue", "asa_s:all")
STEP_TITLES = {Span.DAY: "时段", Span.WEEK: "日期", Span.MONTH: "日期", Span.YEAR: "月份"}

CALLS = (Column("呼入量", Form.COUNT), Column("转坐席量", Form.COUNT), Column("接通量", Form.COUNT))


def _calls(part: dict[str, Any]) -> tuple[int, int, int]:
    counts = part["counts"]
    return counts["in"], counts["to_seat"], counts["answered"]


def trend(figures: Figures, span: Span, step: str) -> Sheet:
    groups = figures.of_period(step, variants=(*RATES, "satisfaction:grades_1_3"))["groups"]
    columns = (
        Column(STEP_TITLES[span], width=14),
        *CALLS,
        Column("接通率", Form.RATE),
        Column("限时接起率", Form.RATE),
        Column("放弃率", Form.RATE),
        Column("平均应答(秒)", Form.SECONDS),
        Column("满意度", Form.RATE),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            _step_name(group["by"][step], span),
            *_calls(group),
            figure(group, "connection_rate", "queue")["value"],
            figure(group, "within_threshold", "offered_from_queue")["value"],
            figure(group, "abandonment_rate", "queue")["value"],
            figure(group, "asa_s", "all")["value"],
            figure(group, "satisfaction", "grades_1_3")["value"],
        )
        for group in groups
    ]
    return Sheet("trend", "趋势", columns, rows, "没有来电的时段不列出", charted=(1, 3))


def _step_name(key: str, span: Span) -> str:
    """`2026-10-05T09:00:00+08:00` -> `09:00`; days and months stay as they are."""
    return key[11:16] if span is Span.DAY else key


def languages(figures: Figures) -> Sheet:
    groups = figures.of_period("language", variants=(*RATES, "satisfaction:grades_1_3"))["groups"]
    columns = (
        Column("语种", width=14),
        *CALLS,
        Column("接通率", Form.RATE),
        Column("限时接起率", Form.RATE),
        Column("排队中放弃", Form.COUNT),
        Column("排队超时", Form.COUNT),
        Column("平均应答(秒)", Form.SECONDS),
        Column("满意度", Form.RATE),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            words.word(words.LANGUAGES, group["by"]["language"]),
            *_calls(group),
            figure(group, "connection_rate", "queue")["value"],
            figure(group, "within_threshold", "offered_from_queue")["value"],
            group["counts"]["abandoned_queue"],
            group["counts"]["queue_timeout"],
            figure(group, "asa_s", "all")["value"],
            figure(group, "satisfaction", "grades_1_3")["value"],
        )
        for group in groups
    ]
    return Sheet("languages", "语种", columns, rows, "未登记: 选择语种之前已挂断, 或由其他系统导入时没有语种")


def topics_by_language(session: Session, period: Period, upto: datetime, calls: int) -> Sheet:
    """The topics asked about most, each by language, and how many it was in the period before. `calls`: all up to
    `upto`."""
    named = words.topics()
    last: Counter[str | None] = Counter()
    for (topic, _language), count in repository.topics(session, period.before.start, period.before.end).items():
        last[topic] += count
    by_topic: dict[str | None, Counter[str | None]] = defaultdict(Counter)
    for (topic, language), count in repository.topics(session, period.start, upto).items():
        by_topic[topic][language] += count
    spoken = sorted(
        {code for counted in by_topic.values() for code in counted}, key=lambda code: (not code, code or "")
    )
    ranked = sorted(by_topic, key=lambda topic: (not topic, -by_topic[topic].total(), topic or ""))
    columns = (
        Column("事项", width=30),
        Column("呼入量", Form.COUNT),
        Column("占比", Form.RATE),
        Column("上期", Form.COUNT),
        Column("增减", Form.COUNT),
        *(Column(words.word(words.LANGUAGES, code), Form.COUNT) for code in spoken),
    )
    rows: list[tuple[Cell, ...]] = []
    for topic in ranked[:TOPICS_MAX]:
        count, previous = by_topic[topic].total(), last[topic]
        share = count / calls
        spread = (by_topic[topic][code] for code in spoken)
        rows.append((words.word(named, topic), count, share, previous, count - previous, *spread))
    note = "事项: 以坐席在工单上登记的为准, 未登记的按来电人在导航中的选择"
    listed = _of(len(rows), len(ranked), "事项")
    return Sheet("topics", "热点事项", columns, rows, f"{note}；{listed}" if listed else note)


def topics_by_place(figures: Figures, places: Mapping[str, str]) -> Sheet:
    """Places with their topics; where a province has too many pairs of them, places alone. `places`: their names."""
    columns = (Column("地区", width=18), Column("事项", width=30), *CALLS, Column("接通率", Form.RATE))
    named = words.topics()
    try:
        groups, what = _by_place(figures, "place", "topic"), "地区与事项组合"
    except TooManyGroups:
        try:
            groups, what = _by_place(figures, "place"), "地区"
        except TooManyGroups:
            return Sheet("places", "地区事项", columns, [], "地区的写法太多, 无法分组列出")
    rows: list[tuple[Cell, ...]] = [
        (
            words.word(places, group["by"]["place"]),
            words.word(named, group["by"]["topic"]) if "topic" in group["by"] else "全部",
            *_calls(group),
            figure(group, "connection_rate", "queue")["value"],
        )
        for group in groups[:PLACES_MAX]
    ]
    return Sheet("places", "地区事项", columns, rows, _of(len(rows), len(groups), what))


def _by_place(figures: Figures, *by: str) -> list[dict[str, Any]]:
    """The most calls first."""
    groups: list[dict[str, Any]] = figures.of_period(*by, variants=("connection_rate:queue",))["groups"]
    return sorted(groups, key=lambda group: -group["counts"]["in"])


def _of(shown: int, there: int, what: str) -> str:
    return f"按呼入量列出前 {shown} 个{what}, 共 {there} 个" if shown < there else ""


SERVICE = (
    Column("接通量", Form.COUNT),
    Column("净通话(分钟)", Form.MINUTES, 14),
    Column("服务时长(分钟)", Form.MINUTES, 16),
    Column("平均处理(秒)", Form.SECONDS, 14),
    Column("参评量", Form.COUNT),
    Column("满意度", Form.RATE),
    Column("参评率", Form.RATE),
)
SERVICE_NOTE = "净通话: 不含保持；服务时长: 通话、保持与话后处理之和, 可作补贴依据。只计有人接通且已结束的通话"


def _service(group: dict[str, Any]) -> tuple[Cell, ...]:
    handling = figure(group, "aht_s", "all")
    return (
        group["counts"]["answered"],
        figure(group, "talk_s", "all")["numerator"] / 60,
        handling["numerator"] / 60,
        handling["value"],
        group["counts"]["rated"],
        figure(group, "satisfaction", "grades_1_3")["value"],
        figure(group, "participation", "of_answered")["value"],
    )


def seats(figures: Figures, total: dict[str, Any], names: Mapping[str, str]) -> Sheet:
    rows = _served(figures, "seat", lambda seat: (seat[: words.TEXT_MAX], names.get(seat, "")), total)
    columns = (Column("席号", width=12), Column("姓名", width=14, passing=True), *SERVICE)
    return Sheet("seats", "坐席", columns, rows, SERVICE_NOTE + "；姓名: 现在该席的人员")


def law_firms(figures: Figures, total: dict[str, Any]) -> Sheet:
    rows = _served(figures, "law_firm", lambda firm: (firm[: words.TEXT_MAX],), total)
    return Sheet("law_firms", "律所", (Column("律所", width=30), *SERVICE), rows, SERVICE_NOTE)


def _served(
    figures: Figures, by: str, head: Callable[[str], tuple[str, ...]], total: dict[str, Any]
) -> list[tuple[Cell, ...]]:
    groups = figures.of_period(by, variants=SERVED)["groups"]
    answered = [group for group in groups if group["counts"]["answered"]]
    more = ("",) * (len(head("")) - 1)
    rows: list[tuple[Cell, ...]] = [(*head(group["by"][by]), *_service(group)) for group in answered if group["by"][by]]
    rows += [(words.NOT_GIVEN, *more, *_service(group)) for group in answered if not group["by"][by]]
    return [*rows, ("合计", *more, *_service(total))] if rows else []


def losses(now: dict[str, Any]) -> Sheet:
    """Every call that no person answered, by what became of it."""
    counts = now["counts"]
    columns = (Column("原因", width=18), Column("数量", Form.COUNT), Column("占呼入", Form.RATE))
    named = [name for name in counts if name not in NOT_A_LOSS]
    rows: list[tuple[Cell, ...]] = [
        (words.COUNTS.get(name, name), counts[name], counts[name] / counts["in"] if counts["in"] else None)
        for name in (*named, "short_abandons")
    ]
    return Sheet("losses", "未接通原因", columns, rows, "短放弃已含在排队中放弃内")


NOT_A_LOSS = frozenset({"in", "to_seat", "answered", "rated", "survey_offered", "live", "short_abandons"})
