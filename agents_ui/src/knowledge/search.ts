/** A search that follows the typing: one question at a time counts, the last one. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";

import type { KnowledgeClient, Wanted } from "./client";
import type { Found } from "./model";

export const PAUSE_MS = 150;

export interface Search {
  found: ShallowRef<Found | null>;
  busy: Ref<boolean>;
  error: ShallowRef<unknown>;
  again(): void;
}

/** `wanted` null: nothing to ask. */
export function useSearch(client: KnowledgeClient, wanted: () => Wanted | null, pauseMs = PAUSE_MS): Search {
  const found = shallowRef<Found | null>(null);
  const busy = ref(false);
  const error = shallowRef<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  async function ask(asked: Wanted, mine: number): Promise<void> {
    try {
      const answer = await client.search(asked);
      if (mine !== latest) return;
      found.value = answer;
      error.value = null;
    } catch (cause) {
      if (mine === latest) error.value = cause;
    }
    if (mine === latest) busy.value = false;
  }

  function start(pause: number): void {
    clearTimeout(timer);
    latest += 1;
    const asked = wanted();
    if (!asked) {
      found.value = null;
      busy.value = false;
      error.value = null;
      return;
    }
    busy.value = true;
    const mine = latest;
    timer = setTimeout(() => void ask(asked, mine), pause);
  }

  watch(() => JSON.stringify(wanted()), () => start(pauseMs), { immediate: true });
  onScopeDispose(() => {
    clearTimeout(timer);
    latest += 1;
  });
  return { found, busy, error, again: () => start(0) };
}
