"""Changes to a flow's text that leave everything else as it was written: comments, order, quotes."""

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from callcenter.errors import BadInput, NotFound
from callcenter.ivr.version.blocks import Blocks
from callcenter.ivr.yaml_source import YamlSource, read_yaml

STEP_MAX = 8
WIDTH = 10_000
"""Characters: no line is ever broken anew."""
INDENTED_DASH = re.compile(r"^( *)[\w-]+:[ ]*(?:#.*)?\n(?:\s*#.*\n)*( *)- ", re.MULTILINE)
LOOKS_LIKE_NO_TEXT = re.compile(r"^([0-9*#].*|y|n|yes|no|on|off|true|false|null|~)$", re.IGNORECASE)


def with_node(text: str, flow: str, node_id: str, fields: Mapping[str, Any]) -> str:
    """The text with this node's fields being exactly `fields`; a new node comes last. Raises BadInput."""
    document, writer = _open(text, flow)
    blocks = Blocks.of(text, document["nodes"])
    key = _key(document["nodes"], node_id)
    if key is not None and _same(document["nodes"][key], fields):
        return text
    if blocks is None:
        _put(document["nodes"], node_id, fields)
        return _text(document, writer)
    if node_id in blocks.places:
        alone = blocks.alone(node_id)
        inner, _ = _open(alone, flow)
        _put(inner["nodes"], node_id, fields)
        return blocks.replaced(node_id, _text(inner, writer))
    fresh = CommentedMap({"nodes": CommentedMap({node_id: _fresh(fields, block=True)})})
    return blocks.appended(_text(fresh, writer))


def without_node(text: str, flow: str, node_id: str) -> str:
    """Raises NotFound when there is no such node, BadInput when the text cannot be read."""
    document, writer = _open(text, flow)
    key = _key(document["nodes"], node_id)
    if key is None:
        raise NotFound(f"flow `{flow}` has no node `{node_id}`")
    if (blocks := Blocks.of(text, document["nodes"])) is not None and len(blocks.places) > 1:
        return blocks.replaced(node_id, "nodes:\n")
    del document["nodes"][key]
    return _text(document, writer)


def with_head(text: str, flow: str, head: Mapping[str, str]) -> str:
    """The text with these fields at its top (`id`, `title`, `purpose`)."""
    document, writer = _open(text, flow)
    for position, (name, value) in enumerate(head.items()):
        if name in document:
            document[name] = value
        else:
            document.insert(position, name, value)
    return _text(document, writer)


def _open(text: str, flow: str) -> tuple[Any, YAML]:
    checked = read_yaml(text.encode(), f"{flow}.yaml")
    if not isinstance(checked, YamlSource):
        raise BadInput(f"{checked.as_text()}; mend the text first, then its nodes can be edited one by one")
    writer = YAML(typ="rt", pure=True)
    writer.preserve_quotes = True
    writer.width = WIDTH
    document = writer.load(text)
    if not isinstance(document, dict) or not isinstance(document.get("nodes"), dict):
        raise BadInput(f"{flow}.yaml has no `nodes:` with nodes in it; mend the text first")
    dash = INDENTED_DASH.search(text)
    offset = len(dash[2]) - len(dash[1]) if dash else 0
    writer.indent(mapping=_step(document["nodes"]), sequence=offset + 2, offset=offset)
    return document, writer


def _step(nodes: Any) -> int:
    """Spaces by which each level stands further to the right, as the file has it."""
    column = nodes.lc.key(next(iter(nodes)))[1] if nodes and not nodes.fa.flow_style() else 0
    return int(column) if 1 < column <= STEP_MAX else 2


def _text(document: Any, writer: YAML) -> str:
    out = io.StringIO()
    writer.dump(document, out)
    return out.getvalue()


def _key(mapping: Mapping[Any, Any], name: str) -> Any:
    """The key as it is written: `1` and `"1"` are one."""
    return next((key for key in mapping if str(key) == name), None)


def _put(nodes: Any, node_id: str, fields: Mapping[str, Any]) -> None:
    key = _key(nodes, node_id)
    if key is not None and isinstance(nodes[key], dict):
        _update(nodes[key], fields)
    else:
        nodes[node_id if key is None else key] = _fresh(fields, block=True)


def _update(old: Any, fields: Mapping[str, Any]) -> None:
    for key in [key for key in old if str(key) not in fields]:
        del old[key]
    for name, value in fields.items():
        key = _key(old, name)
        if key is None:
            old[_scalar(name)] = _fresh(value)
        elif isinstance(old[key], dict) and isinstance(value, Mapping):
            _update(old[key], value)
        elif not _same(old[key], value):
            old[key] = _fresh(value)


def _same(old: Any, new: Any) -> bool:
    """Whether the file says so already, in whatever way it is written."""
    if isinstance(old, dict) or isinstance(new, Mapping):
        if not (isinstance(old, dict) and isinstance(new, Mapping)):
            return False
        told = {str(key): value for key, value in old.items()}
        return told.keys() == new.keys() and all(_same(told[name], new[name]) for name in new)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def _fresh(value: Any, *, block: bool = False) -> Any:
    """Inner maps and lists in one line, as the delivered files have them."""
    if isinstance(value, Mapping):
        made = CommentedMap((_scalar(str(name)), _fresh(item)) for name, item in value.items())
        if not block:
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        long = any(isinstance(item, Mapping) for item in value)
        listed = CommentedSeq(_fresh(item) for item in value)
        if not long:
            listed.fa.set_flow_style()
        return listed
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, str) and LOOKS_LIKE_NO_TEXT.match(value):
        return DoubleQuotedScalarString(value)
    return value
