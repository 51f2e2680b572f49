"""The figures a second time, written differently: from the text of the rows, with fractions, window by window."""

from fractions import Fraction

DAY = 86_400

Row = dict[str, object]
"""Names of the call-history file; times as Fractions of seconds, None when empty."""


def share(numerator, denominator):
    return (numerator, denominator, Fraction(numerator) / denominator if denominator else None)


def mean(values):
    return share(sum(values, Fraction(0)), len(values))


def report(rows: list[Row], start, end, threshold, short) -> dict[tuple[str, str], tuple]:
    """(numerator, denominator, value) by (name, variant); rolling ones with the window's end behind."""
    rows = [row for row in rows if row["started_at"] < end]
    mine = [row for row in rows if start <= row["started_at"]]
    queued = [row for row in mine if row["queued_at"] is not None]
    answered = [row for row in mine if row["answered_at"] is not None]
    gave_up = [row for row in mine if row["outcome"] == "abandoned_queue"]
    waits = [row["answered_at"] - row["queued_at"] for row in answered]
    lost = [row["ended_at"] - row["queued_at"] for row in gave_up]
    rings = [row["answered_at"] - row["first_ring_at"] for row in answered if row["first_ring_at"] is not None]
    talks = [row["ended_at"] - row["answered_at"] - row["hold_seconds"] for row in answered]
    wraps = [(row["wrap_up_ended_at"] or row["ended_at"]) - row["ended_at"] for row in answered]
    grades = [row["grade"] for row in answered if row["grade"] is not None]
    offered = [row for row in answered if row["survey_offered"]]
    quick = len([wait for wait in waits if wait <= threshold])
    quick_lost = len([wait for wait in lost if wait <= threshold])
    slow_lost = len([wait for wait in lost if wait > threshold])
    shorts = len([wait for wait in lost if wait <= short])
    longest = max(waits + lost, default=None)
    return {
        ("connection_rate", "queue"): share(len(answered), len(queued)),
        ("connection_rate", "inbound"): share(len(answered), len(mine)),
        ("connection_rate", "queue_net_short"): share(len(answered), len(queued) - shorts),
        ("within_threshold", "answered_from_queue"): share(quick, len(answered)),
        ("within_threshold", "offered_from_queue"): share(quick, len(queued)),
        ("within_threshold", "answered_from_ring"): share(len([r for r in rings if r <= threshold]), len(rings)),
        ("service_level", "SL1"): share(quick + quick_lost, len(answered) + len(gave_up)),
        ("service_level", "SL2"): share(quick, len(answered)),
        ("service_level", "SL3"): share(quick, len(answered) + len(gave_up)),
        ("service_level", "SL4"): share(quick, len(answered) + slow_lost),
        ("service_level", "SL5"): share(quick + shorts, len(answered) + len(gave_up)),
        ("abandonment_rate", "queue"): share(len(gave_up), len(answered) + len(gave_up)),
        ("abandonment_rate", "queue_without_short"): share(
            len(gave_up) - shorts, len(answered) + len(gave_up) - shorts
        ),
        ("abandonment_rate", "ivr"): share(len([r for r in mine if r["outcome"] == "abandoned_ivr"]), len(mine)),
        ("abandonment_rate", "before_ring"): share(
            len([row for row in gave_up if row["first_ring_at"] is None]), len(answered) + len(gave_up)
        ),
        ("abandonment_rate", "after_ring"): share(
            len([row for row in gave_up if row["first_ring_at"] is not None]), len(answered) + len(gave_up)
        ),
        ("abandonment_rate", "short"): share(shorts, len(answered) + len(gave_up)),
        ("abandonment_rate", "long"): share(slow_lost, len(answered) + len(gave_up)),
        **{
            ("loss_rate", why): share(len([row for row in mine if row["outcome"] == why]), len(mine))
            for why in ("queue_timeout", "blocked", "system_failure")
        },
        ("asa_s", "all"): mean(waits),
        ("talk_s", "all"): mean(talks),
        ("aht_s", "all"): share(sum(talks) + sum(row["hold_seconds"] for row in answered) + sum(wraps), len(answered)),
        ("hold_s", "all"): mean([row["hold_seconds"] for row in answered]),
        ("wrap_up_s", "all"): mean(wraps),
        ("longest_wait_s", "all"): (0, 0, None) if longest is None else (longest, 1, longest),
        ("satisfaction", "grades_1_3"): share(len([g for g in grades if g in (1, 2, 3)]), len(grades)),
        ("satisfaction", "grades_1_2"): share(len([g for g in grades if g in (1, 2)]), len(grades)),
        ("participation", "of_answered"): share(len(grades), len(answered)),
        ("participation", "of_offered"): share(len(grades), len(offered)),
        ("survey_coverage", "of_answered"): share(len(offered), len(answered)),
        **rolling(rows, start),
    }


def rolling(rows: list[Row], start) -> dict[tuple[str, str], tuple]:
    """Every window counted anew."""
    begun = [row["started_at"] for row in rows]
    windows = []
    for t in sorted({*begun, *(moment + DAY for moment in begun)}):
        if not begun or t < start or t > max(begun) or t - DAY < min(begun):
            continue
        window = [row for row in rows if t - DAY < row["started_at"] <= t and row["queued_at"] is not None]
        windows.append((*share(len([row for row in window if row["answered_at"] is not None]), len(window)), t))
    rated = [window for window in windows if window[1]]
    return {
        ("connection_rate", "rolling24h_worst"): min(rated, key=lambda w: (w[2], w[3]), default=(0, 0, None, None)),
        ("connection_rate", "rolling24h_last"): windows[-1] if windows else (0, 0, None, None),
    }


def positive(rows: list[Row], start, end, grades) -> tuple:
    """Satisfaction with a set of grades of one's own."""
    rated = [row["grade"] for row in rows if start <= row["started_at"] < end and row["answered_at"] is not None]
    rated = [grade for grade in rated if grade is not None]
    return share(len([grade for grade in rated if grade in grades]), len(rated))


def occupancy(story: list[tuple], start, end) -> dict[str, tuple]:
    """`story`: (second, seat, state) ascending, of seats that were signed out before. Second by second."""
    seats = sorted({seat for _, seat, _ in story})
    state = dict.fromkeys(seats, "signed_out")
    spent: dict[str, int] = {}
    events = list(story)
    for second in range(int(min([start, *(at for at, *_ in story)])), int(end)):
        while events and events[0][0] <= second:
            _, seat, new = events.pop(0)
            state[seat] = new
        if second >= start:
            for seat in seats:
                spent[state[seat]] = spent.get(state[seat], 0) + 1
    busy = sum(spent.get(name, 0) for name in ("talking", "holding", "wrap_up"))
    free = sum(spent.get(name, 0) for name in ("ready", "ringing"))
    away = sum(spent.get(name, 0) for name in ("paused", "unreachable"))
    return {"of_working": share(busy, busy + free), "of_signed_in": share(busy, busy + free + away)}


def repeats(rows: list[dict], start, end, days) -> dict[str, tuple]:
    """Every call against every other. `number` and `topic` may be None."""
    reach = days * DAY
    found = {}
    for suffix, alike in (("", lambda one, two: True), ("_same_topic", lambda one, two: one["topic"] == two["topic"])):
        asked = [
            row
            for row in rows
            if start <= row["at"] < end and row["answered"] and row["number"] and (not suffix or row["topic"])
        ]
        settled = again = 0
        for row in asked:
            others = [o for o in rows if o is not row and o["number"] == row["number"] and alike(o, row)]
            settled += not [o for o in others if 0 < row["at"] - o["at"] <= reach and o["answered"]]
            again += row["at"] + reach < end and not [o for o in others if 0 < o["at"] - row["at"] <= reach]
        found[f"no_repeat{suffix}"] = share(settled, len(asked))
        found[f"not_again{suffix}"] = share(again, len([row for row in asked if row["at"] + reach < end]))
    return found


def shift(second, starts: list[int]) -> int:
    """Which shift a second of China's day lies in, counted minute by minute; `starts` in minutes."""
    minute, now = int(second // 60), None
    for at in range(2 * 24 * 60):
        if at % (24 * 60) in starts:
            now = starts.index(at % (24 * 60))
        if at == minute + 24 * 60:
            return now
    raise AssertionError
