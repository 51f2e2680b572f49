"""A flow as nodes and arrows, for the screen."""

from typing import Any

from callcenter.ivr.flow import Flow
from callcenter.ivr.node import BaseNode
from callcenter.ivr.reading import FlowFile


def graph(file: FlowFile) -> dict[str, Any] | None:
    """None: the form is wrong, nothing can be drawn. Arrows may lead to nodes that are not there."""
    flow = file.flow
    if flow is None:
        return None
    return {
        "start": flow.start,
        "nodes": [
            {
                "id": node_id,
                "kind": node.kind,
                "title": _title(node),
                "note": node.note,
                "line": file.source.line("nodes", node_id),
            }
            for node_id, node in flow.nodes.items()
        ],
        "edges": _edges(flow),
    }


def _edges(flow: Flow) -> list[dict[str, Any]]:
    return [
        {"from": node_id, "to": exit_.target, "label": exit_.label, "by_key": exit_.by_key}
        for node_id, node in flow.nodes.items()
        for exit_ in dict.fromkeys(node.exits())
    ]


def _title(node: BaseNode) -> str:
    """The node's main value: prompt, line, flow, destination; of several the first."""
    value = getattr(node, node.kind, getattr(node, f"{node.kind}_", ""))
    if isinstance(value, dict):
        return " ".join(f"{name}={text}" for name, text in value.items())
    if isinstance(value, list):
        return str(getattr(value[0], "fact", value[0])) if value else ""
    return str(value or "")
