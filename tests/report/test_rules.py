"""Rules 1-21 of the definitions behind the report, one by one, and the published vector of service levels."""

import pytest

from callcenter.instants import SECOND
from callcenter.report.definitions import CallFacts
from tests.report.given import abandoned, answered, at, counts, figures, ratio, unanswered

DAY = 86_400
REST = ("queue_timeout", "voicemail", "callback_requested", "system_failure", "blocked", "transferred_out")


class TestInterval:
    def test_rule_1_the_start_alone_decides_and_the_end_is_outside(self):
        calls = [answered(start) for start in (-0.000001, 0, 99.999999, 100)]
        assert counts(*calls, start=0, end=100)["in"] == 2
        assert counts(answered(99, wait=500, talk=5000), start=0, end=100)["answered"] == 1

    def test_rule_2_limits_include_themselves(self):
        assert ratio(figures(answered(wait=15), answered(wait=15.001))["within_threshold:answered_from_queue"]) == (
            1,
            2,
        )
        assert ratio(figures(abandoned(wait=5), abandoned(wait=5.000001))["abandonment_rate:queue_without_short"]) == (
            1,
            1,
        )

    def test_rule_3_a_call_at_or_after_the_end_influences_nothing(self):
        inside = [answered(start, wait=start / 1000) for start in range(0, 3 * DAY, 7001)]
        after = [abandoned(3 * DAY), abandoned(3 * DAY + 5), answered(4 * DAY)]
        assert figures(*inside, start=DAY, end=3 * DAY) == figures(*inside, *after, start=DAY, end=3 * DAY)


class TestValues:
    def test_rule_4_value_is_the_quotient_not_rounded(self):
        rate = figures(answered(), answered(), abandoned())["connection_rate:queue"]
        assert (ratio(rate), rate.value) == ((2, 3), 2 / 3)

    def test_rule_4_without_calls_every_value_is_null(self):
        found = figures()
        assert len(found) == 34
        assert {(*ratio(result), result.value) for result in found.values()} == {(0, 0, None)}

    def test_rule_4_means_have_the_sum_in_seconds(self):
        asa = figures(answered(wait=1.5), answered(wait=2))["asa_s"]
        assert (ratio(asa), asa.value) == ((3.5, 2), 1.75)


class TestKinds:
    def test_rule_5_and_6_and_7_what_is_in_sent_to_a_seat_answered(self):
        calls = [
            answered(),
            answered(outcome="transferred_out"),
            abandoned(),
            unanswered("abandoned_ivr", queued=False),
        ]
        calls += [unanswered(outcome) for outcome in REST]
        calls += [unanswered("blocked", queued=False), unanswered("system_failure", queued=False)]
        found = counts(*calls)
        assert (found["in"], found["to_seat"], found["answered"]) == (12, 9, 2)
        assert sum(found[outcome] for outcome in (*REST, "abandoned_queue", "abandoned_ivr")) == 11

    def test_a_call_still_going_on_counts_as_far_as_it_happened(self):
        in_menu = CallFacts(at(0))
        waiting = CallFacts(at(1), at(2))
        talking = CallFacts(at(1), at(2), at(3), at(4))
        found = counts(in_menu, waiting, talking, answered(10))
        assert (found["in"], found["to_seat"], found["answered"], found["live"]) == (4, 3, 2, 3)
        means = figures(in_menu, waiting, talking, answered(10, wait=10, talk=60))
        assert (ratio(means["asa_s"]), ratio(means["talk_s"])) == ((12, 2), (60, 1))

    def test_rule_8_only_the_outcome_makes_an_abandon(self):
        found = figures(abandoned(), unanswered("queue_timeout"), unanswered("voicemail"))
        assert ratio(found["abandonment_rate:queue"]) == (1, 1)

    def test_rule_9_grades_and_surveys_of_answered_calls_only(self):
        stray = unanswered("voicemail")._replace(grade=5, survey_offered=True)
        found = figures(answered(grade=1, survey_offered=True), stray)
        assert ratio(found["participation:of_offered"]) == (1, 1)
        assert ratio(found["survey_coverage:of_answered"]) == (1, 1)


class TestFigures:
    def test_rule_10_the_menu_is_outside_and_ringing_inside_of_the_wait(self):
        call = CallFacts(at(0), at(40), at(45), at(50), at(100), outcome="answered")
        assert ratio(figures(call)["asa_s"]) == (10, 1)

    def test_rule_11_from_queue_and_from_ring(self):
        late = CallFacts(at(0), at(0), at(20), at(30), at(60), outcome="answered")
        no_ring = answered(5, wait=3, first_ring=None)
        found = figures(late, no_ring, unanswered("queue_timeout", 7))
        assert ratio(found["within_threshold:answered_from_queue"]) == (1, 2)
        assert ratio(found["within_threshold:offered_from_queue"]) == (1, 3)
        assert ratio(found["within_threshold:answered_from_ring"]) == (1, 1)

    def test_rule_12_a_call_neither_answered_nor_abandoned_is_in_no_service_level(self):
        few = [answered(wait=5), abandoned(wait=5), abandoned(wait=50)]
        plain, more = figures(*few), figures(*few, *(unanswered(outcome) for outcome in REST))
        for variant, expected in {"SL1": (2, 3), "SL2": (1, 1), "SL3": (1, 3), "SL4": (1, 2), "SL5": (2, 3)}.items():
            assert ratio(plain[f"service_level:{variant}"]) == ratio(more[f"service_level:{variant}"]) == expected

    def test_rule_13_only_short_abandons_are_taken_away(self):
        calls = [answered(), abandoned(wait=5), abandoned(wait=6), unanswered("queue_timeout")]
        assert ratio(figures(*calls)["connection_rate:queue_net_short"]) == (1, 3)

    def test_rule_14_abandonment(self):
        calls = [answered(), abandoned(wait=5), abandoned(wait=6), unanswered("abandoned_ivr", queued=False)]
        found = figures(*calls)
        assert ratio(found["abandonment_rate:queue"]) == (2, 3)
        assert ratio(found["abandonment_rate:queue_without_short"]) == (1, 2)
        assert ratio(found["abandonment_rate:ivr"]) == (1, 4)

    def test_rule_15_talk_and_handling(self):
        one = answered(talk=100, hold=30 * SECOND)
        one = one._replace(wrap_up_ended=one.ended + 20 * SECOND)
        found = figures(one, answered(5, talk=50))
        assert ratio(found["talk_s"]) == (120, 2)
        assert ratio(found["aht_s"]) == (170, 2)

    def test_rule_16_longest_wait_of_answered_and_abandoned(self):
        calls = [answered(wait=7), abandoned(wait=9.5), unanswered("queue_timeout")]
        assert ratio(figures(*calls)["longest_wait_s"]) == (9.5, 1)

    def test_rule_17_satisfaction_and_participation(self):
        calls = [answered(n, grade=grade, survey_offered=True) for n, grade in enumerate((1, 2, 3, 4, 5, None))]
        found = figures(*calls, answered(9))
        assert ratio(found["satisfaction:grades_1_3"]) == (3, 5)
        assert ratio(found["satisfaction:grades_1_2"]) == (2, 5)
        assert ratio(found["participation:of_answered"]) == (5, 7)
        assert ratio(found["participation:of_offered"]) == (5, 6)
        assert ratio(found["survey_coverage:of_answered"]) == (6, 7)

    def test_the_published_vector(self):
        calls = [answered(n, wait=20) for n in range(860)] + [answered(n, wait=20.5) for n in range(140)]
        calls += [abandoned(n, wait=5) for n in range(10)] + [abandoned(n, wait=20) for n in range(10)]
        calls += [abandoned(n, wait=21) for n in range(40)]
        found = figures(*calls, threshold=20)
        expected = {"SL1": 0.8302, "SL2": 0.8600, "SL3": 0.8113, "SL4": 0.8269, "SL5": 0.8208}
        assert {name: round(found[f"service_level:{name}"].value, 4) for name in expected} == expected
        assert round(found["connection_rate:queue"].value, 4) == 0.9434
        assert round(found["connection_rate:queue_net_short"].value, 4) == 0.9524


class TestRolling:
    """Rules 18-21. Seconds; the data begin at 0 unless a test says otherwise."""

    @staticmethod
    def windows(*calls: CallFacts, start: float = 0, end: float = 10 * DAY, first: float | None = None):
        found = figures(*calls, start=start, end=end, first=first)
        shown = []
        for variant in ("worst", "last"):
            result = found[f"connection_rate:rolling24h_{variant}"]
            moment = None if result.at is None else (result.at - at(0)) / SECOND
            shown.append((*ratio(result), moment))
        return tuple(shown)

    def test_rule_18_open_at_the_beginning_closed_at_the_end(self):
        assert self.windows(abandoned(0), answered(DAY)) == ((1, 1, DAY), (1, 1, DAY))
        assert self.windows(answered(0), abandoned(0.000001), answered(DAY))[0] == (1, 2, DAY)

    def test_rule_19_a_rate_changes_when_a_call_leaves_the_window(self):
        calls = [answered(0), answered(100), abandoned(200), answered(DAY + 150)]
        # (100, DAY + 100]: 0 of 1, reached only by the expiry of the call at 100
        assert self.windows(*calls)[0] == (0, 1, DAY + 100)

    def test_rule_19_calls_that_entered_no_queue_move_the_window(self):
        calls = [answered(0), abandoned(50), answered(60), unanswered("abandoned_ivr", DAY + 55, queued=False)]
        assert self.windows(*calls)[1] == (1, 1, DAY + 55)

    def test_rule_19_ends_at_the_last_start_before_the_end(self):
        calls = [answered(0), abandoned(10), answered(DAY + 5)]
        assert self.windows(*calls) == ((0, 1, DAY), (1, 2, DAY + 5))
        assert self.windows(*calls, end=DAY + 5) == ((0, 0, None), (0, 0, None))

    def test_rule_19_from_the_beginning_of_the_interval_on(self):
        calls = [answered(0), *(abandoned(n) for n in range(10, 15)), answered(DAY + 20), answered(2 * DAY)]
        assert self.windows(*calls, start=DAY + 21)[0] == (2, 2, 2 * DAY)
        # (14, DAY + 14] has lost all five: what is left is nothing
        assert self.windows(*calls, start=DAY + 13)[0] == (0, 1, DAY + 13)

    def test_rule_20_reaches_back_before_the_interval_but_not_before_the_data(self):
        calls = [answered(0), abandoned(10), answered(DAY - 1), answered(DAY)]
        assert self.windows(*calls, start=DAY - 5) == ((2, 3, DAY), (2, 3, DAY))
        assert self.windows(*calls, start=DAY - 5, first=-1) == ((2, 3, DAY - 1), (2, 3, DAY))
        assert self.windows(*calls[1:], start=DAY - 5)[0] == (0, 0, None)

    def test_rule_21_of_equal_rates_the_earliest(self):
        calls = [
            answered(0),
            abandoned(DAY),
            answered(DAY + 1),
            abandoned(3 * DAY),
            answered(3 * DAY + 1),
            answered(4 * DAY),
        ]
        assert self.windows(*calls)[0] == (0, 1, DAY)

    def test_rule_21_the_worst_skips_windows_without_a_queued_call_the_last_does_not(self):
        nobody = unanswered("blocked", 3 * DAY, queued=False)
        assert self.windows(abandoned(0), answered(DAY), nobody) == ((1, 1, DAY), (0, 0, 3 * DAY))

    def test_rule_21_without_any_window(self):
        assert self.windows(answered(0), answered(DAY - 0.000001)) == ((0, 0, None), (0, 0, None))
        assert self.windows() == ((0, 0, None), (0, 0, None))


@pytest.mark.parametrize("outcome", REST)
def test_a_window_counts_calls_with_their_final_outcome(outcome):
    found = figures(answered(0), unanswered(outcome, 10), answered(DAY), end=2 * DAY)
    assert ratio(found["connection_rate:rolling24h_worst"]) == (1, 2)
