import { reactive, watch } from "vue";

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

const CONFIRM_WITHIN_MS = 8000;

export interface Asker {
  asked: Asked;
  /** Does `act`, then waits until `done` holds. */
  ask(what: string, act: () => unknown, done: () => boolean): Promise<void>;
}

export function useAsked(): Asker {
  const asked = reactive<Asked>({ what: "", error: null });

  async function ask(what: string, act: () => unknown, done: () => boolean): Promise<void> {
    if (asked.what) return;
    asked.what = what;
    asked.error = null;
    try {
      await act();
      await confirmed(done);
    } catch (error) {
      asked.error = error instanceof ApiError ? error : new ApiError(0, "phone-refused", String(error));
    } finally {
      asked.what = "";
    }
  }

  return { asked, ask };
}

function confirmed(done: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      stop();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new ApiError(0, "no-confirmation", ""))), CONFIRM_WITHIN_MS);
    const stop = watch(done, (is) => is && end(resolve));
    if (done()) end(resolve);
  });
}
