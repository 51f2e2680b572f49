/**
 * The browser phone as a value. No SIP here: `softphone.ts` turns JsSIP's events into these, and obeys.
 *
 * Line (registration), intent is kept apart in `softphone.ts`:
 *
 *     off -> connecting -> registered <-> lost
 *                |  ^          |
 *                v  |          v
 *              refused        off          elsewhere: another tab of this browser holds the phone
 *
 * Talk (at most one):
 *
 *     idle -> ringing -> answering -> talking -> ending -> idle
 *       |        |___________|___________|_________________^
 *       |-> testing -> idle                (the echo call of the self-test)
 *
 * `muted` and `held` qualify `talking`; `held` is true only after Asterisk has accepted the re-INVITE.
 */
export type LineState = "off" | "connecting" | "registered" | "refused" | "lost" | "elsewhere";
export type TalkState = "idle" | "ringing" | "answering" | "talking" | "ending" | "testing";

export interface PhoneState {
  line: LineState;
  /** Why it was refused or lost, in the library's word. */
  cause: string;
  talk: TalkState;
  muted: boolean;
  held: boolean;
}

export type PhoneEvent =
  | { type: "line"; line: LineState; cause?: string }
  | { type: "talk"; talk: TalkState }
  | { type: "muted"; on: boolean }
  | { type: "held"; on: boolean };

export const PHONE_OFF: PhoneState = { line: "off", cause: "", talk: "idle", muted: false, held: false };

export const LINE_NEXT: Record<LineState, readonly LineState[]> = {
  off: ["connecting", "elsewhere"],
  connecting: ["registered", "refused", "lost", "off", "elsewhere"],
  registered: ["lost", "refused", "off", "elsewhere"],
  refused: ["connecting", "registered", "lost", "off", "elsewhere"],
  lost: ["connecting", "registered", "refused", "off", "elsewhere"],
  elsewhere: ["connecting", "off"],
};

export const TALK_NEXT: Record<TalkState, readonly TalkState[]> = {
  idle: ["ringing", "testing"],
  ringing: ["answering", "ending", "idle"],
  answering: ["talking", "ending", "idle"],
  talking: ["ending", "idle"],
  ending: ["idle"],
  testing: ["idle"],
};

export class IllegalTransition extends Error {
  constructor(what: string, from: string, to: string) {
    super(`phone ${what}: ${from} -> ${to}`);
    this.name = "IllegalTransition";
  }
}

/** Throws IllegalTransition for an arrow that is not drawn above. An event that changes nothing is fine. */
export function phoneStep(state: PhoneState, event: PhoneEvent): PhoneState {
  switch (event.type) {
    case "line":
      if (event.line !== state.line && !LINE_NEXT[state.line].includes(event.line)) {
        throw new IllegalTransition("line", state.line, event.line);
      }
      return { ...state, line: event.line, cause: event.cause ?? "" };
    case "talk":
      if (event.talk === state.talk) return state;
      if (!TALK_NEXT[state.talk].includes(event.talk)) throw new IllegalTransition("talk", state.talk, event.talk);
      return event.talk === "talking" ? { ...state, talk: "talking" } : { ...state, talk: event.talk, muted: false, held: false };
    case "muted":
      return state.talk === "talking" ? { ...state, muted: event.on } : state;
    case "held":
      return state.talk === "talking" ? { ...state, held: event.on } : state;
  }
}
