"""From the text of a file through the database to the report, against the naive writing that reads the same text."""

import csv
import io
import random
from datetime import datetime, timedelta, timezone
from fractions import Fraction

import pytest

from callcenter.instants import format_instant, parse_instant
from callcenter.report import service
from tests.call_history.given import ABANDONED, ANSWERED, LEFT_IN_MENU, history, take
from tests.report import naive

START = datetime(2026, 1, 5, tzinfo=timezone(timedelta(hours=8)))
OFFSETS = [timezone(timedelta(hours=hours)) for hours in (8, 0, -5)]


def written(rng: random.Random, at: Fraction) -> str:
    """Seconds after START as a time in some offset, with as many digits as it needs."""
    whole = int(at)
    digits = str((at - whole) * 10**9).zfill(9).rstrip("0")
    moment = (START + timedelta(seconds=whole)).astimezone(rng.choice(OFFSETS)).isoformat()
    return f"{moment[:19]}.{digits}{moment[19:]}" if digits else moment


def some_row(rng: random.Random, number: int) -> dict[str, str]:
    at = Fraction(rng.randrange(40) * 7200 + rng.choice((0, 0, 1)))
    row = dict(rng.choice((ANSWERED, ANSWERED, ABANDONED, LEFT_IN_MENU))) | {"call_id": f"r-{number}"}
    for name in [name for name in row if name.endswith("_at")]:
        if row[name]:
            row[name] = written(rng, at)
            at += rng.choice(
                (0, 5, 15, 15 + Fraction(1, 1000), 15 + Fraction(1, 10**9), Fraction(rng.randrange(10**6), 10**5))
            )
    if row["answered_at"]:
        row["hold_seconds"] = "0"
        row["outcome"] = rng.choice(("answered", "transferred_out"))
        row["grade"] = rng.choice(("", "1", "3", "4"))
    elif row["queued_at"]:
        row["outcome"] = rng.choice(("abandoned_queue", "abandoned_queue", "queue_timeout", "voicemail"))
    return row


def exact_seconds(text: str) -> Fraction | None:
    """Written apart from the product's own parser."""
    if not text:
        return None
    stem, offset = text[:-6], text[-6:]
    whole, _, digits = stem.partition(".")
    seconds = (datetime.fromisoformat(whole + offset) - START).total_seconds()
    return Fraction(int(seconds)) + (Fraction(int(digits), 10 ** len(digits)) if digits else 0)


@pytest.mark.parametrize("seed", range(6))
def test_the_report_is_what_the_file_says(database, database_settings, seed):
    rng = random.Random(seed)
    content = history(*(some_row(rng, number) for number in range(rng.choice((3, 60, 150)))))
    assert take(database, database_settings, content) == []
    start, end = sorted((written(rng, Fraction(rng.randrange(40) * 7200)) for _ in range(2)), key=exact_seconds)
    with database.read() as session:
        report = service.kpi(session, start, end)
    rows = [
        {name: exact_seconds(cell) if name.endswith("_at") else cell for name, cell in row.items()}
        | {"hold_seconds": Fraction(row["hold_seconds"] or 0), "survey_offered": row["survey_offered"] == "1"}
        | {"grade": int(row["grade"]) if row["grade"] else None}
        for row in csv.DictReader(io.StringIO(content.decode()))
    ]
    limits = exact_seconds(start), exact_seconds(end)
    expected = naive.report(rows, *limits, Fraction(15), Fraction(5))
    expected["satisfaction", "positive"] = naive.positive(rows, *limits, (1, 2, 3))
    assert len(report["figures"]) == len(expected)
    for figure in report["figures"]:
        numerator, denominator, value, *at = expected[figure["name"], figure["variant"]]
        assert figure["numerator"] == float(numerator)
        assert figure["denominator"] == denominator
        assert figure["value"] == (None if value is None else float(value))
        if at:
            shown = None if figure["at"] is None else exact_seconds(format_instant(parse_instant(figure["at"])))
            assert shown == at[0]
