"""YAML that somebody edits: parsed with line numbers, every fault named with its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from callcenter.ivr.finding import Finding

MAX_BYTES = 128 * 1024
"""A flow of 200 nodes is about 30 kB."""
MAX_DEPTH = 16
"""A flow needs six levels. The parser goes down by recursion."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YamlSource:
    name: str
    value: Any = None
    """The content as plain containers with text keys: `1:` and `"1":` are one key."""
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, *path: str) -> int:
        """Line (from 1) of the deepest part of `path` that is written in the file."""
        return next((self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), 1)


def read_yaml(data: bytes, name: str) -> YamlSource | Finding:
    """Never raises for what is in `data`."""
    if len(data) > MAX_BYTES:
        return Finding(name, 1, "too-large", f"the file has {len(data)} bytes, {MAX_BYTES} are allowed; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        message = f"byte {problem.start + 1} is not UTF-8; save the file as UTF-8 in your editor"
        return Finding(name, line, "not-utf-8", message)
    try:
        return _read(text, name, YAML(typ="safe"))
    except (YAMLError, ValueError):
        pass  # the parser in C refuses more than YAML 1.2 does (an unquoted time within [ ]): the slow one decides
    try:
        return _read(text, name, YAML(typ="safe", pure=True))
    except MarkedYAMLError as problem:
        what = problem.problem or "it cannot be read"
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        return Finding(name, line, "not-yaml", f"not valid YAML: {what}; look at this line and the one above it")
    except (YAMLError, ValueError) as problem:
        what = (str(problem).splitlines() or ["it cannot be read"])[0][:120]
        return Finding(name, 1, "not-yaml", f"not valid YAML: {what}; correct it")


def _read(text: str, name: str, yaml: YAML) -> YamlSource | Finding:
    return _refused(text, name, yaml) or _Reading(name, yaml).read(text)


def _refused(text: str, name: str, yaml: YAML) -> Finding | None:
    """What YAML allows and these files do not. Looked for first: composing would follow it down."""
    depth = 0
    for event in yaml.parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        line = event.start_mark.line + 1
        if depth > MAX_DEPTH:
            return Finding(name, line, "not-yaml", f"nested more than {MAX_DEPTH} levels deep; flatten it")
        if isinstance(event, AliasEvent):
            return Finding(name, line, "yaml-alias", "anchors (`*name`) are not used here; write the part out")
    return None


class _Reading:
    """One file: nodes, which know their lines, made into values, which are YAML 1.2's with either parser."""

    def __init__(self, name: str, yaml: YAML) -> None:
        self._name = name
        self._yaml = yaml
        self._scalars: SafeConstructor = yaml.constructor
        self._lines: dict[Path, int] = {}
        self._twice: list[Finding] = []

    def read(self, text: str) -> YamlSource | Finding:
        root = self._yaml.compose(text)
        value = None if root is None else self._plain(root, ())
        return self._twice[0] if self._twice else YamlSource(self._name, value, self._lines)

    def _plain(self, node: Node, path: Path) -> Any:
        if isinstance(node, SequenceNode):
            return [self._part(item, item, (*path, str(index))) for index, item in enumerate(node.value)]
        if not isinstance(node, MappingNode):
            return self._scalars.construct_object(node)
        plain: dict[str, Any] = {}
        for key_node, item in node.value:
            key = str(self._scalars.construct_object(key_node, deep=True))
            if key in plain:
                message = f"{' / '.join((*path, key))}: this key is written twice; keep one of them"
                self._twice.append(Finding(self._name, key_node.start_mark.line + 1, "key-twice", message))
            plain[key] = self._part(key_node, item, (*path, key))
        return plain

    def _part(self, place: Node, node: Node, path: Path) -> Any:
        self._lines[path] = place.start_mark.line + 1
        return self._plain(node, path)
