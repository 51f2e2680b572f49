import { describe, expect, it } from "vitest";

import type { Call, Listener } from "@/live/model";
import { callOf, LISTEN_MODES, modesFrom } from "@/supervisor/listening";

const call = (id: string, listener: Listener | null): Call => ({
  id, caller: "", language: null, line: null, topic: null, priority: null, source: "direct", state: "talking",
  started_at: "2026-11-22T14:00:00+08:00", queued_at: null, ringing_seat: null, seat: "1001", answered_at: null, hold_since: null, parties: [], listener,
});

describe("a supervisor at a talk", () => {
  it("is at the call whose listener he is, and at no other", () => {
    const calls = { a: call("a", null), b: call("b", { person: "chen", mode: "listen", seat: "1001" }) };
    expect(callOf(calls, "chen")?.id).toBe("b");
    expect(callOf(calls, "zhao")).toBeNull();
    expect(callOf(calls, undefined)).toBeNull();
  });

  it("goes from each way to each other, but cannot give back what he has taken over", () => {
    for (const mode of ["listen", "whisper", "barge"] as const) expect(modesFrom(mode)).toEqual(LISTEN_MODES);
    expect(modesFrom("take_over")).toEqual(["take_over"]);
  });
});
