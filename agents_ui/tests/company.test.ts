import { describe, expect, it } from "vitest";

import { companyOf, found, isParty, nextAble, targetsOf } from "@/console/company";
import type { Call, Seat, TalkParty } from "@/live/model";
import { actionsFor, isDone } from "@/supervisor/seat-actions";

const seat = (id: string, state: Seat["state"], call: string | null = null): Seat => ({
  id, name: `人${id}`, languages: ["zh"], state, since: "2026-11-22T14:00:00+08:00", reason: "", call, phone: "webrtc", wished_phone: null, microphone_tried: true, has_mobile: false, wrap_up_ends: null, answered: 0, missed: 0,
});
const call = (...parties: TalkParty[]): Call => ({
  id: "c1", caller: "138****5678", language: "zh", line: "zh", topic: null, priority: null, source: "direct", state: "talking",
  started_at: "2026-11-22T14:00:00+08:00", queued_at: null, ringing_seat: null, seat: "1001", answered_at: null, hold_since: null, parties, listener: null,
});
const seats = (...all: Seat[]): Record<string, Seat> => Object.fromEntries(all.map((one) => [one.id, one]));
const words = { language: (code: string) => ({ zh: "汉语", bo: "藏语" })[code] ?? code, line: (ready: number, waiting: number) => `${ready}/${waiting}` };
const parties = {
  seats: [
    { seat: "1002", name: "李", languages: ["zh", "bo"], state: "ready" as const, can_take: true },
    { seat: "1003", name: "张", languages: ["zh"], state: "ready" as const, can_take: true },
  ],
  lines: [{ line: "bo", ready: 1, waiting: 2 }],
  outside: [{ name: "police", title: "110 报警" }],
  interpreters: [],
};

describe("the company in a talk", () => {
  it("is whoever was called in, without this seat", () => {
    const others: TalkParty[] = [{ seat: "1002", place: "", state: "called" }, { seat: null, place: "police", state: "talking" }];
    expect(companyOf(call(...others), seats(seat("1001", "holding", "c1"), seat("1002", "ringing", "c1")), "1001")).toEqual(others);
  });

  it("is the seat that answered first, for the one that was called in", () => {
    const live = seats(seat("1001", "holding", "c1"), seat("1002", "talking", "c1"), seat("1003", "wrap_up", "c1"));
    expect(companyOf(call({ seat: "1002", place: "", state: "talking" }), live, "1002")).toEqual([{ seat: "1001", place: "", state: "talking" }]);
  });

  it("is nobody after the seat has come back to its own caller", () => {
    expect(companyOf(call({ seat: "1001", place: "", state: "talking" }), seats(seat("1001", "talking", "c1")), "1001")).toEqual([]);
  });
});

describe("whom to call", () => {
  it("shows the state that the live picture knows now, and those who cannot take a call last", () => {
    const targets = targetsOf(parties, seats(seat("1002", "talking", "c2")), words);
    expect(targets.map(({ name, able }) => [name, able])).toEqual([["1003", true], ["1002", false], ["bo", true], ["police", true]]);
    expect(targets[1]?.state).toBe("talking");
  });

  it("is found by number, name, language and place, every word of it", () => {
    const targets = targetsOf(parties, {}, words);
    const names = (typed: string) => found(targets, typed).map(({ name }) => name);
    expect(names("藏语 10")).toEqual(["1002"]);
    expect(names("110")).toEqual(["police"]);
    expect(names("POLICE")).toEqual(["police"]);
    expect(names("")).toHaveLength(4);
  });

  it("is chosen by arrows that pass over those who cannot take a call", () => {
    const targets = targetsOf(parties, seats(seat("1002", "talking", "c2")), words);
    expect(nextAble(targets, -1, 1)).toBe(0);
    expect(nextAble(targets, 0, 1)).toBe(2);
    expect(nextAble(targets, 0, -1)).toBe(3);
    expect(nextAble(targets, 3, 1)).toBe(0);
    expect(nextAble([], -1, 1)).toBe(-1);
  });

  it("is told apart: a seat from a number outside", () => {
    expect(isParty({ seat: "1002", place: "", state: "called" }, { to: "seat", name: "1002" })).toBe(true);
    expect(isParty({ seat: null, place: "police", state: "called" }, { to: "outside", name: "police" })).toBe(true);
    expect(isParty({ seat: null, place: "police", state: "called" }, { to: "seat", name: "police" })).toBe(false);
  });
});

describe("a supervisor's actions on a seat", () => {
  it("fit what the seat does", () => {
    expect(actionsFor(seat("1001", "talking"))).toContain("free");
    expect(actionsFor(seat("1001", "ready"))).toEqual(["paused", "signed_out"]);
    expect(actionsFor(seat("1001", "paused"))).toEqual(["ready", "signed_out"]);
    expect(actionsFor(seat("1001", "signed_out"))).toEqual([]);
  });

  it("are done when the live picture says so, a pause only with its reason", () => {
    expect(isDone("free", seat("1001", "wrap_up"), "")).toBe(false);
    expect(isDone("free", seat("1001", "ready"), "")).toBe(true);
    expect(isDone("paused", { ...seat("1001", "paused"), reason: "meal" }, "break")).toBe(false);
    expect(isDone("paused", { ...seat("1001", "paused"), reason: "break" }, "break")).toBe(true);
  });
});
