"""What a checker of files says: a fault with its place, a stable code, and a sentence for whoever edits the file.

Each checker has its own codes: it derives its `Finding` here and gives its table.
"""

from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class FileFinding:
    codes: ClassVar[Mapping[str, str]] = {}
    """Every code with what it means. Stable: other programs test them."""
    warnings: ClassVar[Set[str]] = frozenset()
    """Those worth a look that stop nothing. Everything else is an error."""

    file: str
    line: int
    code: str
    message: str

    def __post_init__(self) -> None:
        if self.code not in self.codes:
            raise KeyError(self.code)

    @property
    def level(self) -> Level:
        return "warning" if self.code in self.warnings else "error"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "level": self.level}

    def as_text(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.message} [{self.code}]"
