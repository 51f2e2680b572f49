/** What the flow editor is told and tells; the shapes of `/api/flows`. */

export interface Edge {
  from: string;
  to: string;
  label: string;
  /** Taken only when the caller presses something. */
  by_key: boolean;
}

export interface GraphNode {
  id: string;
  kind: string;
  /** The node's first value: a prompt, a line, a destination. */
  title: string;
  note: string;
  line: number | null;
}

export interface Graph {
  start: string;
  nodes: GraphNode[];
  edges: Edge[];
}

export interface Finding {
  /** `main.yaml`; another one when a part breaks the flow that uses it. */
  file?: string;
  line: number | null;
  code: string;
  severity: "error" | "warning";
  node: string | null;
  message: string;
}

export interface FlowItem {
  id: string;
  title: string;
  purpose: string;
  /** Null: never published. */
  version: number | null;
  published_at: string | null;
  published_by: string | null;
  why: string | null;
  has_draft: boolean;
  draft_errors: number;
}

export interface Draft {
  yaml: string;
  revision: number;
  base_version: number | null;
  changed_at: string;
  changed_by: string;
  /** Null: the text cannot be read as a flow. */
  graph: Graph | null;
  findings: Finding[];
}

export interface FlowText {
  id: string;
  version: number | null;
  yaml: string | null;
  graph: Graph | null;
  findings: Finding[];
  draft: Draft | null;
  prompts: string[];
  queues: string[];
  destinations: string[];
  languages: string[];
  flows?: string[];
  test_number?: string | null;
}

/** One node the caller was in, as `callcenter flows walk --json` prints it; the last one tells the end. */
export interface Step {
  node?: string;
  kind?: string;
  played?: string[];
  /** `<language>/<prompt>` in the order heard. */
  spoken?: string[];
  key?: string | null;
  next?: string | null;
  facts?: Record<string, string>;
  end?: string;
  queue?: string;
  to?: string;
}

export interface WalkWish {
  of: "draft" | "published";
  lang: string;
  keys: string[];
  at?: string;
  set?: Record<string, string>;
}

export interface Version {
  version: number;
  published_at: string;
  published_by: string;
  why: string;
  rolled_back_from: number | null;
}

export interface NodeCounts {
  now: number;
  entered_today: number;
  lost_today: number;
}

export interface LiveCounts {
  at: string;
  nodes: Record<string, NodeCounts>;
}

/** A node as it stands in the file: one kind word, and its fields. */
export type NodeFields = Record<string, unknown>;
