import { describe, expect, it } from "vitest";

import type { Line, Seat } from "@/live/model";
import { uncovered } from "@/wallboard/coverage";

const seat = (languages: string[], state: Seat["state"]): Seat => ({
  id: "1003", name: "乌", languages, state, since: "2026-11-22T14:00:00+08:00", reason: "", call: null, phone: null, wished_phone: null, microphone_tried: true, has_mobile: false, wrap_up_ends: null, answered: 0, missed: 0,
});
const lines = Object.fromEntries(["zh", "mn"].map((id): [string, Line] => [id, { id, waiting: 0, longest_since: null, ready: 0, signed_in: 1 }]));
const gaps = (...seats: Seat[]) => [...uncovered(lines, Object.fromEntries(seats.map((each, n) => [String(n), each])))];

describe("a line without cover", () => {
  it("has no seat of its language on duty", () => {
    expect(gaps(seat(["zh"], "ready"), seat(["zh", "mn"], "signed_out"))).toEqual(["mn"]);
  });

  it("has seats on duty whose phones are all gone", () => {
    expect(gaps(seat(["zh", "mn"], "unreachable"))).toEqual(["zh", "mn"]);
  });

  it("is covered by a seat that talks or has a break", () => {
    expect(gaps(seat(["zh", "mn"], "paused"))).toEqual([]);
    expect(gaps(seat(["zh", "mn"], "talking"))).toEqual([]);
  });
});
