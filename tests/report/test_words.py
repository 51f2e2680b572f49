"""No figure is shown by its code: screens and reports have a word for each name and variant."""

import json

import pytest

from callcenter.config import CHECKOUT
from callcenter.report.definitions.figures import FIGURES, ROLLING_LAST, ROLLING_WORST, positive
from callcenter.report.further.figures import FURTHER
from callcenter.report.paper import words

ALL = (*FIGURES, ROLLING_WORST, ROLLING_LAST, positive((1,)), *(one.figure for one in FURTHER))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_screens_have_a_word_for_every_figure(language: str) -> None:
    told = json.loads((CHECKOUT / "agents_ui" / "src" / "i18n" / language / "figures.json").read_text())
    assert {figure.name for figure in ALL} <= told["kpiName"].keys()
    assert {figure.variant for figure in ALL} - {f"SL{n}" for n in range(1, 6)} <= told["kpiVariant"].keys()


def test_reports_have_a_word_for_every_figure() -> None:
    assert {figure.name for figure in ALL} <= words.FIGURES.keys()
    assert {figure.variant for figure in ALL} - {f"SL{n}" for n in range(1, 6)} <= words.VARIANTS.keys()


def test_every_figure_states_its_formula_in_two_languages_and_its_source() -> None:
    assert [figure for figure in ALL if not (figure.formula and figure.formula_zh and figure.source)] == []
