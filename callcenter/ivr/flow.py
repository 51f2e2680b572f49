"""What a flow file says: one YAML file is one flow, a graph of nodes.

A node has exactly one kind word (`play`, `menu`, `queue`, …), which carries the node's main value, and its own fields.
Unknown fields are refused, so a misspelt `retires:` cannot silently mean "the default".
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from callcenter.ivr.names import NodeId
from callcenter.ivr.node import KEYPAD, BaseNode, Exit, Question
from callcenter.ivr.nodes import BY_LANGUAGE, Branch, Collect, Goodbye, Language, Menu, Play, Queue, Set, Survey
from callcenter.ivr.nodes_site import Callback, Emergency, Hours, Return, Say, Subflow, Transfer, Voicemail
from callcenter.ivr.nodes_spoken import Knowledge, Progress, Speech

__all__ = [
    "BY_LANGUAGE",
    "KEYPAD",
    "NODE_CLASSES",
    "AnyNode",
    "Branch",
    "Callback",
    "Collect",
    "Emergency",
    "Exit",
    "Flow",
    "Goodbye",
    "Hours",
    "InputNode",
    "Knowledge",
    "Language",
    "Menu",
    "Node",
    "Play",
    "Progress",
    "Question",
    "Queue",
    "Return",
    "Say",
    "Set",
    "Speech",
    "Subflow",
    "Survey",
    "Transfer",
    "Voicemail",
    "kind_of",
]

InputNode = Menu | Language | Collect | Survey | Callback | Progress | Speech
Node = InputNode | Play | Branch | Set | Queue | Goodbye | Hours | Emergency | Say | Voicemail | Transfer | Knowledge
"""What a running flow consists of."""
FileNode = Node | Subflow | Return
"""What a file may hold; subflows are put in their places before a flow runs (`subflow.py`)."""

NODE_CLASSES: Mapping[str, type[BaseNode]] = MappingProxyType(
    {
        cls.kind: cls
        for cls in (
            *(Play, Menu, Language, Collect, Survey, Branch, Set, Queue, Goodbye),
            *(Hours, Emergency, Say, Voicemail, Callback, Transfer, Subflow, Return),
            *(Knowledge, Progress, Speech),
        )
    }
)


def kind_of(raw: Any) -> str | None:
    """The one kind word of a node as written, or None when there is none or more than one."""
    if isinstance(raw, BaseNode):
        return raw.kind
    if not isinstance(raw, Mapping):
        return None
    kinds = [word for word in raw if word in NODE_CLASSES]
    return str(kinds[0]) if len(kinds) == 1 else None


AnyNode = Annotated[
    Annotated[Play, Tag("play")]
    | Annotated[Menu, Tag("menu")]
    | Annotated[Language, Tag("language")]
    | Annotated[Collect, Tag("collect")]
    | Annotated[Survey, Tag("survey")]
    | Annotated[Branch, Tag("branch")]
    | Annotated[Set, Tag("set")]
    | Annotated[Queue, Tag("queue")]
    | Annotated[Goodbye, Tag("goodbye")]
    | Annotated[Hours, Tag("hours")]
    | Annotated[Emergency, Tag("emergency")]
    | Annotated[Say, Tag("say")]
    | Annotated[Voicemail, Tag("voicemail")]
    | Annotated[Callback, Tag("callback")]
    | Annotated[Transfer, Tag("transfer")]
    | Annotated[Subflow, Tag("subflow")]
    | Annotated[Return, Tag("return")]
    | Annotated[Knowledge, Tag("knowledge")]
    | Annotated[Progress, Tag("progress")]
    | Annotated[Speech, Tag("speech")],
    Discriminator(kind_of),
]


class Flow(BaseModel):
    """One flow. Immutable: a call keeps the flow it began with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: NodeId
    """The same as the file's name without `.yaml`."""
    title: str = Field("", max_length=80)
    purpose: Literal["entry", "survey", "part"] = "entry"
    """`entry`: a caller comes in and must be able to reach a person. `survey`: after the talk; no queue. `part`: only
    used by others as a subflow."""
    deadline_s: int = Field(180, ge=20, le=480)
    """Seconds after which the call leaves the flow by itself: to a person, or from a survey to the goodbye."""
    start: NodeId
    nodes: dict[NodeId, AnyNode] = Field(min_length=1, max_length=200)

    @cached_property
    def written_facts(self) -> frozenset[str]:
        """Facts that a node of this flow writes."""
        written = {"language", "topic", "grade"}
        for node in self.nodes.values():
            if isinstance(node, Set):
                written |= set(node.set)
            elif isinstance(node, Collect):
                written.add(node.into)
        return frozenset(written)

    @cached_property
    def outside_facts(self) -> frozenset[str]:
        """Facts this flow asks for and no node of it writes: they come with the call, or are looked up."""
        asked = set[str]()
        for node in self.nodes.values():
            if isinstance(node, Branch):
                asked |= {condition.fact for condition in node.branch}
            elif isinstance(node, Say):
                asked.add(node.say)
        return frozenset(asked - self.written_facts)
