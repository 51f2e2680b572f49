"""Which statutes are no longer law: told by their successors' closing articles, and by a short list of our own."""

from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from callcenter.knowledge.statutes.names import loose
from callcenter.knowledge.statutes.repository import Statutes
from callcenter.knowledge.table import LawVersionRow

LISTED = Path(__file__).with_name("repealed.yaml")


def note_repeals(session: Session) -> None:
    """Set `repealed_on` and `repealed_by` of every statute anew.

    A statute that was adopted again under the same name after the repeal (国家安全法) is in force.
    """
    statutes = Statutes(session)
    laws = {row.id: row for row in statutes.laws()}
    newest: dict[int, LawVersionRow] = {}
    for version in statutes.versions():
        if version.law_id not in newest or version.version > newest[version.law_id].version:
            newest[version.law_id] = version
    ends = {loose(name): (day, by) for name, day, by in _listed()}
    for version in statutes.versions():
        for name in version.repeals:
            end = (version.in_force, laws[version.law_id].name)
            ends[loose(name)] = max(ends.get(loose(name), end), end)
    for law_id, law in laws.items():
        end_of = ends.get(loose(law.name))
        if end_of and end_of[1] != law.name and newest[law_id].version < end_of[0]:
            law.repealed_on, law.repealed_by = end_of
        else:
            law.repealed_on = law.repealed_by = None


def _listed() -> list[tuple[str, date, str]]:
    content = YAML(typ="safe").load(LISTED.read_text(encoding="utf-8"))
    return [(name, item["on"], item["by"]) for item in content["repealed"] for name in item["names"]]
