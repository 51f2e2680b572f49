"""`Entry` -> the text of its file: Markdown behind front matter. What is read from it again is the same entry."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from callcenter.knowledge.entry.model import SECTIONS, Citation, Entry, Front

FLOW = frozenset({"keywords", "groups", "region"})
"""Lists of single words stand in one line."""
NEVER_WRAPPED = 10_000


def entry_text(entry: Entry) -> str:
    """Always with the same keys in the same order, so that two texts of one entry can be compared line by line."""
    front = CommentedMap()
    for name in type(entry.front).model_fields:
        value = getattr(entry.front, name)
        front[name] = _written(name, value)
    yaml = YAML(typ="rt", pure=True)
    yaml.width = NEVER_WRAPPED
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _null)
    block = StringIO()
    yaml.dump(front, block)
    body = "\n\n".join(f"## {title}\n\n{entry.sections[title]}" for title in SECTIONS)
    return f"---\n{block.getvalue()}---\n\n{body}\n"


def _null(representer: Any, _value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _written(name: str, value: Any) -> Any:
    if name == "laws":
        return CommentedSeq([_citation(citation) for citation in value])
    if isinstance(value, list):
        items = CommentedSeq(value)
        if name in FLOW:
            items.fa.set_flow_style()
        return items
    return value


def _citation(citation: Citation) -> CommentedMap:
    number: int | str = int(citation.article) if citation.article.isdecimal() else citation.article
    written = CommentedMap({"law": citation.law, "article": number})
    if citation.version is not None:
        written["version"] = citation.version
    written.fa.set_flow_style()
    return written


def file_name(entry: Entry, topic: str) -> str:
    """Where the entry lies within a folder of entries. `topic`: of its Chinese version."""
    stem = entry.id if "/" in entry.id else f"{topic}/{entry.id}"
    return f"{stem}.md" if isinstance(entry.front, Front) else f"{stem}.{entry.language}.md"
