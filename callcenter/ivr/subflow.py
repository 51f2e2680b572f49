"""Subflows put in their places: after this a flow consists of running nodes only.

The node `ask` of the flow `topics`, called by the node `topic`, becomes `topic--ask`.
"""

import zlib
from collections.abc import Mapping

from callcenter.ivr.flow import Flow, Return, Subflow
from callcenter.ivr.node import BaseNode

LONGEST = 70
"""Characters of a node's name; Asterisk's own limit of an extension is 79."""
DEEPEST = 5
"""Subflows within subflows."""


def unknown_parts(flow: Flow, flows: Mapping[str, Flow]) -> list[tuple[str, str]]:
    """(node, reason) of subflow nodes that cannot be put in place."""
    faults = []
    for node_id, node in flow.nodes.items():
        if isinstance(node, Subflow):
            part = flows.get(node.subflow)
            if part is None:
                faults.append((node_id, f"there is no flow `{node.subflow}`, or it has a fault of its own"))
            elif part.purpose != "part":
                faults.append((node_id, f"`{node.subflow}` is not made to be a part; set `purpose: part` there"))
            elif _calls(node.subflow, flow.id, flows, 0):
                faults.append((node_id, f"`{node.subflow}` comes back to itself, or is more than {DEEPEST} deep"))
    return faults


def assemble(flow: Flow, flows: Mapping[str, Flow]) -> Flow:
    """The flow without `subflow` and `return`. Only for flows without `unknown_parts`."""
    if not any(isinstance(node, Subflow) for node in flow.nodes.values()):
        return flow
    nodes: dict[str, BaseNode] = {}
    entries = {id_: _name(id_, flows[node.subflow].start) for id_, node in _parts(flow).items()}
    for node_id, node in flow.nodes.items():
        if isinstance(node, Subflow):
            part = assemble(flows[node.subflow], flows)
            back = entries.get(node.next, node.next)
            names = {inner: _name(node_id, inner) for inner in part.nodes}
            names |= {inner: back for inner, it in part.nodes.items() if isinstance(it, Return)}
            if part.start in names and isinstance(part.nodes[part.start], Return):
                entries[node_id] = back
            for inner, it in part.nodes.items():
                if not isinstance(it, Return):
                    nodes[names[inner]] = renamed(it, names)
        else:
            nodes[node_id] = node
    nodes = {node_id: renamed(node, entries) for node_id, node in nodes.items()}
    return flow.model_copy(update={"nodes": nodes, "start": entries.get(flow.start, flow.start)})


def renamed(node: BaseNode, names: Mapping[str, str]) -> BaseNode:
    """The node with its arrows led to the new names."""
    changes: dict[str, object] = {}
    for field in ("next", "otherwise", "open", "closed"):
        target = getattr(node, field, None)
        if isinstance(target, str) and target in names:
            changes[field] = names[target]
    if keys := getattr(node, "keys", None):
        changes["keys"] = {key: names.get(target, target) for key, target in keys.items()}
    if words := getattr(node, "words", None):
        changes["words"] = {word: names.get(target, target) for word, target in words.items()}
    if conditions := getattr(node, "branch", None):
        changes["branch"] = [it.model_copy(update={"go": names.get(it.go, it.go)}) for it in conditions]
    return node.model_copy(update=changes)


def _parts(flow: Flow) -> dict[str, Subflow]:
    return {node_id: node for node_id, node in flow.nodes.items() if isinstance(node, Subflow)}


def _name(outer: str, inner: str) -> str:
    name = f"{outer}--{inner}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 9]}-{zlib.crc32(name.encode()):08x}"


def _calls(flow_id: str, wanted: str, flows: Mapping[str, Flow], depth: int) -> bool:
    """Whether the flow comes, by subflows, to `wanted` or to itself, or goes too deep to tell."""
    flow = flows.get(flow_id)
    if flow is None:
        return False
    return (
        flow_id == wanted
        or depth >= DEEPEST
        or any(_calls(node.subflow, wanted, flows, depth + 1) for node in _parts(flow).values())
    )
