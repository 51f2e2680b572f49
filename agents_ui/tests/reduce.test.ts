import { describe, expect, it } from "vitest";

import type { Call, Line, LiveMessage, LiveState, Seat } from "@/live/model";
import { EMPTY, GAP, reduce, type Board } from "@/live/reduce";

const call = (id: string, state: Call["state"]): Call => ({
  id, caller: "138****5678", language: "bo", line: "bo", topic: null, priority: null, source: "direct", state, started_at: "2026-11-22T14:00:00+08:00",
  queued_at: null, ringing_seat: null, seat: null, answered_at: null, hold_since: null, parties: [], listener: null,
});
const seat = (id: string, state: Seat["state"]): Seat => ({
  id, name: "王", languages: ["zh"], state, since: "2026-11-22T14:00:00+08:00", reason: "", call: null, phone: "webrtc", wished_phone: null, microphone_tried: true, has_mobile: false,
  wrap_up_ends: null, answered: 0, missed: 0,
});
const line = (id: string, waiting: number): Line => ({ id, waiting, longest_since: null, ready: 1, signed_in: 1 });
const state: LiveState = { calls: { c1: call("c1", "queued") }, seats: { "1001": seat("1001", "ready") }, lines: { bo: line("bo", 1) }, figures: null, engine: null, alarms: {}, watch: null, today: null };
const snapshot: LiveMessage = { type: "snapshot", seq: 7, at: "2026-11-22T14:00:01+08:00", state };

function fold(...messages: LiveMessage[]): Board {
  return messages.reduce((board, message) => {
    const next = reduce(board, message);
    if (next === GAP) throw new Error("gap");
    return next;
  }, EMPTY);
}

describe("the live picture", () => {
  it("starts with a snapshot and its number", () => {
    expect(fold(snapshot)).toEqual({ seq: 7, at: snapshot.at, state });
  });

  it("replaces whole entities and removes those that are null", () => {
    const board = fold(snapshot, {
      type: "delta", seq: 8, at: "2026-11-22T14:00:02+08:00",
      patch: { calls: { c1: null, c2: call("c2", "ringing") }, seats: { "1001": seat("1001", "ringing") } },
    });
    expect(Object.keys(board.state.calls)).toEqual(["c2"]);
    expect(board.state.seats["1001"]?.state).toBe("ringing");
    expect(board.state.lines).toEqual(state.lines);
  });

  it("equals a fresh snapshot after the same deltas", () => {
    const later: LiveState = { ...state, calls: { c1: call("c1", "talking") }, lines: { bo: line("bo", 0) } };
    const folded = fold(snapshot, { type: "delta", seq: 8, at: "x", patch: { calls: later.calls, lines: later.lines } });
    const fresh = fold({ type: "snapshot", seq: 8, at: "x", state: later });
    expect(folded).toEqual(fresh);
  });

  it("does not change the board it was given", () => {
    const before = fold(snapshot);
    reduce(before, { type: "delta", seq: 8, at: "x", patch: { calls: { c1: null } } });
    expect(before.state.calls["c1"]).toBeDefined();
  });

  it("starts over when a number is missing, repeated or too early", () => {
    const board = fold(snapshot);
    for (const seq of [7, 9, 6]) expect(reduce(board, { type: "delta", seq, at: "x", patch: {} })).toBe(GAP);
    expect(reduce(EMPTY, { type: "delta", seq: 1, at: "x", patch: {} })).toBe(GAP);
  });

  it("lets a beat move the clock and nothing else", () => {
    const board = fold(snapshot, { type: "beat", seq: 7, at: "2026-11-22T14:00:06+08:00" });
    expect(board).toEqual({ seq: 7, at: "2026-11-22T14:00:06+08:00", state });
  });

  it("notices by a beat that a delta was lost", () => {
    expect(reduce(fold(snapshot), { type: "beat", seq: 8, at: "x" })).toBe(GAP);
  });
});
