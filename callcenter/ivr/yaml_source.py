"""YAML that somebody edits: parsed with line numbers, every fault named with its line."""

from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from callcenter.ivr.finding import Finding

MAX_BYTES = 128 * 1024
"""A flow of 200 nodes is about 30 kB."""
MAX_DEPTH = 16
"""A flow needs six levels. The parser's time grows with the square of the depth."""


@dataclass(frozen=True, slots=True)
class YamlSource:
    name: str
    raw: Any

    def line(self, *path: str) -> int:
        """Line (from 1) of the deepest part of `path` that is written in the file."""
        here, line = self.raw, 1
        for step in path:
            place, found = getattr(here, "lc", None), _as_written(here, step)
            if place is None or found is None:
                break
            try:
                line = (place.key(found) if isinstance(here, dict) else place.item(found))[0] + 1
                here = here[found]
            except (KeyError, IndexError, TypeError):
                break
        return line

    def plain(self) -> tuple[Any, list[Finding]]:
        """The content as plain containers with text keys (`1:` and `"1":` are one key), and keys given twice."""
        findings: list[Finding] = []
        return self._plain(self.raw, (), findings), findings

    def _plain(self, value: Any, path: tuple[str, ...], findings: list[Finding]) -> Any:
        if isinstance(value, dict):
            plain: dict[str, Any] = {}
            for key, item in value.items():
                name = str(key)
                if name in plain:
                    message = f"{' / '.join(path)}: key `{name}` is given twice; keep one of them"
                    line = getattr(value, "lc").key(key)[0] + 1  # noqa: B009 - a YAML mapping knows its lines
                    findings.append(Finding(self.name, line, "key-twice", message))
                plain[name] = self._plain(item, (*path, name), findings)
            return plain
        if isinstance(value, list):
            return [self._plain(item, (*path, str(index)), findings) for index, item in enumerate(value)]
        return value


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
        depth = 0
        for event in YAML(typ="rt", pure=True).parse(text):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1
                return Finding(name, line, "not-yaml", f"nested more than {MAX_DEPTH} levels deep; flatten it")
            if isinstance(event, AliasEvent):
                line = event.start_mark.line + 1
                return Finding(name, line, "yaml-alias", "anchors (`*name`) are not used here; write the part out")
        return YamlSource(name, YAML(typ="rt", pure=True).load(text))
    except DuplicateKeyError as problem:
        what = str(problem.problem).split(" with value")[0].removeprefix("found duplicate ")
        message = f"{what} is written twice in the same place; keep one of them"
        return Finding(name, _line(problem), "key-twice", message)
    except MarkedYAMLError as problem:
        what = problem.problem or "it cannot be read"
        message = f"not valid YAML: {what}; look at this line and the one above it"
        return Finding(name, _line(problem), "not-yaml", message)
    except (YAMLError, RecursionError, ValueError) as problem:
        what = (str(problem).splitlines() or ["nested too deeply"])[0][:120]
        return Finding(name, 1, "not-yaml", f"not valid YAML: {what}; correct it")


def _line(problem: MarkedYAMLError) -> int:
    return problem.problem_mark.line + 1 if problem.problem_mark else 1


def _as_written(here: Any, step: str) -> Any:
    if isinstance(here, dict):
        return next((key for key in here if str(key) == step), None)
    return int(step) if isinstance(here, list) and step.isdecimal() else None
