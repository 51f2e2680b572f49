/** Where the nodes stand and which arrows are drawn. Pure. */
import { graphlib, layout } from "@dagrejs/dagre";

import type { Edge, Graph } from "./model";

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 76;
/** An arrow is upright so far from its nodes. */
const STRAIGHT = 10;

export interface Arrow {
  id: string;
  from: string;
  to: string;
  labels: string[];
  by_key: boolean;
}

/** One arrow for all ways from a node to another: five keys that lead to one place are one thing to see. */
export function arrows(edges: readonly Edge[]): Arrow[] {
  const found = new Map<string, Arrow>();
  for (const { from, to, label, by_key } of edges) {
    const id = `${from}>${to}`;
    const arrow = found.get(id) ?? { id, from, to, labels: [], by_key: false };
    if (label && !arrow.labels.includes(label)) arrow.labels.push(label);
    arrow.by_key ||= by_key;
    found.set(id, arrow);
  }
  return [...found.values()];
}

/** Rough width of a label on the screen, in px: Chinese characters are twice as wide as Latin ones. */
export const labelWidth = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 13 : 7), 12);

export interface Point {
  x: number;
  y: number;
}
export interface Plan {
  /** The upper left corner of every node. */
  nodes: Map<string, Point>;
  /** The way of every arrow around the nodes, and the middle of its label, by the arrow's id. */
  ways: Map<string, { points: Point[]; label: Point }>;
}

/** From top to bottom, the ways of a question from left to right in their order. Targets that are not there get no place. */
export function planned(graph: Graph, labelOf: (arrow: Arrow) => string): Plan {
  const plan = new graphlib.Graph();
  plan.setGraph({ rankdir: "TB", nodesep: 36, ranksep: 52, edgesep: 24, marginx: 8, marginy: 8 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) plan.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  const drawn = arrows(graph.edges).filter((arrow) => plan.hasNode(arrow.from) && plan.hasNode(arrow.to));
  for (const arrow of drawn) {
    const label = labelOf(arrow);
    plan.setEdge(arrow.from, arrow.to, label ? { width: labelWidth(label), height: 20, labelpos: "c" } : { width: 0, height: 0 });
  }
  layout(plan);
  const at = (id: string) => plan.node(id) as Point;
  const turn = mirrored(drawn, at) ? (point: Point) => ({ x: -point.x, y: point.y }) : ({ x, y }: Point) => ({ x, y });
  const corner = ({ x, y }: Point) => ({ x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 });
  return {
    nodes: new Map(graph.nodes.map(({ id }) => [id, corner(turn(at(id)))])),
    ways: new Map(
      drawn.map(({ id, from, to }) => {
        const way = plan.edge(from, to) as { points: Point[]; x?: number; y?: number };
        const half = NODE_HEIGHT / 2;
        const [out, into] = [turn(at(from)), turn(at(to))];
        // dagre's own ends lie anywhere on the rim: here an arrow leaves below and comes in above
        const leaves = { x: out.x, y: out.y + half };
        const comes = { x: into.x, y: into.y - half };
        const points = [leaves, { x: leaves.x, y: leaves.y + STRAIGHT }, ...way.points.slice(1, -1).map(turn), { x: comes.x, y: comes.y - STRAIGHT }, comes];
        const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
        return [id, { points, label: way.x === undefined || way.y === undefined ? middle : turn({ x: way.x, y: way.y }) }];
      }),
    ),
  };
}

/** More siblings stand against their order than in it: key 1 on the right of key 4. */
function mirrored(drawn: readonly Arrow[], at: (id: string) => Point): boolean {
  let sum = 0;
  drawn.forEach((arrow, n) => {
    const next = drawn.slice(n + 1).find((other) => other.from === arrow.from);
    if (next) sum += Math.sign(at(next.to).x - at(arrow.to).x);
  });
  return sum < 0;
}

/** An SVG path through the points, upright at each of them. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let before = first;
  const pieces = rest.map((point) => {
    const middle = (before.y + point.y) / 2;
    const piece = before.x === point.x ? `V${point.y}` : `C${before.x},${middle} ${point.x},${middle} ${point.x},${point.y}`;
    before = point;
    return piece;
  });
  return [`M${first.x},${first.y}`, ...pieces].join(" ");
}

/** The node an arrow key leads to: down along the first way out, up to the first that leads here, aside to a sibling. */
export function neighbour(graph: Graph, at: string, key: string): string {
  const down = (id: string) => arrows(graph.edges).filter((arrow) => arrow.from === id && arrow.to !== id).map((arrow) => arrow.to);
  const up = (id: string) => arrows(graph.edges).filter((arrow) => arrow.to === id && arrow.from !== id).map((arrow) => arrow.from);
  if (key === "ArrowDown") return down(at)[0] ?? "";
  if (key === "ArrowUp") return up(at)[0] ?? "";
  const siblings = up(at).flatMap(down);
  const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  return step ? (siblings[siblings.indexOf(at) + step] ?? "") : "";
}
