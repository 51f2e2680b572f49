/** How many callers are in each node now and how many it lost today: asked again and again while the page is seen. */
import { onScopeDispose, ref, shallowRef } from "vue";

import type { FlowsClient } from "./client";
import type { LiveCounts } from "./model";

const EVERY_MS = 4000;

export function useCounts(client: FlowsClient, id: string) {
  const counts = shallowRef<LiveCounts | null>(null);
  /** The last question had no answer: what is shown is old. */
  const stale = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  async function ask(): Promise<void> {
    if (document.visibilityState === "visible") {
      try {
        counts.value = await client.live(id);
        stale.value = false;
      } catch {
        stale.value = true;
      }
    }
    if (!over) timer = setTimeout(() => void ask(), EVERY_MS);
  }
  void ask();
  onScopeDispose(() => {
    over = true;
    clearTimeout(timer);
  });
  return { counts, stale };
}
