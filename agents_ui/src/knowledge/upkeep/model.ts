/** The life of an entry as the server tells it. */
import type { Valid } from "../model";

export type Act = "send" | "return" | "publish" | "discard" | "confirm" | "retire";
export type DraftState = "writing" | "in-review" | "returned";
export type Form = Record<string, string>;

export interface Listed {
  id: string;
  title: string;
  topic: string;
  owner: string;
  status: string;
  valid: Valid;
  review_due: string | null;
  opened: number;
  cited: number;
  dwell_s: number;
  languages: { language: string; status: string; stale: boolean; draft: DraftState | null }[];
  /** What somebody has to do; empty: nothing. */
  why: string[];
}

export interface Fault {
  field: string;
  code: string;
  message: string;
}

export interface Draft {
  entry: string;
  language: string;
  form: Form;
  fields: string[];
  /** null: nobody works on it; the form is the published text. */
  state: DraftState | null;
  version: number;
  authors: string[];
  changed_by: string;
  exists: boolean;
  faults: Fault[];
  acts: Act[];
}

export interface Version {
  number: number;
  kind: string;
  authors: string[];
  reviewer: string | null;
  at: string;
  note: string;
}

export interface Difference {
  field: string;
  parts: { kind: "same" | "gone" | "new"; text: string }[];
}

export interface Comment {
  at: string;
  person: string;
  language: string;
  act: string;
  words: string;
}

export interface Question {
  words: string;
  times: number;
  sources: Partial<Record<"record" | "search" | "gap", number>>;
  entry: string | null;
  title: string | null;
}

export interface Hot {
  month: string;
  asked: number;
  looked_at: number;
  topics: { topic: string; records: number }[];
  questions: Question[];
  missing: Question[];
}

export interface TableFault {
  row: string;
  column: string;
  code: string;
  message: string;
}

/** Fields of one line; all others are typed in a box. */
export const SHORT: ReadonlySet<string> = new Set(["title", "topic", "owner", "valid_from", "valid_until", "review_due", "translator"]);
export const DATES: ReadonlySet<string> = new Set(["valid_from", "valid_until", "review_due"]);
/** One item a line. */
export const LISTS: ReadonlySet<string> = new Set(["questions", "asked_as", "keywords", "groups", "region", "laws"]);
