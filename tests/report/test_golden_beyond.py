"""The figures that calls alone do not give, from a history and what happened beside it, on both databases; each with
its derivation written beside it (`golden/beyond.yaml`). And: every definition is held by some golden file."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import insert, update

from callcenter.call.table import CallRow, EventRow
from callcenter.callback.table import CallbackAttemptRow
from callcenter.consultation.table import ConsultationRow
from callcenter.ivr.table import CallerRequestRow
from callcenter.report.definitions.figures import FIGURES, ROLLING_LAST, ROLLING_WORST
from callcenter.report.further.figures import FURTHER
from callcenter.seat.table import SeatRow
from callcenter.storage.database import Database
from callcenter.visit.table import VisitAttemptRow, VisitRow
from tests.report.golden_files import FOLDER, Run, fractions, on_both  # noqa: F401
from tests.report.test_commands import callcenter  # noqa: F401  the command line on an empty home

BESIDE: dict[str, Any] = YAML(typ="base", pure=True).load(
    (FOLDER / "beyond.yaml").read_text()
)  # every value as it is written
BETWEEN = ("--from", "2025-03-03T00:00:00+08:00", "--to", "2025-03-24T00:00:00+08:00")
AT = datetime.fromisoformat


@pytest.fixture
def kept(on_both: Run, database: Database) -> Run:  # noqa: F811
    """The history is imported, and what happened beside it is on record."""
    done = on_both("calls", "import", str(FOLDER / "beyond.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    with database.begin() as session:
        session.execute(update(CallRow).where(CallRow.id.in_(BESIDE["live"])).values(node="a"))
        for call, topic in BESIDE["records"].items():
            session.add(ConsultationRow(call=call, topic=topic, seat="1001", opened_at=AT("2025-03-06T11:00:06+08:00")))
        now: dict[str, str] = {}
        for seq, (seat, at, state) in enumerate(BESIDE["states"], 1):
            changed = {"before": now.get(seat, "signed_out"), "after": state}
            values = {"node": "a", "seq": seq, "at": AT(at), "seat": seat, "data": changed}
            session.execute(insert(EventRow).values(type="SeatStateChanged", **values))
            now[seat] = state
        session.add_all(
            SeatRow(id=seat, state=state, since=AT("2025-03-24T00:05:00+08:00")) for seat, state in now.items()
        )
        session.add_all(request(*words) for words in BESIDE["requests"])
        session.add_all(visit(*words) for words in BESIDE["visits"])
        for call, reached in BESIDE["attempts"]:
            values = {"kind": "dissatisfied", "at": AT("2025-03-07T08:00:00+08:00"), "by": "1002", "how": "call"}
            session.add(VisitAttemptRow(call=call, reached=reached == "true", **values))
        for call, result in BESIDE["dialled"]:
            at = AT("2025-03-12T09:00:00+08:00")
            values = {"kind": "visit", "number_hash": "", "node": "a", "line": "zh", "number_of_try": 1}
            times = {"claimed_at": at, "ended_at": at}
            session.add(CallbackAttemptRow(id=f"cb-{call}", call=call, state="over", result=result, **values, **times))
    return on_both


def request(kind: str, call: str, at: str, state: str, over: str = "") -> CallerRequestRow:
    """Its own language counts only where there is no call of ours to be split by."""
    return CallerRequestRow(
        kind=kind, call=call, at=AT(at), state=state, ended_at=AT(over) if over else None, language="mn"
    )


def visit(call: str, state: str, due: str, closed: str = "") -> VisitRow:
    opened = AT("2025-03-03T12:00:00+08:00")
    return VisitRow(
        kind="dissatisfied", call=call, state=state, opened_at=opened, warn_at=opened, due_at=AT(due),
        closed_at=AT(closed) if closed else None,
    )  # fmt: skip


def report(run: Run, *more: str) -> dict[str, Any]:
    done = run("report", "kpi", *BETWEEN, "--variant", "further,participation:of_answered", *more, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


def as_written(expected: dict[str, list[str]]) -> dict[str, list[int]]:
    return {name: [int(number) for number in pair] for name, pair in expected.items()}


def test_the_figures_beyond_calls_are_those_that_are_written_beside_the_history(kept: Run) -> None:
    found = report(kept)
    assert fractions(found) == as_written(BESIDE["expected"])
    for one in found["figures"]:
        whole = one["denominator"] and one["numerator"] / one["denominator"]
        assert one["value"] == (pytest.approx(whole, rel=1e-12) if one["denominator"] else None)
    assert kept("rollup", "rebuild").returncode == 0
    assert report(kept) == found


@pytest.mark.parametrize("facet", BESIDE["by"])
def test_so_are_those_of_the_parts(kept: Run, facet: str) -> None:
    groups = {group["by"][facet]: fractions(group) for group in report(kept, "--by", facet)["groups"]}
    for value, expected in BESIDE["by"][facet].items():
        assert as_written(expected).items() <= groups[value].items(), value


def test_every_definition_is_held_by_a_file_that_gives_it_something_to_divide() -> None:
    files = [json.loads(path.read_text())["figures"] for path in Path(FOLDER).glob("*.json")]
    files.append(as_written(BESIDE["expected"]))
    held = {name for figures in files for name, (_, below, *_at) in figures.items() if below}
    defined = {f"{figure.name}:{figure.variant}" for figure in (*FIGURES, ROLLING_WORST, ROLLING_LAST)}
    defined |= {f"{one.figure.name}:{one.figure.variant}" for one in FURTHER if one.part != "none"}
    assert defined <= held
