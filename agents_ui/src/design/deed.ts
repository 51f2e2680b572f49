import { ref, type Ref } from "vue";

import { useErrorText } from "./errors";

/** One thing asked of the server. */
export interface Deed {
  /** It is on its way. */
  busy: Ref<boolean>;
  /** Why it was refused, in the reader's words; empty: it was not. */
  error: Ref<string>;
  /** `refused` may put it in better words (or in none: ""), or put back what the person sees. */
  run(deed: () => Promise<unknown>, refused?: (cause: unknown) => string | undefined): Promise<void>;
}

export function useDeed(errorText: (cause: unknown) => string = useErrorText()): Deed {
  const busy = ref(false);
  const error = ref("");

  async function run(deed: () => Promise<unknown>, refused?: (cause: unknown) => string | undefined): Promise<void> {
    busy.value = true;
    error.value = "";
    try {
      await deed();
    } catch (cause) {
      error.value = refused?.(cause) ?? errorText(cause);
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, run };
}
