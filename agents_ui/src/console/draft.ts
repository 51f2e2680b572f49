/** Text typed by a person, kept in this browser until the server has it, and merged with what the server has. */
import type { Consultation } from "@/api/types";

export type Fields = Pick<Consultation, "topic" | "place" | "identity" | "groups" | "request" | "reply" | "outcome">;
export type FieldName = keyof Fields;

export const FIELDS: readonly FieldName[] = ["topic", "place", "identity", "groups", "request", "reply", "outcome"];
/** A record cannot be closed without these. */
export const REQUIRED: readonly FieldName[] = ["topic", "reply", "outcome"];

export interface Draft {
  /** What the server had when typing began. */
  base: Fields;
  mine: Fields;
}

export interface Merged {
  fields: Fields;
  /** Both sides changed these differently. Mine stand; the other's text is here to be taken instead. */
  theirs: Partial<Fields>;
}

export const fieldsOf = (record: Consultation): Fields => ({
  topic: record.topic,
  place: record.place,
  identity: record.identity,
  groups: [...record.groups],
  request: record.request,
  reply: record.reply,
  outcome: record.outcome,
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const sameFields = (a: Fields, b: Fields): boolean => FIELDS.every((name) => same(a[name], b[name]));

/** Three-way, field by field: nothing a person typed is dropped. */
export function merge(base: Fields, mine: Fields, server: Fields): Merged {
  const fields = { ...server };
  const theirs: Partial<Fields> = {};
  for (const name of FIELDS) {
    if (same(mine[name], base[name]) || same(mine[name], server[name])) continue;
    Object.assign(fields, { [name]: mine[name] });
    if (!same(server[name], base[name])) Object.assign(theirs, { [name]: server[name] });
  }
  return { fields, theirs };
}

const key = (call: string): string => `callcenter.draft.${call}`;

/** localStorage may be full or forbidden; typing goes on all the same and the server keeps the text. */
export function keep(storage: Storage, call: string, draft: Draft): void {
  try {
    storage.setItem(key(call), JSON.stringify(draft));
  } catch {
    return;
  }
}

export function recall(storage: Storage, call: string): Draft | null {
  try {
    return JSON.parse(storage.getItem(key(call)) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

export const forget = (storage: Storage, call: string): void => storage.removeItem(key(call));
