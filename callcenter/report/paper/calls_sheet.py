"""The list of calls as a workbook, with the filter of the screen. Numbers are masked as on the screen."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from callcenter.call.repository import Calls, Wanted
from callcenter.call.schemas import CallOut, call_out
from callcenter.report.drill import Drill
from callcenter.report.paper import words
from callcenter.report.paper.model import Cell, Column, Form
from callcenter.report.paper.xlsx import Workbook
from callcenter.storage.columns import from_micros, to_micros
from callcenter.storage.numbers import NumberVault, mask

MAX = 200_000
"""Calls in one file."""
TELL_EVERY = 500

OUTCOMES = words.COUNTS | {"answered": "接通"}
ENDED_BY = {"caller": "来电人", "seat": "坐席", "system": "系统"}
SOURCES = {"direct": "直拨 12348", "12345": "12345 转接", "110": "110 转接", "web": "网上"}

COLUMNS = (
    Column("来电时间", Form.MOMENT, 19),
    Column("通话编号", width=24),
    Column("来电号码", width=15),
    Column("来源", width=12),
    Column("语种", width=10),
    Column("事项", width=28),
    Column("地区", width=14),
    Column("结果", width=12),
    Column("席号", width=10),
    Column("律所", width=22),
    Column("进入排队", Form.MOMENT, 19),
    Column("首次振铃", Form.MOMENT, 19),
    Column("接起", Form.MOMENT, 19),
    Column("结束", Form.MOMENT, 19),
    Column("等候(秒)", Form.SECONDS),
    Column("通话(秒)", Form.SECONDS),
    Column("保持(秒)", Form.SECONDS),
    Column("挂断方", width=10),
    Column("评价", width=12),
)

FIELDS = (
    *("outcome", "seat", "language", "line", "source", "topic", "record_topic", "order_no", "place", "law_firm"),
    *("grade", "caller_hash", "live"),
)


def to_asked(wanted: Wanted) -> dict[str, Any]:
    """The filter as JSON; of a number searched for only its hash."""
    times = {name: None if at is None else to_micros(at) for name, at in (("from", wanted.start), ("to", wanted.end))}
    given: dict[str, Any] = {name: getattr(wanted, name) for name in FIELDS}
    given["drill"] = None if wanted.drill is None else dataclasses.asdict(wanted.drill)
    return {name: value for name, value in (times | given).items() if value is not None}


def from_asked(asked: dict[str, Any]) -> Wanted:
    return Wanted(
        start=from_micros(asked["from"]) if "from" in asked else None,
        end=from_micros(asked["to"]) if "to" in asked else None,
        drill=_drill(**asked["drill"]) if "drill" in asked else None,
        **{name: asked[name] for name in FIELDS if name in asked},
    )


def _drill(positive: Sequence[int], **kept: Any) -> Drill:
    return Drill(**kept, positive=tuple(positive))


def write(
    session: Session,
    vault: NumberVault,
    wanted: Wanted,
    places: Mapping[str, str],
    path: Path,
    tell: Callable[[int], None],
) -> int:
    """Returns how many calls were written. `places`: their names. `tell` hears of the progress in per cent and may end
    it by raising."""
    calls = Calls(session)
    total = min(calls.count(wanted), MAX)
    named = words.topics()

    def rows() -> Iterator[tuple[Cell, ...]]:
        for number, row in enumerate(calls.each(wanted)):
            if number >= MAX:
                return
            if number % TELL_EVERY == 0:
                tell(100 * number // max(1, total))
            yield _row(call_out(row, mask(vault.open(row.caller)), None, None), named, places)

    book = Workbook(path, "通话清单")
    count = book.add("通话清单", COLUMNS, rows(), title="通话清单", note=f"共 {total} 通, 号码已脱敏, 时间为北京时间")
    book.close()
    return count


def _row(call: CallOut, named: Mapping[str, str], places: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        call.started_at,
        call.id,
        call.caller,
        words.word(SOURCES, call.source),
        words.word(words.LANGUAGES, call.language),
        words.word(named, call.topic),
        words.word(places, call.place),
        words.word(OUTCOMES, call.outcome) if call.outcome else "进行中",
        call.seat or "",
        call.law_firm or "",
        call.queued_at or "",
        call.first_ring_at or "",
        call.answered_at or "",
        call.ended_at or "",
        call.wait_s if call.wait_s is not None else "",
        call.talk_s if call.talk_s is not None else "",
        call.hold_seconds,
        words.word(ENDED_BY, call.ended_by) if call.ended_by else "",
        words.GRADES.get(call.grade or 0, ""),
    )
