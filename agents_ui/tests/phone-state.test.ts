import { describe, expect, it } from "vitest";

import { IllegalTransition, PHONE_OFF, phoneStep, TALK_NEXT, type PhoneEvent, type PhoneState, type TalkState } from "@/phone/phone-state";

const after = (...events: PhoneEvent[]): PhoneState => events.reduce(phoneStep, PHONE_OFF);
const talk = (state: TalkState): PhoneEvent => ({ type: "talk", talk: state });

describe("the phone's line", () => {
  it("registers, is lost and comes back", () => {
    const state = after(
      { type: "line", line: "connecting" }, { type: "line", line: "registered" },
      { type: "line", line: "lost", cause: "Connection Error" }, { type: "line", line: "connecting" }, { type: "line", line: "registered" },
    );
    expect(state).toMatchObject({ line: "registered", cause: "" });
  });

  it("says why it was refused", () => {
    expect(after({ type: "line", line: "connecting" }, { type: "line", line: "refused", cause: "Rejected" }).cause).toBe("Rejected");
  });

  it("cannot be registered without having tried", () => {
    expect(() => after({ type: "line", line: "registered" })).toThrow(new IllegalTransition("line", "off", "registered"));
  });
});

describe("the phone's talk", () => {
  it("goes from ringing to talking and back to idle", () => {
    expect(after(talk("ringing"), talk("answering"), talk("talking"), talk("ending"), talk("idle"))).toEqual(PHONE_OFF);
  });

  it("may end at every step, as callers do", () => {
    for (const [state, next] of Object.entries(TALK_NEXT)) {
      if (state !== "idle") expect(next, state).toContain("idle");
    }
  });

  it("refuses every arrow that is not drawn", () => {
    const states = Object.keys(TALK_NEXT) as TalkState[];
    for (const from of states) {
      for (const to of states.filter((other) => other !== from && !TALK_NEXT[from].includes(other))) {
        expect(() => phoneStep({ ...PHONE_OFF, talk: from }, talk(to)), `${from} -> ${to}`).toThrow(IllegalTransition);
      }
    }
  });

  it("forgets mute and hold with the talk", () => {
    const muted = after(talk("ringing"), talk("answering"), talk("talking"), { type: "muted", on: true }, { type: "held", on: true });
    expect(muted).toMatchObject({ muted: true, held: true });
    expect(phoneStep(muted, talk("idle"))).toMatchObject({ muted: false, held: false });
  });

  it("cannot be muted while nobody talks", () => {
    expect(after({ type: "muted", on: true }).muted).toBe(false);
  });
});
