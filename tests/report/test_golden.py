"""Histories kept as files, with the figures that they must give: imported, reported, rolled up, reported again; and the
same asked of the file itself in SQL that shares nothing with the product.

`service-levels` is the published vector of the five service levels (a tenth of it), `one-day` has a call for each rule
that can decide something, named after it, and `rolling` makes the windows of 24 hours rise and fall. `faults` holds
what a site's export may have wrong; not one of its rows is taken over.
"""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.report.golden_files import FOLDER, Run, fractions, on_both  # noqa: F401
from tests.report.otherwise import History, nanoseconds
from tests.report.test_commands import callcenter  # noqa: F401  the command line on an empty home

DAY = ("2026-01-05T00:00:00+08:00", "2026-01-06T00:00:00+08:00")
ASKED = {
    "service-levels": (*DAY, 20, 5),
    "one-day": (*DAY, 15, 5),
    "rolling": ("2026-01-05T12:00:00+08:00", "2026-01-08T00:00:00+08:00", 15, 5),
}
FACETS = ("line", "language", "topic", "source", "place", "seat", "law_firm")


def report(run: Run, name: str, *more: str) -> dict[str, Any]:
    start, end, threshold, short = ASKED[name]
    words = ("--from", start, "--to", end, "--threshold", str(threshold), "--short", str(short), *more, "--json")
    done = run("report", "kpi", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", ASKED)
def test_a_history_gives_the_figures_that_are_written_beside_it(on_both: Run, name: str) -> None:  # noqa: F811
    assert on_both("calls", "import", str(FOLDER / f"{name}.csv")).returncode == 0
    found = report(on_both, name)
    expected = json.loads((FOLDER / f"{name}.json").read_text())
    assert {"counts": found["counts"], "figures": fractions(found)} == expected
    for one in found["figures"]:
        whole = one["denominator"] and one["numerator"] / one["denominator"]
        assert one["value"] == (pytest.approx(whole, rel=1e-12) if one["denominator"] else None)
    assert on_both("rollup", "rebuild").returncode == 0
    assert report(on_both, name) == found


@pytest.mark.parametrize("name", ASKED)
def test_sql_over_the_file_itself_says_the_same(name: str) -> None:
    start, end, *limits = ASKED[name]
    history, expected = History(FOLDER / f"{name}.csv"), json.loads((FOLDER / f"{name}.json").read_text())["figures"]
    for (figure, variant), (above, below) in history.figures(start, end, *limits).items():
        assert [pytest.approx(above, abs=1e-9), below] == expected[f"{figure}:{variant}"], (figure, variant)
    for variant, (above, below, at) in history.windows(start, end).items():
        *counted, shown = expected[f"connection_rate:rolling24h_{variant}"]
        assert ([above, below], at) == (counted, shown and nanoseconds(shown))


@pytest.mark.parametrize("facet", FACETS)
def test_each_split_of_the_day_is_what_sql_counts_of_its_part(callcenter: Run, facet: str) -> None:  # noqa: F811
    assert callcenter("calls", "import", str(FOLDER / "one-day.csv")).returncode == 0
    history = History(FOLDER / "one-day.csv")
    groups = report(callcenter, "one-day", "--by", facet)["groups"]
    assert sum(group["counts"]["in"] for group in groups) == 37
    for group in groups:
        value = group["by"][facet]
        only = f"{facet} IS NULL" if value is None else f"{facet} = '{value}'"
        shown = fractions(group)
        for (figure, variant), (above, below) in history.figures(*ASKED["one-day"], only).items():
            assert shown[f"{figure}:{variant}"] == [pytest.approx(above, abs=1e-9), below], (value, figure, variant)


@pytest.mark.parametrize("span", ["quarter", "hour", "shift", "day", "week", "month", "seat,shift"])
def test_the_parts_of_every_span_add_up_to_the_whole(callcenter: Run, span: str) -> None:  # noqa: F811
    assert callcenter("calls", "import", str(FOLDER / "one-day.csv")).returncode == 0
    found = report(callcenter, "one-day", "--by", span)
    for name, whole in found["counts"].items():
        assert sum(group["counts"][name] for group in found["groups"]) == whole, name
    for name, (above, below, *_) in fractions(found).items():
        if "rolling" in name or "longest" in name:
            continue
        parts = [fractions(group)[name] for group in found["groups"]]
        assert sum(Decimal(str(part[0])) for part in parts) == pytest.approx(Decimal(str(above)))
        assert sum(part[1] for part in parts) == below


def test_a_file_full_of_faults_is_refused_whole_and_each_named(callcenter: Run) -> None:  # noqa: F811
    done = callcenter("calls", "import", str(FOLDER / "faults.csv"))
    assert (done.returncode, done.stdout) == (1, "")
    assert [line for line in done.stderr.splitlines() if line.startswith("line ")] == (
        (FOLDER / "faults.txt").read_text().splitlines()
    )
    assert report(callcenter, "one-day")["counts"]["in"] == 0


def test_the_published_service_levels() -> None:
    figures = json.loads((FOLDER / "service-levels.json").read_text())["figures"]
    values = {name: round(100 * above / below, 2) for name, (above, below, *_) in figures.items() if below}
    assert [values[f"service_level:SL{n}"] for n in range(1, 6)] == [83.02, 86.0, 81.13, 82.69, 82.08]
    assert (values["connection_rate:queue"], values["connection_rate:queue_net_short"]) == (94.34, 95.24)
