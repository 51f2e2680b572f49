"""Texts of flows that callers meet together, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from callcenter.errors import CallCenterError, Conflict
from callcenter.ivr.finding import Finding

NODE_IN_MESSAGE = re.compile(r"^node `([^`]+)`")

DRAFT_TEXT_MAX = 128 * 1024
WHY_MAX = 500


@dataclass(frozen=True, slots=True)
class FlowSet:
    """A consistent set: a caller who began in it goes through its flows and parts to the end of his call."""

    number: int
    """Id of its newest publication; 0: the files of a folder, which have no versions."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """YAML by flow."""
    versions: Mapping[str, int] = field(default_factory=dict)

    def with_text(self, flow: str, text: str) -> "FlowSet":
        return FlowSet(self.number, {**self.texts, flow: text}, self.versions)


class FlowRefused(CallCenterError):
    """Not published: the text has an error, or would break a flow that uses it. What callers meet goes on."""

    code = "flow-refused"
    status = 422


class DraftChanged(Conflict):
    """Somebody else saved in between."""

    code = "draft-changed"


def finding_out(finding: Finding) -> dict[str, object]:
    named = NODE_IN_MESSAGE.match(finding.message)
    return {
        "file": finding.file,
        "line": finding.line,
        "code": finding.code,
        "severity": finding.level,
        "node": named[1] if named else None,
        "message": finding.message,
    }
