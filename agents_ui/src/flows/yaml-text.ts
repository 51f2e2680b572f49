/** The flow's text read in the browser: a node's fields and lines, and changes that leave every other letter alone. Pure. */
import { isMap, isScalar, isSeq, parseDocument, LineCounter, type Pair, type Scalar, type YAMLMap } from "yaml";

import type { NodeFields } from "./model";

interface Read {
  root: YAMLMap;
  nodes: YAMLMap;
  lines: LineCounter;
}

function read(text: string): Read | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: false });
  if (document.errors.length || !isMap(document.contents)) return null;
  const nodes = document.contents.get("nodes");
  return isMap(nodes) ? { root: document.contents, nodes, lines } : null;
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : "");

/** Null: the text cannot be read. */
export function nodesOf(text: string): Record<string, NodeFields> | null {
  const found = read(text);
  return found && (found.nodes.toJSON() as Record<string, NodeFields>);
}

/** First line of each node, counted from 1. */
export function linesOf(text: string): Map<string, number> {
  const found = read(text);
  const lines = new Map<string, number>();
  for (const pair of found?.nodes.items ?? []) {
    const at = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    if (found && at !== undefined) lines.set(keyOf(pair), found.lines.linePos(at).line);
  }
  return lines;
}

/** The node a line belongs to; empty: none. */
export function nodeAt(text: string, line: number): string {
  let last = "";
  for (const [node, first] of linesOf(text)) if (first <= line) last = node;
  return last;
}

const TABLES = new Set(["keys", "words"]);
const WAYS = new Set(["next", "otherwise", "open", "closed", "go"]);

/** Every place that names a node: `start`, the node's own key, the ways out, the keys of a question, the lines of a branch. */
function places(found: Read, name: string): Scalar[] {
  const out: Scalar[] = [];
  const take = (value: unknown) => isScalar(value) && value.value === name && out.push(value);
  take(found.root.get("start", true));
  for (const pair of found.nodes.items) {
    take(pair.key);
    if (!isMap(pair.value)) continue;
    for (const field of pair.value.items) {
      if (WAYS.has(keyOf(field))) take(field.value);
      if (TABLES.has(keyOf(field)) && isMap(field.value)) field.value.items.forEach((entry) => take(entry.value));
      if (keyOf(field) === "branch" && isSeq(field.value)) field.value.items.forEach((line) => isMap(line) && take(line.get("go", true)));
    }
  }
  return out;
}

function replaced(text: string, found: readonly Scalar[], word: string): string {
  const spans = found.flatMap((scalar) => (scalar.range ? [scalar.range] : [])).sort((a, b) => b[0] - a[0]);
  return spans.reduce((now, [from, to]) => now.slice(0, from) + word + now.slice(to), text);
}

/** The node with another name, everywhere. Null: the text cannot be read, or the new name is taken or is none. */
export function renamed(text: string, from: string, to: string): string | null {
  const found = read(text);
  if (!found || !NAME.test(to) || found.nodes.has(to) || !found.nodes.has(from)) return null;
  return replaced(text, places(found, from), to);
}

/** The flow beginning at another node. */
export function started(text: string, node: string): string | null {
  const found = read(text);
  const start = found?.root.get("start", true);
  return found?.nodes.has(node) && isScalar(start) ? replaced(text, [start], node) : null;
}

/** The nodes that lead to this one: they would lead nowhere without it. */
export function leadingTo(text: string, name: string): string[] {
  const found = read(text);
  if (!found) return [];
  const others = found.nodes.items.filter((pair) => keyOf(pair) !== name);
  return others.filter((pair) => places({ ...found, root: EMPTY, nodes: { ...found.nodes, items: [pair] } as YAMLMap }, name).length > 0).map(keyOf);
}
const EMPTY = parseDocument("{}").contents as unknown as YAMLMap;

/** What nodes, prompts and flows may be called. */
export const NAME = /^(?=.{1,40}$)[a-z][a-z0-9]{0,29}(-[a-z0-9]{1,29}){0,9}$/;

/** A name that is free: `menu`, `menu-2`, … */
export function freeName(taken: readonly string[], wish: string): string {
  if (!taken.includes(wish)) return wish;
  for (let n = 2; ; n += 1) if (!taken.includes(`${wish}-${n}`)) return `${wish}-${n}`;
}

/** The flow's own title. Empty while the text cannot be read. */
export function titleOf(text: string): string {
  const title = read(text)?.root.get("title");
  return typeof title === "string" ? title : "";
}
