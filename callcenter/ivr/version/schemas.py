"""Flows as the editor sees them. Field names are agreed with the screen."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from callcenter.board.model import iso
from callcenter.ivr.names import FactName, FactValue, LanguageCode, NodeId
from callcenter.ivr.version.model import DRAFT_TEXT_MAX, WHY_MAX
from callcenter.ivr.version.table import FlowVersionRow

Text = Annotated[str, Field(max_length=DRAFT_TEXT_MAX)]
Why = Annotated[str, Field(max_length=WHY_MAX)]


class FlowItem(BaseModel):
    id: str
    title: str
    purpose: str
    version: int | None
    """None: only a draft yet."""
    published_at: str | None
    published_by: str | None
    why: str | None
    has_draft: bool
    draft_errors: int


class FlowsOut(BaseModel):
    items: list[FlowItem]


class FindingOut(BaseModel):
    """`file`: another flow's, when a part breaks the flow that uses it."""

    file: str
    line: int
    code: str
    severity: Literal["error", "warning"]
    node: str | None
    message: str


class GraphOut(BaseModel):
    start: str
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


class DraftOut(BaseModel):
    yaml: str
    revision: int
    base_version: int | None
    changed_at: str
    changed_by: str
    graph: GraphOut | None
    findings: list[FindingOut]


class FlowOut(BaseModel):
    id: str
    version: int | None
    yaml: str
    graph: GraphOut | None
    findings: list[FindingOut]
    draft: DraftOut | None
    prompts: list[str]
    queues: list[str]
    destinations: list[str]
    languages: list[str]
    test_number: str


class NewFlow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: NodeId
    title: str = Field("", max_length=80)
    purpose: Literal["entry", "survey", "part"] = "entry"
    copy_of: NodeId | None = None


class DraftIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    yaml: Text
    revision: int | None = None


class NodeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    node: dict[str, Any]
    revision: int | None = None


class WalkIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    of: Literal["draft", "published"] = "draft"
    lang: LanguageCode | None = None
    keys: list[str] = Field(default_factory=list, max_length=100)
    at: str | None = Field(None, max_length=40)
    """ISO 8601; without offset China's time; None: now."""
    set: dict[FactName, FactValue] = Field(default_factory=dict)


class WalkOut(BaseModel):
    steps: list[dict[str, Any]]


class PublishIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: int
    why: Why


class RollBackIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    why: Why


class VersionNumber(BaseModel):
    version: int


class VersionItem(BaseModel):
    version: int
    published_at: str
    published_by: str
    why: str
    rolled_back_from: int | None

    @staticmethod
    def of(row: FlowVersionRow) -> "VersionItem":
        return VersionItem(
            version=row.version,
            published_at=iso(row.published_at) or "",
            published_by=row.published_by,
            why=row.why,
            rolled_back_from=row.rolled_back_from,
        )


class VersionsOut(BaseModel):
    items: list[VersionItem]


class VersionOut(BaseModel):
    version: int
    yaml: str
    diff: str
    """Unified, to the version before; of the first one the whole text."""


class DiffOut(BaseModel):
    diff: str


class NodeLive(BaseModel):
    now: int
    entered_today: int
    lost_today: int
    """Callers who hung up there."""


class LiveOut(BaseModel):
    at: str
    nodes: dict[str, NodeLive]
