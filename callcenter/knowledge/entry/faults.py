"""pydantic's findings in words for lawyers, each with its line."""

import difflib
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from callcenter.ivr.yaml_source import YamlSource
from callcenter.knowledge.entry.finding import Finding


def faults_of(problem: ValidationError, kind: type[BaseModel], source: YamlSource, name: str) -> list[Finding]:
    """One for each place: of several tries at one value (a union) the first is told."""
    found: dict[tuple[Any, ...], Finding] = {}
    for fault in problem.errors(include_url=False):
        path = tuple(step for step in fault["loc"] if isinstance(step, int) or _is_key(step))
        if path not in found:
            line = source.line(*(str(step) for step in path)) + 1
            found[path] = Finding(name, line, _code(fault), _message(fault, path, kind))
    return list(found.values())


def _is_key(step: str) -> bool:
    """Names of fields and keys; not the tags pydantic puts in for unions and validators."""
    return not step.startswith(("constrained-", "function-", "str", "list[", "is-instance"))


def _code(fault: ErrorDetails) -> str:
    return {"extra_forbidden": "unknown-key", "missing": "missing-key"}.get(fault["type"], "bad-value")


def _message(fault: ErrorDetails, path: tuple[Any, ...], kind: type[BaseModel]) -> str:
    where = " / ".join(str(step + 1) if isinstance(step, int) else step for step in path)
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(path[-1]), _fields(kind, len(path)), 1)
        return f"there is no key `{where}`" + (f"; did you mean `{near[0]}`?" if near else "; remove it")
    if fault["type"] == "missing":
        return f"`{where}` is missing; see knowledge_base/README.md"
    reason = fault["msg"].removeprefix("Value error, ").rstrip(".")
    given = "" if isinstance(fault["input"], dict | list) else f", not `{str(fault['input'])[:60]}`"
    return f"`{where}`: {reason}{given}" if where else reason


def _fields(kind: type[BaseModel], depth: int) -> list[str]:
    if depth > 1 and "laws" in kind.model_fields:
        return ["law", "article", "version"]
    return list(kind.model_fields)
