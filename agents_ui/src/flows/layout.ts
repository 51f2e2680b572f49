/** Where the nodes stand and which arrows are drawn. Pure. */
import { graphlib, layout } from "@dagrejs/dagre";

import type { Edge, Graph } from "./model";

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 76;

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

/** The upper left corner of every node, from top to bottom. Targets that are not there get no place. */
export function places(graph: Graph, labelOf: (arrow: Arrow) => string): Map<string, { x: number; y: number }> {
  const plan = new graphlib.Graph();
  plan.setGraph({ rankdir: "TB", nodesep: 36, ranksep: 44, edgesep: 20, marginx: 8, marginy: 8 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) plan.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const arrow of arrows(graph.edges)) {
    if (!plan.hasNode(arrow.from) || !plan.hasNode(arrow.to)) continue;
    const label = labelOf(arrow);
    plan.setEdge(arrow.from, arrow.to, label ? { width: labelWidth(label), height: 20, labelpos: "c" } : {});
  }
  layout(plan);
  return new Map(
    graph.nodes.map(({ id }) => {
      const { x, y } = plan.node(id) as { x: number; y: number };
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
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
