"""Who serves which line, and in which turn."""

from callcenter.ids import QueueName
from callcenter.routing.model import HELPER_PENALTY, STRICT_MAX, Level, LineRule, Rules, parts

LINES = ("zh", "bo", "mn")
ZH, BO, MN = (QueueName(line) for line in LINES)
RULES = Rules(lines={"bo": LineRule(helpers=("zh",)), "mn": LineRule(helpers=("zh",))})


def penalties(languages: dict[str, Level], rules: Rules = RULES) -> dict[QueueName, int]:
    return {line: part.penalty for line, part in parts(languages, LINES, rules).items()}


def test_a_seat_serves_its_languages_and_helps_where_it_may() -> None:
    assert penalties({"zh": Level.NATIVE}) == {ZH: 0, BO: HELPER_PENALTY, MN: HELPER_PENALTY}


def test_a_bilingual_seat_comes_after_the_others_in_the_common_line_and_first_in_its_own() -> None:
    both = penalties({"zh": Level.NATIVE, "bo": Level.NATIVE})
    assert both == {ZH: 1, BO: 0, MN: HELPER_PENALTY}


def test_who_speaks_a_language_less_well_comes_later_but_before_any_helper() -> None:
    basic = penalties({"zh": Level.NATIVE, "bo": Level.BASIC})
    assert 0 < basic[BO] <= STRICT_MAX < HELPER_PENALTY


def test_without_rules_nobody_helps() -> None:
    assert penalties({"zh": Level.NATIVE}, Rules()) == {ZH: 0}


def test_a_line_the_site_does_not_have_is_not_served() -> None:
    assert penalties({"zh": Level.NATIVE, "kk": Level.NATIVE}, Rules()) == {ZH: 1}


def test_a_seat_without_a_language_helps_nobody() -> None:
    assert penalties({}) == {}
