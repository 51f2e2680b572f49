import { describe, expect, it } from "vitest";

import { stageOf } from "@/console/desk";
import type { Seat } from "@/live/model";
import { PHONE_OFF, type TalkState } from "@/phone/phone-state";

const seat = (state: Seat["state"], phone: Seat["phone"] = "webrtc"): Seat => ({
  id: "1001", name: "王", languages: ["zh"], state, since: "2026-11-22T14:00:00+08:00", reason: "", call: "c1", phone, wished_phone: null, microphone_tried: true, has_mobile: false, wrap_up_ends: null, answered: 0, missed: 0,
});
const phone = (talk: TalkState) => ({ ...PHONE_OFF, line: "registered" as const, talk });

describe("the card on the desk", () => {
  it("pops on the first of the two signs: the INVITE or the live picture", () => {
    expect(stageOf(seat("ready"), phone("ringing"), false)).toBe("ringing");
    expect(stageOf(seat("ringing"), phone("idle"), false)).toBe("ringing");
  });

  it("shows the talk while the live picture is a moment behind", () => {
    expect(stageOf(seat("ringing"), phone("talking"), false)).toBe("talking");
  });

  it("shows hold only when Asterisk has said so", () => {
    expect(stageOf(seat("talking"), { ...phone("talking"), held: true }, false)).toBe("talking");
    expect(stageOf(seat("holding"), phone("talking"), false)).toBe("holding");
  });

  it("lets a talk on a desk telephone stand by the live picture alone", () => {
    expect(stageOf(seat("talking", "sip"), phone("idle"), false)).toBe("talking");
  });

  it("ends the talk when there is no news and the own phone is quiet", () => {
    expect(stageOf(seat("talking"), phone("idle"), true)).toBe("none");
    expect(stageOf(seat("talking"), phone("talking"), true)).toBe("talking");
  });

  it("does not pop when the phone is called back into its own talk", () => {
    expect(stageOf(seat("holding"), phone("answering"), false)).toBe("holding");
  });

  it("is not touched by the echo call of the self-test", () => {
    expect(stageOf(seat("signed_out"), phone("testing"), false)).toBe("none");
  });
});
