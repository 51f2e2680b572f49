"""The trail's codes and their words. That the server writes no other code is seen by mypy (`Audit.add`)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from callcenter.account.actions import ACTIONS
from callcenter.account.table import AuditRow
from callcenter.config import CHECKOUT


def codes(tree: dict[str, Any], before: str = "") -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from codes(value, f"{before}{key}.")
        else:
            assert value.strip(), key
            yield before + key


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_action_of_the_trail_has_words_and_no_word_is_left_over(language: str) -> None:
    words = json.loads((CHECKOUT / "agents_ui" / "src" / "i18n" / language / "audit.json").read_text())
    assert sorted(codes(words["audited"])) == sorted(ACTIONS)


def test_every_action_fits_its_column() -> None:
    assert max(map(len, ACTIONS)) <= AuditRow.__table__.c.action.type.length
