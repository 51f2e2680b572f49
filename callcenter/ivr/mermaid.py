"""A flow as a Mermaid diagram, for reading and for documentation."""

from callcenter.ivr.flow import Flow, Goodbye, Queue

_SHAPES = {"queue": ("([", "])"), "goodbye": ("([", "])"), "branch": ("{", "}"), "play": ("[", "]")}


def as_mermaid(flow: Flow) -> str:
    """One line a node and a line an arrow; inputs are drawn as slanted boxes, ends as rounded ones."""
    lines = ["flowchart TD"]
    for node_id, node in flow.nodes.items():
        opened, closed = _SHAPES.get(node.kind, ("[/", "/]"))
        what = node.queue if isinstance(node, Queue) else " ".join(node.prompts())
        lines.append(f'  {_name(node_id)}{opened}"{node_id}<br/>{node.kind} {what}"{closed}'.replace(' "', '"'))
    lines.append(f"  start(( )) --> {_name(flow.start)}")
    for node_id, node in flow.nodes.items():
        if isinstance(node, Queue | Goodbye):
            continue
        for exit_ in dict.fromkeys(node.exits()):
            label = f'|"{exit_.label}"|' if exit_.label else ""
            lines.append(f"  {_name(node_id)} -->{label} {_name(exit_.target)}")
    return "\n".join(lines) + "\n"


def _name(node_id: str) -> str:
    """`end` and the like are words of Mermaid's."""
    return f"n_{node_id.replace('-', '_')}"
