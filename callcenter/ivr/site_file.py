"""A file of `site/` in the flows' folder: read by its model, every fault named with its line."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from callcenter.ivr.finding import Finding
from callcenter.ivr.yaml_source import YamlSource, read_yaml

M = TypeVar("M", bound=BaseModel)

HINT = "see the README of this folder"


def read_site_file(
    path: Path,
    model: type[M],
    code: str,
    hint: str = HINT,
    meanings: Callable[[YamlSource, M], Iterable[Finding]] = lambda _source, _content: (),
) -> tuple[M, list[Finding]]:
    """Never raises for what is in the file. One that is absent or has a fault counts as empty. `meanings`: faults that
    the model does not see; the content counts nevertheless."""
    if not path.is_file():
        return model(), []
    source = read_yaml(path.read_bytes(), f"{path.parent.name}/{path.name}")
    if isinstance(source, Finding):
        return model(), [source]
    try:
        content = model.model_validate(source.value or {})
    except ValidationError as problem:
        return model(), list(_faults(source, problem, code, hint))
    return content, list(meanings(source, content))


def _faults(source: YamlSource, problem: ValidationError, code: str, hint: str) -> Iterable[Finding]:
    for error in problem.errors(include_url=False):
        steps = tuple(str(step) for step in error["loc"] if step != "[key]")
        said = error["msg"][0].lower() + error["msg"][1:]
        message = f"{' / '.join(steps)} is `{str(error['input'])[:40]}`: {said}; {hint}"
        yield Finding(source.name, source.line(*steps), code, message)
