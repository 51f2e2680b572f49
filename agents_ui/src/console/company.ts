/** Who else is in a talk, and whom one may call into it. Pure. */
import type { Parties } from "@/api/types";
import type { Call, Seat, SeatState, TalkParty } from "@/live/model";

export interface Target {
  to: "seat" | "line" | "outside";
  name: string;
  label: string;
  /** Of a seat: languages; of a line: how many are ready and wait. */
  detail: string;
  state: SeatState | null;
  /** Can be called now, as far as one can see. */
  able: boolean;
}

/** Names of lines and languages, and the words beside a line, in the reader's language. */
export interface Words {
  language(code: string): string;
  line(ready: number, waiting: number): string;
}

const IN_TALK: readonly SeatState[] = ["talking", "holding"];

/** Everybody in the talk besides the caller and this seat: those who were called in, and the seat that answered first. */
export function companyOf(call: Call | null, seats: Record<string, Seat>, own: string | undefined): TalkParty[] {
  if (!call) return [];
  const called = call.parties.filter((party) => party.seat === null || party.seat !== own);
  const known = new Set(called.map((party) => party.seat));
  const others = Object.values(seats).filter(({ id, call: of, state }) => of === call.id && id !== own && !known.has(id) && IN_TALK.includes(state));
  return [...called, ...others.map(({ id }): TalkParty => ({ seat: id, place: "", state: "talking" }))];
}

export const isParty = (party: TalkParty, { to, name }: Pick<Target, "to" | "name">): boolean =>
  to === "seat" ? party.seat === name : to === "outside" && party.seat === null && party.place === name;

/** Seats first, those who can take a call before the others; then lines, then numbers outside. */
export function targetsOf(parties: Parties, seats: Record<string, Seat>, words: Words): Target[] {
  const colleagues = parties.seats.map(({ seat, name, languages, state, can_take }): Target => {
    const now = seats[seat];
    const able = now ? now.state === "ready" && now.phone !== null : can_take;
    return { to: "seat", name: seat, label: `${seat} ${name}`, detail: languages.map(words.language).join(" · "), state: now?.state ?? state, able };
  });
  return [
    ...colleagues.filter(({ able }) => able),
    ...colleagues.filter(({ able }) => !able),
    ...parties.lines.map(({ line, ready, waiting }): Target => ({ to: "line", name: line, label: words.language(line), detail: words.line(ready, waiting), state: null, able: true })),
    ...parties.outside.map(({ name, title }): Target => ({ to: "outside", name, label: title, detail: "", state: null, able: true })),
  ];
}

/** Every word typed must be found somewhere: `藏 10` finds seat 1002 who speaks Tibetan. */
export function found(targets: Target[], typed: string): Target[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return targets.filter(({ name, label, detail }) => words.every((word) => `${name} ${label} ${detail}`.toLowerCase().includes(word)));
}

/** The next one that can be called, `by` steps down or up, round the end; -1: there is none. */
export function nextAble(targets: Target[], from: number, by: 1 | -1): number {
  for (let step = 1; step <= targets.length; step++) {
    const index = (from + by * step + targets.length * 2) % targets.length;
    if (targets[index]?.able) return index;
  }
  return -1;
}
