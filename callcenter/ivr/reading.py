"""A flow file as read: bytes -> YAML with line numbers -> `Flow`, or the faults of its form."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from callcenter.ivr.condition import Condition
from callcenter.ivr.facts import is_looked_up
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import NODE_CLASSES, Branch, Callback, Collect, Flow, Language, Set, Survey, kind_of
from callcenter.ivr.yaml_source import YamlSource, read_yaml

_TYPE_TAGS = ("constrained-str", "list[", "[key]", "function-")
"""Steps that pydantic puts into a place and the file does not have."""


@dataclass(frozen=True, slots=True)
class FlowFile:
    """One file. `flow` is None when its form is wrong; `findings` then says why."""

    source: YamlSource
    flow: Flow | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.source.name


def read_flow(path: Path) -> FlowFile:
    """Never raises for what is in the file; every fault of its form is a finding."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        return _refused(Finding(path.name, 1, "not-readable", f"cannot be read ({reason}); check its rights"))
    return parse_flow(data, path.name, expected_id=path.stem)


def parse_flow(data: bytes, name: str, expected_id: str) -> FlowFile:
    source = read_yaml(data, name)
    if isinstance(source, Finding):
        return _refused(source)
    plain = source.value
    if not isinstance(plain, dict) or "nodes" not in plain:
        message = "no `nodes:` at the top level; a flow has `id`, `start` and `nodes`"
        return _refused(Finding(name, 1, "not-a-flow", message))
    findings: list[Finding] = []
    for node in plain["nodes"].values() if isinstance(plain["nodes"], dict) else ():
        if isinstance(node, dict) and isinstance(node.get("set"), dict):
            node["set"] = {key: _text(value) for key, value in node["set"].items()}
    try:
        flow: Flow | None = Flow.model_validate(plain)
    except ValidationError as problem:
        flow = None
        findings += _faults(source, problem)
    if flow is not None:
        findings += _meanings(source, flow)
        if flow.id != expected_id:
            message = f"id is `{flow.id}` but the file is `{expected_id}.yaml`; make them the same"
            findings.append(Finding(name, source.line("id"), "id-is-not-file-name", message))
    if any(finding.code != "id-is-not-file-name" for finding in findings):
        flow = None
    return FlowFile(source, flow, findings)


def _text(value: Any) -> Any:
    """`set: {priority: 3}` means the text 3."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _meanings(source: YamlSource, flow: Flow) -> Iterator[Finding]:
    """What no single field can tell: values that contradict each other within a node."""

    def say(code: str, node_id: str, message: str, *path: str) -> Finding:
        line = source.line("nodes", node_id, *path)
        return Finding(source.name, line, code, f"node `{node_id}`: {message}")

    for node_id, node in flow.nodes.items():
        match node:
            case Branch():
                for index, condition in enumerate(node.branch):
                    if condition.tests() != 1:
                        message = (
                            "a condition needs exactly one of `is`, `one_of`, `at_least`, `at_most`; "
                            f"this one has {condition.tests()}"
                        )
                        yield say("bad-condition", node_id, message, "branch", str(index))
            case Set() if "grade" in node.set:
                yield say("bad-value", node_id, "a grade comes from the caller only; take it out", "set", "grade")
            case Set() if told := [name for name in node.set if is_looked_up(name)]:
                message = f"`{told[0]}` is told from outside and cannot be written; use another name"
                yield say("bad-value", node_id, message, "set", told[0])
            case Callback() if node.accept in node.keys:
                message = f"key {node.accept} has two meanings here; keep one of them"
                yield say("key-twice", node_id, message, "keys", node.accept)
            case Collect():
                if node.into in ("grade", "language", "topic") or is_looked_up(node.into):
                    message = f"`{node.into}` has a meaning of its own; keep the number under another name"
                    yield say("bad-value", node_id, message, "into")
                if node.min_digits > node.max_digits:
                    message = f"min_digits {node.min_digits} is more than max_digits {node.max_digits}; swap them"
                    yield say("bad-value", node_id, message, "min_digits")
                for key in node.keys:
                    if node.terminator and node.terminator in key:
                        message = f"`{key}` ends the number and cannot be a key of its own; choose another"
                        yield say("bad-value", node_id, message, "keys", key)
            case Language() | Survey():
                meant = node.choices if isinstance(node, Language) else node.grades
                for key in node.keys:
                    if key in meant:
                        message = f"key {key} has two meanings here; keep one of them"
                        yield say("key-twice", node_id, message, "keys", key)


def _faults(source: YamlSource, problem: ValidationError) -> list[Finding]:
    """One finding per place: a value that fits no member of a union is one fault, not several."""
    found: dict[tuple[str, ...], Finding] = {}
    for error in problem.errors(include_url=False):
        path = _path(error["loc"])
        found.setdefault(path, _fault(source, path, error))
    return list(found.values())


def _path(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Pydantic's place without its own marks: the tag of the node's kind and the member of a union."""
    steps = [str(step) for step in loc if not str(step).startswith(_TYPE_TAGS)]
    if len(steps) > 2 and steps[0] == "nodes" and steps[2] in NODE_CLASSES:
        del steps[2]
    return tuple(steps)


def _fault(source: YamlSource, path: tuple[str, ...], error: ErrorDetails) -> Finding:
    where, line, kind = _where(path), source.line(*path), error["type"]
    value = str(error["input"])[:60]
    if kind.startswith("union_tag"):
        return _no_kind(source, path, error["input"])
    if kind == "extra_forbidden":
        return Finding(
            source.name,
            line,
            "unknown-field",
            f"{where}field `{path[-1]}` is unknown; {_did_you_mean(path, source)}",
        )
    if kind == "missing":
        return Finding(source.name, line, "missing-field", f"{where}field `{path[-1]}` is missing; add it")
    if error["loc"][-1] == "[key]" and path[-2] in ("keys", "choices", "grades"):
        message = f"{where}`{value}` is not a key of a telephone; use 0-9, * or #"
        return Finding(source.name, line, "bad-key", message)
    if kind == "string_pattern_mismatch":
        message = f"{where}`{value}` is not a name that can be used here; use lower-case letters, digits and `-`"
        return Finding(source.name, line, "bad-name", message)
    said = error["msg"][0].lower() + error["msg"][1:]
    return Finding(source.name, line, "bad-value", f"{where}`{path[-1]}` is `{value}`: {said}")


def _no_kind(source: YamlSource, path: tuple[str, ...], raw: Any) -> Finding:
    words = [word for word in raw if word in NODE_CLASSES] if isinstance(raw, dict) else []
    if len(words) > 1:
        message = f"{_where(path)}has the kinds {' and '.join(words)}; make it two nodes"
        return Finding(source.name, source.line(*path), "two-kinds", message)
    message = f"{_where(path)}has no kind that is known; use one of {', '.join(NODE_CLASSES)}"
    return Finding(source.name, source.line(*path), "unknown-kind", message)


def _did_you_mean(path: tuple[str, ...], source: YamlSource) -> str:
    fields = list(Flow.model_fields)
    if len(path) > 2 and path[0] == "nodes":
        node = source.value["nodes"].get(path[1])
        fields = list(NODE_CLASSES[kind_of(node) or "play"].model_fields)
        if "branch" in path:
            fields = ["is", *(name for name in Condition.model_fields if name != "is_")]
    near = difflib.get_close_matches(path[-1], fields, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(fields)}"


def _where(path: tuple[str, ...]) -> str:
    return f"node `{path[1]}`: " if len(path) > 1 and path[0] == "nodes" else ""


def _refused(finding: Finding) -> FlowFile:
    return FlowFile(YamlSource(finding.file), findings=[finding])
