"""The figures a third time, in SQL, over a table that holds a history file as it is: times as whole nanoseconds, no
index, no roll-up, no code of the product. Each figure is one question for its numerator and one for its denominator.
"""

import csv
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

NANOS = 10**9
DAY = 86_400 * NANOS
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINE = "started_at >= :start AND started_at < :end"

ANSWERED = "answered_at IS NOT NULL"
LOST = "outcome = 'abandoned_queue'"
WAIT = "answered_at - queued_at"
GONE_AFTER = "ended_at - queued_at"
QUICK = f"{ANSWERED} AND {WAIT} <= :threshold"
ENTERED = "queued_at IS NOT NULL"
SHORT = f"{LOST} AND {GONE_AFTER} <= :short"

COUNTED = {
    ("connection_rate", "queue"): (ANSWERED, ENTERED),
    ("connection_rate", "inbound"): (ANSWERED, "1"),
    ("connection_rate", "queue_net_short"): (ANSWERED, f"{ENTERED} AND NOT ({SHORT})"),
    ("within_threshold", "answered_from_queue"): (QUICK, ANSWERED),
    ("within_threshold", "offered_from_queue"): (QUICK, ENTERED),
    ("within_threshold", "answered_from_ring"): (
        f"{ANSWERED} AND answered_at <= first_ring_at + :threshold",
        f"{ANSWERED} AND first_ring_at IS NOT NULL",
    ),
    ("service_level", "SL1"): (f"({QUICK}) OR ({LOST} AND {GONE_AFTER} <= :threshold)", f"{ANSWERED} OR {LOST}"),
    ("service_level", "SL2"): (QUICK, ANSWERED),
    ("service_level", "SL3"): (QUICK, f"{ANSWERED} OR {LOST}"),
    ("service_level", "SL4"): (QUICK, f"{ANSWERED} OR ({LOST} AND {GONE_AFTER} > :threshold)"),
    ("service_level", "SL5"): (f"({QUICK}) OR ({SHORT})", f"{ANSWERED} OR {LOST}"),
    ("abandonment_rate", "queue"): (LOST, f"{ANSWERED} OR {LOST}"),
    ("abandonment_rate", "queue_without_short"): (
        f"{LOST} AND {GONE_AFTER} > :short",
        f"{ANSWERED} OR ({LOST} AND {GONE_AFTER} > :short)",
    ),
    ("abandonment_rate", "ivr"): ("outcome = 'abandoned_ivr'", "1"),
    ("abandonment_rate", "before_ring"): (f"{LOST} AND first_ring_at IS NULL", f"{ANSWERED} OR {LOST}"),
    ("abandonment_rate", "after_ring"): (f"{LOST} AND first_ring_at > 0", f"{ANSWERED} OR {LOST}"),
    ("abandonment_rate", "short"): (SHORT, f"{ANSWERED} OR {LOST}"),
    ("abandonment_rate", "long"): (f"{LOST} AND NOT {GONE_AFTER} <= :threshold", f"{ANSWERED} OR {LOST}"),
    ("loss_rate", "queue_timeout"): ("outcome = 'queue_timeout'", "1"),
    ("loss_rate", "blocked"): ("outcome LIKE 'block%'", "1"),
    ("loss_rate", "system_failure"): ("outcome LIKE 'system%'", "1"),
    ("satisfaction", "grades_1_3"): (f"{ANSWERED} AND grade <= 3", f"{ANSWERED} AND grade IS NOT NULL"),
    ("satisfaction", "grades_1_2"): (f"{ANSWERED} AND grade < 3", f"{ANSWERED} AND grade IS NOT NULL"),
    ("participation", "of_answered"): (f"{ANSWERED} AND grade IS NOT NULL", ANSWERED),
    ("participation", "of_offered"): (f"{ANSWERED} AND grade IS NOT NULL", f"{ANSWERED} AND survey_offered = 1"),
    ("survey_coverage", "of_answered"): (f"{ANSWERED} AND survey_offered = 1", ANSWERED),
}
TALK = "ended_at - answered_at - coalesce(hold_seconds, 0) * 1000000000"
ADDED = {
    ("asa_s", "all"): WAIT,
    ("talk_s", "all"): TALK,
    ("hold_s", "all"): "coalesce(hold_seconds, 0) * 1000000000",
    ("wrap_up_s", "all"): "coalesce(wrap_up_ended_at - ended_at, 0)",
    ("aht_s", "all"): "coalesce(wrap_up_ended_at, ended_at) - answered_at",
}
"""Means over the answered: handling is all that lies between the answer and the end of the wrap-up."""

WINDOWS = """
WITH t(at) AS (SELECT started_at FROM history WHERE started_at < :end
 UNION SELECT started_at + :day FROM history WHERE started_at < :end),
w AS (SELECT at, (SELECT count(answered_at) FROM history WHERE started_at > at - :day AND started_at <= at) AS answered,
 (SELECT count(queued_at) FROM history WHERE started_at > at - :day AND started_at <= at) AS entered FROM t
 WHERE at >= :start AND at - :day >= (SELECT min(started_at) FROM history)
 AND at <= (SELECT max(started_at) FROM history WHERE started_at < :end))
"""
WORST = WINDOWS + "SELECT answered, entered, at FROM w WHERE entered ORDER BY 1.0 * answered / entered, at"  # noqa: S608
LAST = WINDOWS + "SELECT answered, entered, at FROM w ORDER BY at DESC LIMIT 1"  # noqa: S608

Figures = dict[tuple[str, str], tuple[float, int]]


def nanoseconds(text: str) -> int:
    """ISO 8601 with offset, at most nine digits of a second."""
    found = re.fullmatch(r"([^.]+?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", text)
    assert found is not None, text
    whole, digits, offset = found.groups()
    at = datetime.fromisoformat(whole + offset)
    return (at - EPOCH) // timedelta(seconds=1) * NANOS + int((digits or "").ljust(9, "0"))


class History:
    def __init__(self, file: Path) -> None:
        with file.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        self._database = sqlite3.connect(":memory:")
        self._database.execute(f"CREATE TABLE history ({', '.join(rows[0])})")
        for row in rows:
            values = [self._value(name, text) for name, text in row.items()]
            self._database.execute(f"INSERT INTO history VALUES ({','.join('?' * len(values))})", values)  # noqa: S608

    @staticmethod
    def _value(name: str, text: str) -> str | int | None:
        if not text:
            return None
        if name.endswith("_at"):
            return nanoseconds(text)
        return int(text) if name in ("hold_seconds", "survey_offered", "grade") else text

    def figures(self, start: str, end: str, threshold: int, short: int, only: str = "1") -> Figures:
        """(numerator, denominator); times in seconds. `only`: a condition on the calls."""
        limits = {"start": nanoseconds(start), "end": nanoseconds(end), "day": DAY}
        limits |= {"threshold": threshold * NANOS, "short": short * NANOS}

        def ask(question: str) -> tuple[int, ...]:
            return tuple(self._database.execute(question, limits).fetchone() or ())

        mine = f"FROM history WHERE {MINE} AND {only}"
        found: Figures = {}
        for name, (above, below) in COUNTED.items():
            found[name] = (
                ask(f"SELECT count(*) {mine} AND ({above})")[0],
                ask(f"SELECT count(*) {mine} AND ({below})")[0],
            )
        for name, length in ADDED.items():
            total, count = ask(f"SELECT coalesce(sum({length}), 0), count(*) {mine} AND {ANSWERED}")
            found[name] = (total / NANOS, count)
        waits = ask(f"SELECT max(CASE WHEN {ANSWERED} THEN {WAIT} WHEN {LOST} THEN {GONE_AFTER} END) {mine}")
        found["longest_wait_s", "all"] = (0, 0) if waits[0] is None else (waits[0] / NANOS, 1)
        return found

    def windows(self, start: str, end: str) -> dict[str, tuple[int, int, int | None]]:
        """Worst and last 24 hours: answered, entered a queue, end of the window in nanoseconds."""
        limits = {"start": nanoseconds(start), "end": nanoseconds(end), "day": DAY}
        found = {}
        for variant, question in (("worst", WORST), ("last", LAST)):
            row = self._database.execute(question, limits).fetchone()
            found[variant] = (row[0], row[1], row[2]) if row else (0, 0, None)
        return found
