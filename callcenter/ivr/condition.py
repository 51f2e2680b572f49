"""The tests of a branch."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from callcenter.ivr.names import FactName, FactValue, NodeId

PLAIN_NUMBER = re.compile(r"[0-9]{1,15}")
"""What limits are compared with; anything else is within none."""


class Condition(BaseModel):
    """One line of a branch: a fact and exactly one test. Texts are compared as written, limits as numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    fact: FactName
    is_: FactValue | None = Field(None, alias="is")
    one_of: Annotated[list[FactValue], Field(min_length=1)] | None = None
    at_least: int | None = Field(None, ge=0, le=10**9)
    at_most: int | None = Field(None, ge=0, le=10**9)
    go: NodeId

    def tests(self) -> int:
        return sum(test is not None for test in (self.is_, self.one_of, self.at_least, self.at_most))

    def text(self) -> str:
        """As a reader says it, e.g. `source is 110`."""
        if self.is_ is not None:
            return f"{self.fact} is {self.is_}"
        if self.one_of is not None:
            return f"{self.fact} one of {' '.join(self.one_of)}"
        limit, word = (self.at_least, "at least") if self.at_least is not None else (self.at_most, "at most")
        return f"{self.fact} {word} {limit}" if limit is not None else self.fact

    def holds(self, value: str | None) -> bool:
        """A fact that is not known makes no condition true."""
        if value is None:
            return False
        if self.is_ is not None:
            return value == self.is_
        if self.one_of is not None:
            return value in self.one_of
        if not PLAIN_NUMBER.fullmatch(value):
            return False
        return int(value) >= self.at_least if self.at_least is not None else int(value) <= (self.at_most or 0)
