"""Rules 23-27 of the call-history file: what a row must be, one by one."""

import pytest

from tests.call_history.given import ABANDONED, ANSWERED, LEFT_IN_MENU, history, needs_one_database, row_faults


@needs_one_database
class TestRule23:
    @pytest.mark.parametrize("column", ["call_id", "source", "started_at", "ended_at", "ended_by", "outcome"])
    def test_never_empty(self, faults_of, column):
        assert row_faults(faults_of, **{column: ""}) == [column]

    def test_survey_offered_is_never_empty(self, faults_of):
        assert row_faults(faults_of, survey_offered="", grade="") == ["survey_offered"]

    def test_any_other_cell_may_be_empty(self, faults_of):
        kept = {"call_id", "source", "started_at", "ended_at", "ended_by", "survey_offered", "outcome"}
        bare = {name: cell if name in kept else "" for name, cell in LEFT_IN_MENU.items()}
        assert faults_of(history(bare)) == []

    @pytest.mark.parametrize(
        ("column", "cell"),
        [
            ("source", "12346"),
            ("source", "Direct"),
            ("source", "test"),
            ("ended_by", "agent"),
            ("outcome", "lost"),
            ("survey_offered", "yes"),
            ("survey_offered", "2"),
            ("grade", "0"),
            ("grade", "6"),
            ("grade", "1.0"),
            ("grade", "１"),
            ("source", " direct"),
        ],
    )
    def test_a_word_that_is_not_in_the_list(self, faults_of, column, cell):
        assert row_faults(faults_of, **{column: cell}) == [column]


@needs_one_database
class TestRule24:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-01-05T10:00:00",
            "2026-01-05",
            "yesterday",
            "2026-02-30T10:00:00+08:00",
            "2026-01-05T24:00:01+08:00",
            "2026-01-05T10:61:00+08:00",
            "2026-01-05T10:00:00 CST",
            "2026-01-05T10:00:00 Asia/Shanghai",
            "2026-01-05T10:00:00+25:00",
            "2026-01-05T10:00:00+08:99",
            "1767578400",
            "0001-01-01T00:00:00+08:00",
            "2026-01-05T10:00:00.+08:00",
        ],
    )
    def test_what_names_no_instant_is_refused(self, faults_of, text):
        assert row_faults(faults_of, started_at=text) == ["started_at"]

    @pytest.mark.parametrize(
        ("column", "text"),
        [
            ("queued_at", "2026-01-05T09:59:59.999999+08:00"),
            ("first_ring_at", "2026-01-05T10:00:09+08:00"),
            ("ended_at", "2026-01-05T10:00:19+08:00"),
            ("wrap_up_ended_at", "2026-01-05T10:05:19.999+08:00"),
        ],
    )
    def test_the_later_of_two_times_in_the_wrong_order_is_named(self, faults_of, column, text):
        assert row_faults(faults_of, **{column: text}) == [column]

    def test_an_empty_time_between_two_does_not_hide_their_order(self, faults_of):
        found = row_faults(faults_of, first_ring_at="", answered_at="2026-01-05T10:00:09+08:00")
        assert found == ["answered_at"]

    def test_equal_times_in_different_offsets_are_in_order(self, faults_of):
        same = {name: "2026-01-05T10:00:00+08:00" for name in ANSWERED if name.endswith("_at")}
        same |= {"queued_at": "2026-01-05T02:00:00Z", "ended_at": "2026-01-04T21:00:00-05:00"}
        assert row_faults(faults_of, **same, hold_seconds="0") == []

    def test_digits_behind_the_microsecond_count(self, faults_of):
        times = {"queued_at": "2026-01-05T10:00:10.1234562+08:00", "first_ring_at": "2026-01-05T10:00:10.1234561+08:00"}
        assert row_faults(faults_of, **times) == ["first_ring_at"]
        assert row_faults(faults_of, queued_at=times["first_ring_at"], first_ring_at=times["queued_at"]) == []


@needs_one_database
class TestRule25:
    def test_answered_at_needs_queued_at(self, faults_of):
        assert row_faults(faults_of, queued_at="", first_ring_at="") == ["answered_at"]

    def test_answered_needs_answered_at(self, faults_of):
        assert faults_of(history(ABANDONED | {"outcome": "answered"})) == [(2, "outcome")]

    @pytest.mark.parametrize(
        "outcome", ["abandoned_queue", "queue_timeout", "voicemail", "callback_requested", "blocked", "system_failure"]
    )
    def test_only_answered_and_transferred_out_may_have_answered_at(self, faults_of, outcome):
        assert row_faults(faults_of, outcome=outcome) == ["answered_at"]

    def test_a_transfer_may_have_answered_at_or_not(self, faults_of):
        assert row_faults(faults_of, outcome="transferred_out") == []
        assert faults_of(history(ABANDONED | {"call_id": "c-2", "outcome": "transferred_out"})) == []

    def test_abandoned_queue_needs_queued_at(self, faults_of):
        assert faults_of(history(LEFT_IN_MENU | {"outcome": "abandoned_queue"})) == [(2, "outcome")]

    def test_abandoned_ivr_has_no_queued_at(self, faults_of):
        assert faults_of(history(ABANDONED | {"outcome": "abandoned_ivr"})) == [(2, "queued_at")]


@needs_one_database
class TestRule26:
    def test_a_grade_needs_answered_at(self, faults_of):
        assert faults_of(history(ABANDONED | {"grade": "2", "survey_offered": "1"})) == [(2, "grade")]

    def test_a_grade_needs_an_offered_survey(self, faults_of):
        assert row_faults(faults_of, survey_offered="0") == ["grade"]


@needs_one_database
class TestRule27:
    @pytest.mark.parametrize("cell", ["-1", "1.5", "abc", "+1", " 1", "1 ", "٣", "9" * 5000, "301"])
    def test_what_is_no_length_of_hold(self, faults_of, cell):
        assert row_faults(faults_of, hold_seconds=cell) == ["hold_seconds"]

    @pytest.mark.parametrize("cell", ["", "0", "300", "007", "0" * 5000])
    def test_hold_up_to_the_whole_talk(self, faults_of, cell):
        assert row_faults(faults_of, hold_seconds=cell) == []

    def test_a_call_nobody_answered_was_not_on_hold(self, faults_of):
        assert faults_of(history(ABANDONED | {"hold_seconds": "1"})) == [(2, "hold_seconds")]
        assert faults_of(history(ABANDONED | {"hold_seconds": "0"})) == []
