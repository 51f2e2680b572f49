"""What a row of a call history must be (rules 22-29 of the file's definition), and the row of the table it becomes."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from callcenter.call.history.reader import CELL_MAX
from callcenter.call.model import NOT_INBOUND, EndedBy, Outcome, Source
from callcenter.instants import SECOND, Micros, NotAnInstant, parse_instant, split
from callcenter.storage.numbers import mask

COLUMNS = (
    "call_id", "caller", "source", "line", "language", "topic", "place",
    "started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "wrap_up_ended_at",
    "hold_seconds", "ended_by", "outcome", "seat", "law_firm", "survey_offered", "grade",
)  # fmt: skip
NEVER_EMPTY = ("call_id", "source", "started_at", "ended_at", "ended_by", "outcome", "survey_offered")
TIMES = ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "wrap_up_ended_at")
"""In the order in which they may happen."""
MAY_BE_ANSWERED = (Outcome.ANSWERED, Outcome.TRANSFERRED_OUT)

INDEXED_ID_MAX = 80
"""Characters. A longer `call_id` is found by its digest, because no database can index 10,000 characters."""
DIGEST = "sha256:"

_WHOLE = re.compile(r"[0-9]+")
_LONG_NUMBER = re.compile(r"[0-9]{7,}")

Faults = dict[str, str]
"""Column -> reason; at most one for each."""


class Checked(NamedTuple):
    """`values` as the columns of the table `call`, without the caller, times in microseconds."""

    values: dict[str, Any]
    faults: Faults


def check(cells: list[str]) -> Checked:
    """`cells` are as many as COLUMNS."""
    row = dict(zip(COLUMNS, cells, strict=True))
    faults: Faults = {}
    text = "".join(cells)
    if len(text) > CELL_MAX or "\0" in text:
        _check_text(row, faults)
    for column in NEVER_EMPTY:
        if not row[column]:
            faults[column] = "empty"
    values: dict[str, Any] = {}
    for column, read in READERS.items():
        if row[column] and column not in faults:
            try:
                values[column] = read(row[column])
            except ValueError as error:
                faults[column] = str(error)
    _check_order(values, faults)
    _check_path(row, values, faults)
    _check_hold(values, faults)
    return Checked({} if faults else _table_row(row, values), faults)


def _check_text(row: dict[str, str], faults: Faults) -> None:
    """Rule 29."""
    for column, cell in row.items():
        if len(cell) > CELL_MAX:
            faults[column] = f"longer than {CELL_MAX:,} characters"
        elif "\0" in cell:
            faults[column] = "holds the character U+0000"


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    known = frozenset(names)

    def read(cell: str) -> str:
        if cell not in known:
            raise ValueError(f"{shown(cell)} is none of {', '.join(names)}")
        return cell

    return read


def _time(cell: str) -> Micros:
    try:
        return parse_instant(cell)
    except NotAnInstant as error:
        raise ValueError(f"{shown(cell)}: {error}") from None


def _seconds(cell: str) -> int:
    """Microseconds."""
    if not _WHOLE.fullmatch(cell):
        raise ValueError(f"{shown(cell)} is not a number of whole seconds")
    digits = cell.lstrip("0") or "0"
    if len(digits) > 12:
        raise ValueError(f"{shown(cell)} seconds are longer than any call")
    return int(digits) * SECOND


READERS: dict[str, Callable[[str], Any]] = {
    "source": _one_of(tuple(source for source in Source if source not in NOT_INBOUND)),
    **dict.fromkeys(TIMES, _time),
    "hold_seconds": _seconds,
    "ended_by": _one_of(tuple(EndedBy)),
    "outcome": _one_of(tuple(Outcome)),
    "survey_offered": _one_of(("0", "1")),
    "grade": _one_of(("1", "2", "3", "4", "5")),
}


def _check_order(values: dict[str, Any], faults: Faults) -> None:
    """Rule 24. Of two times in the wrong order the later column is named."""
    before = ""
    for column in TIMES:
        if column not in values:
            continue
        if before and values[column] < values[before]:
            faults[column] = f"earlier than {before}"
        before = column


def _check_path(row: dict[str, str], values: dict[str, Any], faults: Faults) -> None:
    """Rules 25 and 26: what needs what. A cell that is itself wrong accuses no other."""
    outcome = values.get("outcome")

    def refuse(column: str, reason: str) -> None:
        faults.setdefault(column, reason)

    if row["answered_at"] and not row["queued_at"]:
        refuse("answered_at", "needs queued_at, which is empty")
    if outcome == Outcome.ANSWERED and not row["answered_at"]:
        refuse("outcome", "answered needs answered_at, which is empty")
    if outcome and outcome not in MAY_BE_ANSWERED and row["answered_at"]:
        refuse("answered_at", f"a call with the outcome {outcome} has none")
    if outcome == Outcome.ABANDONED_QUEUE and not row["queued_at"]:
        refuse("outcome", "abandoned_queue needs queued_at, which is empty")
    if outcome == Outcome.ABANDONED_IVR and row["queued_at"]:
        refuse("queued_at", "a call with the outcome abandoned_ivr has none")
    if row["grade"] and not row["answered_at"]:
        refuse("grade", "needs answered_at, which is empty")
    if row["grade"] and values.get("survey_offered") == "0":
        refuse("grade", "needs survey_offered = 1")


def _check_hold(values: dict[str, Any], faults: Faults) -> None:
    """Rule 27. A call that nobody answered was on hold for 0 s."""
    hold = values.get("hold_seconds", 0)
    if not hold or "answered_at" in faults or "ended_at" in faults:
        return
    talk = values["ended_at"] - values["answered_at"] if "answered_at" in values else 0
    if hold > talk:
        faults.setdefault("hold_seconds", "longer than ended_at - answered_at")


def _table_row(row: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    call_id = row["call_id"]
    key = key_of(call_id)
    table_row: dict[str, Any] = {"id": key, "long_id": None if key == call_id else call_id}
    finer = []
    for column in TIMES:
        time = values.get(column)
        if time is not None and type(time) is not int:
            time, digits = split(time)
            finer.append(f"{column}={digits}")
        table_row[column] = time
    for column in ("line", "language", "topic", "place", "seat", "law_firm"):
        table_row[column] = row[column] or None
    return table_row | {
        "source": row["source"],
        "hold_micros": values.get("hold_seconds", 0),
        "finer": " ".join(finer) or None,
        "left_at": table_row["ended_at"],
        "ended_by": row["ended_by"],
        "outcome": row["outcome"],
        "survey_offered": row["survey_offered"] == "1",
        "grade": int(row["grade"]) if row["grade"] else None,
    }


def key_of(call_id: str) -> str:
    """Primary key of an imported call: its `call_id`, or a digest when that is too long for an index."""
    if len(call_id) <= INDEXED_ID_MAX and not call_id.startswith(DIGEST):
        return call_id
    return DIGEST + hashlib.sha256(call_id.encode()).hexdigest()


def shown(cell: str) -> str:
    """A cell as it may stand in a message: one short line, numbers masked, in case columns have shifted."""
    short = cell if len(cell) <= 40 else cell[:40] + "…"
    return repr(_LONG_NUMBER.sub(lambda number: mask(number[0]), short))
