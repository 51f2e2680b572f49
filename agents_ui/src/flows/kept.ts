/** Text typed by a person, kept in this browser until the server has it. */

export interface Kept {
  /** What the server had when typing began. */
  base: string;
  text: string;
}

const key = (flow: string): string => `callcenter.flow.${flow}`;
const nodeKey = (flow: string, node: string): string => `${key(flow)}.node.${node}`;

function put(storage: Storage, name: string, value: unknown): void {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch {
    return; // full or forbidden: typing goes on all the same
  }
}

function take<T>(storage: Storage, name: string): T | null {
  try {
    return JSON.parse(storage.getItem(name) ?? "null") as T | null;
  } catch {
    return null;
  }
}

export const keepText = (storage: Storage, flow: string, kept: Kept): void => put(storage, key(flow), kept);
export const keptText = (storage: Storage, flow: string): Kept | null => take<Kept>(storage, key(flow));
export const forgetText = (storage: Storage, flow: string): void => storage.removeItem(key(flow));

/** The fields of a node's form that nobody has saved yet. */
export const keepForm = (storage: Storage, flow: string, node: string, values: object): void => put(storage, nodeKey(flow, node), values);
export const keptForm = (storage: Storage, flow: string, node: string): Record<string, unknown> | null => take(storage, nodeKey(flow, node));
export const forgetForm = (storage: Storage, flow: string, node: string): void => storage.removeItem(nodeKey(flow, node));

/** What a screen that opens has to do with kept text, the server now saying `server`. */
export function resumed(kept: Kept | null, server: string): "nothing" | "go-on" | "conflict" {
  if (!kept || kept.text === server) return "nothing";
  return kept.base === server ? "go-on" : "conflict";
}
