/** A search that somebody stays at was meant: it counts among the questions of the month. */
import { onScopeDispose, watch, type ShallowRef } from "vue";

import type { KnowledgeClient } from "./client";
import type { Found } from "./model";

export const STAYED_MS = 3000;
const WORDS_MAX = 300;

export function useStayed(client: KnowledgeClient, found: ShallowRef<Found | null>, words: () => string, call: () => string | null): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(found, (answer) => {
    clearTimeout(timer);
    const first = answer?.results[0];
    const asked = words();
    if (!first || !asked) return;
    timer = setTimeout(() => client.used({ act: "searched", kind: first.kind, target: first.id, call: call(), words: asked.slice(0, WORDS_MAX) }), STAYED_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
}
