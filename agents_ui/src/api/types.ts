/** Shapes of the REST answers this screen uses; the server's OpenAPI is the authority. */
import type { Rate, SeatState } from "@/live/model";

export type Role = "seat" | "supervisor" | "manager" | "admin" | "auditor";

export interface Person {
  id: string;
  name: string;
  role: Role;
  seat: string | null;
  languages: string[];
}

export type Step = "password" | "second-factor";
export type LicenceState = "none" | "fine" | "ending" | "expired";

export interface SignedIn {
  person: Person;
  /** To be taken before anything else. */
  steps: Step[];
  has_factor: boolean;
  licence: LicenceState;
  licence_until: string | null;
  csrf_header: string;
  csrf: string;
}

export interface PhoneAccount {
  user: string;
  password: string;
  domain: string;
  ws_url: string;
  /** TURN servers; empty where the browser reaches Asterisk by itself. */
  ice_servers: { urls: string[]; username: string; credential: string }[];
}

export interface Consultation {
  call: string;
  version: number;
  /** By which the caller asks how his matter stands. */
  order_no: string | null;
  topic: string;
  /** Code of the place where the matter lies; empty: not known. */
  place: string;
  identity: string;
  groups: string[];
  request: string;
  reply: string;
  outcome: string;
  closed: boolean;
  /** After closing: what became of the seat's wrap-up. */
  wrap_up?: "done" | "none" | "not-ended" | null;
}

/** Whom a seat may bring into its talk; a number outside stays with the server. */
export interface Parties {
  seats: { seat: string; name: string; languages: string[]; state: SeatState; can_take: boolean }[];
  lines: { line: string; ready: number; waiting: number }[];
  outside: { name: string; title: string }[];
  /** Languages for which one may be called in. */
  interpreters: string[];
}

/** A choice of the catalogue; names by language. */
export interface Entry {
  id: string;
  name: Record<string, string>;
  children?: Entry[];
}

export interface Ring {
  seat: string;
  at: string;
  result: string;
}

export interface CallRecord {
  id: string;
  linkedid: string;
  caller: string;
  line: string | null;
  language: string | null;
  started_at: string;
  queued_at: string | null;
  first_ring_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  outcome: string | null;
  seat: string | null;
  ended_by: string | null;
  /** Why the seat ended the talk after warnings. */
  end_reason: string | null;
  rings: Ring[];
  /** Called into the talk: a seat, or a place outside. */
  parties: { seat: string | null; place: string; called_at: string; joined_at: string | null; left_at: string | null }[];
  wait_s: number | null;
  talk_s: number | null;
  grade: number | null;
  source: string;
  topic: string | null;
  place: string | null;
  /** Why the caller went first. */
  priority: string | null;
  survey_offered: boolean | number;
  /** Of its case record. */
  order_no: string | null;
  recording: { state: "due" | "sealed" | "missing" | "broken"; seconds: number | null } | null;
}

/** A caller's way through the menu. */
export interface MenuWay {
  flow: string | null;
  ivr_s: number | null;
  way_out: string | null;
  steps: { at: string; kind: "flow" | "node" | "key"; node: string; value: string }[];
}

export interface Page<T> {
  items: T[];
  total: number;
  /** There are more than `total`. */
  more?: boolean;
}

export interface Kpi {
  from: string;
  to: string;
  threshold_s: number;
  short_s: number;
  counts: Record<string, number>;
  figures: (Rate & { name: string; variant: string; formula: string; formula_zh?: string; at?: string | null })[];
}

export interface Quarter {
  at: string;
  in: number;
  to_seat: number;
  answered: number;
}
