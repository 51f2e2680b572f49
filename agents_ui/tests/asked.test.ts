import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";

import { ApiError } from "@/api/client";
import { CONFIRM_WITHIN_MS, useAsked, type Asker } from "@/live/asked";

let asker: Asker;
const scope = effectScope();

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockReturnValue(undefined); // onUnmounted outside a component
  scope.run(() => (asker = useAsked()));
});
afterEach(() => {
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("a button", () => {
  it("shows asked until the event says done", async () => {
    const state = ref("paused");
    void asker.ask("ready", { act: () => undefined, done: () => state.value === "ready" });
    await settle();
    expect(asker.asked.what).toBe("ready");
    state.value = "ready";
    await nextTick();
    await settle();
    expect(asker.asked).toEqual({ what: "", error: null });
  });

  it("says in words why it was refused", async () => {
    const refusal = new ApiError(409, "seat-is-talking", "");
    await asker.ask("ready", { act: () => Promise.reject(refusal), done: () => false });
    expect(asker.asked).toEqual({ what: "", error: refusal });
  });

  it("admits that nothing was confirmed", async () => {
    void asker.ask("ready", { act: () => undefined, done: () => false });
    await vi.advanceTimersByTimeAsync(CONFIRM_WITHIN_MS + 1);
    expect(asker.asked.error?.code).toBe("no-confirmation");
  });

  it("waits as long as a talk lasts, then only a moment", async () => {
    const talking = ref(true);
    void asker.ask("paused", { act: () => undefined, done: () => false, mayWait: () => talking.value });
    await vi.advanceTimersByTimeAsync(10 * CONFIRM_WITHIN_MS);
    expect(asker.asked).toEqual({ what: "paused", error: null });
    talking.value = false;
    await nextTick();
    await vi.advanceTimersByTimeAsync(CONFIRM_WITHIN_MS + 1);
    expect(asker.asked.error?.code).toBe("no-confirmation");
  });

  it("gives way to a newer wish", async () => {
    const state = ref("wrap_up");
    void asker.ask("paused", { act: () => undefined, done: () => state.value === "paused", mayWait: () => true });
    await settle();
    void asker.ask("signed_out", { act: () => undefined, done: () => state.value === "signed_out", mayWait: () => true });
    await settle();
    state.value = "paused";
    await nextTick();
    await settle();
    expect(asker.asked.what).toBe("signed_out");
  });
});
