"""What records choose from: `topics.yaml`, and the places of the settings."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from callcenter.config import Settings
from callcenter.consultation.model import Catalogue, Entry, Places

FILE = Path(__file__).parent / "topics.yaml"


@cache
def catalogue(path: Path = FILE) -> Catalogue:
    """Read once per process: a change of the catalogue takes a restart of the api."""
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    lists = {name: tuple(_entry(e) for e in content[name]) for name in ("topics", "outcomes", "groups", "end_reasons")}
    return Catalogue(version=content["version"], **lists)


def places(settings: Settings) -> Places:
    return Places(tuple(Entry(id=code, name=names) for code, names in settings.places.items()), settings.own_place)


def _entry(values: dict[str, Any]) -> Entry:
    children = tuple(_entry(child) for child in values.get("children", ()))
    return Entry(id=values["id"], name=dict(values["name"]), children=children)
