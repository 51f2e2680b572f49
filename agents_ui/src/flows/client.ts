/** What the screens ask of the flows. */
import type { Api } from "@/api/client";

import type { Draft, FlowItem, FlowText, LiveCounts, NodeFields, Step, Version, WalkWish } from "./model";
import type { FlowSchema } from "./fields";

export interface FlowsClient {
  list(): Promise<FlowItem[]>;
  schema(): Promise<FlowSchema>;
  flow(id: string): Promise<FlowText>;
  create(wish: { id: string; title: string; purpose: string; copy_of?: string }): Promise<void>;
  saveText(id: string, yaml: string, revision: number | null): Promise<Draft>;
  saveNode(id: string, node: string, fields: NodeFields, revision: number | null): Promise<Draft>;
  removeNode(id: string, node: string, revision: number | null): Promise<Draft>;
  discard(id: string): Promise<void>;
  walk(id: string, wish: WalkWish): Promise<Step[]>;
  publish(id: string, revision: number, why: string): Promise<number>;
  versions(id: string): Promise<Version[]>;
  version(id: string, version: number): Promise<{ version: number; yaml: string; diff: string }>;
  draftDiff(id: string): Promise<string>;
  rollBack(id: string, version: number, why: string): Promise<number>;
  live(id: string): Promise<LiveCounts>;
}

export function createFlows(api: Api): FlowsClient {
  const at = (id: string, rest = "") => `/flows/${encodeURIComponent(id)}${rest}`;
  const node = (id: string, name: string) => at(id, `/draft/nodes/${encodeURIComponent(name)}`);
  return {
    list: async () => (await api.get<{ items: FlowItem[] }>("/flows")).items,
    schema: () => api.get<FlowSchema>("/flows/schema"),
    flow: (id) => api.get<FlowText>(at(id)),
    create: (wish) => api.post("/flows", wish),
    saveText: (id, yaml, revision) => api.put<Draft>(at(id, "/draft"), { yaml, revision }),
    saveNode: (id, name, fields, revision) => api.put<Draft>(node(id, name), { node: fields, revision }),
    removeNode: (id, name, revision) => api.remove<Draft>(node(id, name), { revision: revision ?? undefined }),
    discard: (id) => api.remove(at(id, "/draft")),
    walk: async (id, wish) => (await api.post<{ steps: Step[] }>(at(id, "/walk"), wish)).steps,
    publish: async (id, revision, why) => (await api.post<{ version: number }>(at(id, "/publish"), { revision, why })).version,
    versions: async (id) => (await api.get<{ items: Version[] }>(at(id, "/versions"))).items,
    version: (id, version) => api.get(at(id, `/versions/${version}`)),
    draftDiff: async (id) => (await api.get<{ diff: string }>(at(id, "/draft/diff"))).diff,
    rollBack: async (id, version, why) => (await api.post<{ version: number }>(at(id, "/rollback"), { version, why })).version,
    live: (id) => api.get<LiveCounts>(at(id, "/live")),
  };
}
