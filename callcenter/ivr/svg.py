"""A flow as an SVG picture, for paper and for those without a browser on this system."""

from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from callcenter.ivr.flow import Flow, Goodbye, Queue

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 200, 52, 40, 70, 30
"""Of a node, between nodes, around the picture; in px."""
FONT = "font-family: 'Noto Sans SC', 'Microsoft YaHei', sans-serif; font-size: 13px"
STYLE = """
rect { fill: #fff; stroke: #444; } .end rect { fill: #eef4ee; } .start rect { stroke-width: 3; }
.what { fill: #555; font-size: 11px; } path { fill: none; stroke: #777; } marker path { fill: #777; }
.label { fill: #124a8c; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
"""
LONGEST = 30
"""Characters of a line in a node."""
Point = tuple[float, float]
Arrow = tuple[str, str]


def as_svg(flow: Flow) -> str:
    """Nodes in layers from the start downwards. Several ways from one node to another are one arrow with all labels."""
    arrows: dict[Arrow, list[str]] = {}
    for node_id, node in flow.nodes.items():
        for exit_ in dict.fromkeys(node.exits()):
            arrows.setdefault((node_id, exit_.target), []).append(exit_.label)
    places, bends = _places(flow, list(arrows))
    width = max(x for points in ([*places.values()], *bends.values()) for x, _ in points) + WIDTH + MARGIN
    height = max(y for _, y in places.values()) + HEIGHT + MARGIN
    svg = Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", width=f"{width:g}", style=FONT
    )
    SubElement(svg, "title").text = flow.id
    SubElement(svg, "style").text = STYLE
    marker = SubElement(SubElement(svg, "defs"), "marker", id="tip", orient="auto", refX="8", refY="4")
    marker.attrib.update(markerWidth="8", markerHeight="8")
    SubElement(marker, "path", d="M0 0 L8 4 L0 8 z")
    for (begin, end), labels in arrows.items():
        points = [places[begin], *bends[begin, end], places[end]]
        _arrow(svg, points, ", ".join(label for label in labels if label))
    for node_id in flow.nodes:
        _box(svg, flow, node_id, places[node_id])
    indent(svg)
    return tostring(svg, encoding="unicode") + "\n"


def _places(flow: Flow, arrows: list[Arrow]) -> tuple[dict[str, Point], dict[Arrow, list[Point]]]:
    """Upper left corner of each node, and of the gaps between nodes through which each arrow leads."""
    import igraph  # 5 MB that no other verb needs

    number = {node_id: at for at, node_id in enumerate(flow.nodes)}
    edges = [(number[begin], number[end]) for begin, end in arrows]
    drawn = igraph.Graph(n=len(number), edges=edges, directed=True)
    layers = [round(y) for _, y in drawn.layout_sugiyama(maxiter=100).coords[: len(number)]]
    gaps: dict[Arrow, list[int]] = {}
    parts: list[tuple[int, int]] = []
    for arrow, (begin, end) in zip(arrows, edges, strict=True):
        between = range(layers[begin] + 1, layers[end])
        gaps[arrow] = list(range(len(layers), len(layers) + len(between)))
        layers += between
        parts += pairwise([begin, *gaps[arrow], end])
    layout = igraph.Graph(n=len(layers), edges=parts, directed=True).layout_sugiyama(layers=layers, maxiter=100).coords
    left = min(x for x, _ in layout)
    points = [(MARGIN + (x - left) * (WIDTH + GAP_X), MARGIN + y * (HEIGHT + GAP_Y)) for x, y in layout]
    bends = {arrow: [points[it] for it in gaps[arrow]] for arrow in arrows}
    return {node_id: points[at] for node_id, at in number.items()}, bends


def _box(svg: Element, flow: Flow, node_id: str, at: Point) -> None:
    node, (x, y) = flow.nodes[node_id], at
    kinds = [*(["start"] if node_id == flow.start else []), *(["end"] if isinstance(node, Queue | Goodbye) else [])]
    group = SubElement(svg, "g", {"class": " ".join(["node", *kinds]), "id": f"node-{node_id}"})
    SubElement(group, "rect", x=f"{x:g}", y=f"{y:g}", width=str(WIDTH), height=str(HEIGHT), rx="6")
    what = " ".join([node.kind, node.queue if isinstance(node, Queue) else " ".join(node.prompts())])
    for line, (text, name) in enumerate(((node_id, "name"), (what, "what"))):
        place = {"x": f"{x + WIDTH / 2:g}", "y": f"{y + 22 + 18 * line:g}", "text-anchor": "middle", "class": name}
        SubElement(group, "text", place).text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _arrow(svg: Element, points: list[Point], label: str) -> None:
    curves = list(_curves(points))
    (x, y), *_ = curves[0]
    line = f"M{x:g} {y:g}" + "".join(f" C{' '.join(f'{x:g} {y:g}' for x, y in curve[1:])}" for curve in curves)
    SubElement(svg, "path", {"d": line, "marker-end": "url(#tip)"})
    if label:
        (x1, y1), (x2, y2), (x3, y3), (x4, y4) = curves[0]
        middle = {"x": f"{(x1 + 3 * x2 + 3 * x3 + x4) / 8:g}", "y": f"{(y1 + 3 * y2 + 3 * y3 + y4) / 8:g}"}
        SubElement(svg, "text", {**middle, "text-anchor": "middle", "class": "label"}).text = label


def _curves(points: list[Point]) -> Iterator[tuple[Point, Point, Point, Point]]:
    """Down from the lower edge, through the gaps; back up by the right side."""
    (x, y), (end_x, end_y) = points[0], points[-1]
    if end_y <= y:
        aside = max(at for at, _ in points) + WIDTH + GAP_X
        begin, end = (x + WIDTH, y + HEIGHT / 2), (end_x + WIDTH, end_y + HEIGHT / 2)
        yield begin, (aside, begin[1]), (aside, end[1]), end
        return
    for at, ((a, top), (b, low)) in enumerate(pairwise(points)):
        upper = top + HEIGHT
        half = (low - upper) / 2
        if at:
            yield (a + WIDTH / 2, top), (a + WIDTH / 2, top), (a + WIDTH / 2, upper), (a + WIDTH / 2, upper)
        yield (a + WIDTH / 2, upper), (a + WIDTH / 2, upper + half), (b + WIDTH / 2, low - half), (b + WIDTH / 2, low)
