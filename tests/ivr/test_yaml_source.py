"""Which parser has read a file nobody can tell: both give the same values, and what one refuses the other decides."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from callcenter.config import CHECKOUT
from callcenter.ivr.yaml_source import YamlSource, read_yaml

FILES = sorted((CHECKOUT / "ivr_flows").rglob("*.yaml"))


def value(text: str) -> object:
    source = read_yaml(text.encode(), "any.yaml")
    assert isinstance(source, YamlSource), source
    return source.value


def test_times_in_brackets_need_no_quotes() -> None:
    assert value("workday: [08:30-12:00, 14:00-18:00]") == {"workday": ["08:30-12:00", "14:00-18:00"]}


def test_words_and_numbers_are_those_of_yaml_1_2() -> None:
    assert value("a: yes\nb: 010\nc: 0o10\nd: 08:00\n2: x") == {"a": "yes", "b": 10, "c": 8, "d": "08:00", "2": "x"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_file_says_the_same_to_either_parser(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    slowly = YAML(typ="safe", pure=True).load(text)
    assert value(text) == _text_keys(slowly)


def _text_keys(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _text_keys(item) for key, item in value.items()}
    return [_text_keys(item) for item in value] if isinstance(value, list) else value
