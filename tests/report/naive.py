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
