import { onUnmounted, reactive, watch } from "vue";

import { ApiError } from "@/api/client";

/**
 * A button shows *asked* until Asterisk's event says *done*; a refusal is said in words beside it.
 * Nothing here changes a state: only events do.
 */
export interface Asked {
  /** Name of what was asked for; empty: nothing. */
  what: string;
  error: ApiError | null;
}

export interface Wish {
  /** Sends it. */
  act(): unknown;
  /** Confirmed by the live picture. */
  done(): boolean;
  /** While this holds the wish may wait: a pause asked for in a talk begins after it. */
  mayWait?(): boolean;
}

export interface Asker {
  asked: Asked;
  /** A newer wish takes the place of one that is not confirmed yet. */
  ask(what: string, wish: Wish): Promise<void>;
}

export const CONFIRM_WITHIN_MS = 8000;

export function useAsked(): Asker {
  const asked = reactive<Asked>({ what: "", error: null });
  let stop: () => void = () => undefined;

  /** False: a newer wish took its place. */
  function confirmed({ done, mayWait }: Wish): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const look = () => {
        clearTimeout(timer);
        if (done()) end(() => resolve(true));
        else if (!mayWait?.()) timer = setTimeout(() => end(() => reject(new ApiError(0, "no-confirmation", ""))), CONFIRM_WITHIN_MS);
      };
      const unwatch = watch(() => [done(), mayWait?.() ?? false], look);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        unwatch();
        settle();
      };
      stop = () => end(() => resolve(false));
      look();
    });
  }

  async function ask(what: string, wish: Wish): Promise<void> {
    stop();
    asked.what = what;
    asked.error = null;
    let newest = true;
    stop = () => (newest = false);
    try {
      await wish.act();
      if (newest) newest = await confirmed(wish);
    } catch (error) {
      if (newest) asked.error = error instanceof ApiError ? error : new ApiError(0, "phone-refused", String(error));
    } finally {
      if (newest) asked.what = "";
    }
  }

  onUnmounted(() => stop());
  return { asked, ask };
}
