/** What the server tells over /api/live. Times are ISO 8601 with offset, languages `zh` `bo` `mn`. */

export type CallState = "ivr" | "queued" | "ringing" | "talking" | "holding" | "survey" | "wrap_up" | "ended";

export const SEAT_STATES = [
  "signed_out", "ready", "ringing", "talking", "holding", "wrap_up", "paused", "unreachable",
] as const;
export type SeatState = (typeof SEAT_STATES)[number];

/** Somebody else in a talk, or being called into it. */
export interface TalkParty {
  /** Null: a number outside. */
  seat: string | null;
  /** Name of the number outside; its title is in `/me/parties`. */
  place: string;
  state: "called" | "talking";
}

export type ListenMode = "listen" | "whisper" | "barge" | "take_over";

/** A supervisor at a talk. */
export interface Listener {
  /** Empty for a seat: it learns that, not who. */
  person: string;
  mode: ListenMode;
  /** Whose talk he came to. */
  seat: string | null;
}

export interface Call {
  id: string;
  /** Masked, `138****5678`; empty: withheld. */
  caller: string;
  language: string | null;
  line: string | null;
  topic: string | null;
  /** Why the caller goes first. */
  priority: string | null;
  source: string;
  state: CallState;
  started_at: string;
  queued_at: string | null;
  ringing_seat: string | null;
  seat: string | null;
  answered_at: string | null;
  hold_since: string | null;
  /** Besides the caller and the seat that took the call from the queue. */
  parties: TalkParty[];
  listener: Listener | null;
}

export type PhoneKind = "webrtc" | "sip" | "mobile";

export interface Seat {
  id: string;
  name: string;
  languages: string[];
  state: SeatState;
  since: string;
  reason: string;
  call: string | null;
  /** The registered phone that rings. */
  phone: PhoneKind | null;
  /** The one she chose; another one rings while it is not registered. */
  wished_phone: PhoneKind | null;
  /** In the page that has the browser phone: it is not rung before. */
  microphone_tried: boolean;
  /** Her mobile's number is on file. */
  has_mobile: boolean;
  wrap_up_ends: string | null;
  answered: number;
  missed: number;
}

export interface Line {
  id: string;
  waiting: number;
  longest_since: string | null;
  /** Why some of those who wait go first. */
  reasons?: string[];
  ready: number;
  signed_in: number;
}

/** A rate as a fraction; `value` is null while the denominator is 0. */
export interface Rate {
  value: number | null;
  numerator: number;
  denominator: number;
}

export interface Figures {
  in: number;
  to_seat: number;
  answered: number;
  connection_rate: Rate;
  within_threshold: Rate;
  satisfaction: Rate;
  participation: Rate;
  /** The site's own; none for what has none. */
  targets: Partial<Record<"connection_rate" | "within_threshold" | "satisfaction", number>>;
  at: string;
}

export interface Engine {
  state: "ok" | "silent";
  at: string;
  /** Minutes the next caller would wait, by line; a line that is not named: too little is known, or a seat is free. */
  expected?: Record<string, number>;
}

export const ALARM_RULES = [
  "rate-low", "long-wait", "no-seat", "seat-unreachable", "engine-silent", "asterisk-away", "trunk-down", "records-wait", "redis-down",
  "worker-down", "disk-low", "recording-lost", "differences", "callback-overdue", "voicemail-overdue", "appointment-late", "visit-overdue", "roster-gap",
  "speech-down", "sms-down",
] as const;
export type AlarmRule = (typeof ALARM_RULES)[number];
export const ALARM_UNITS = ["percent", "seconds", "hours", "gigabytes", "count", "yes-no"] as const;

export interface Alarm {
  id: number;
  rule: AlarmRule;
  /** Line or seat; empty: the whole site. */
  subject: string;
  severity: "severe" | "warning";
  unit: (typeof ALARM_UNITS)[number];
  state: "raised" | "acknowledged" | "cleared";
  raised_at: string;
  limit: number;
  /** Null: its source is silent. */
  value: number | null;
  /** Raised in quiet hours: shown, not heard. */
  quiet: boolean;
  acknowledged_by: string;
}

/** Whether anybody holds the rules against what is. */
export interface AlarmWatch {
  state: "ok" | "silent";
  at: string | null;
}

export const LOST_CAUSES = ["menu", "short", "waiting", "ringing", "timeout", "blocked", "failure"] as const;
export type LostCause = (typeof LOST_CAUSES)[number];

export interface Today {
  lost: Partial<Record<LostCause, number>>;
  topics: { topic: string; count: number }[];
  requests: { callback: number; voicemail: number };
  visits: { unsettled: number; overdue: number };
  at: string;
}

export interface LiveState {
  calls: Record<string, Call>;
  seats: Record<string, Seat>;
  lines: Record<string, Line>;
  figures: Figures | null;
  engine: Engine | null;
  alarms: Record<string, Alarm>;
  watch: AlarmWatch | null;
  today: Today | null;
}

export interface Patch {
  calls?: Record<string, Call | null>;
  seats?: Record<string, Seat | null>;
  lines?: Record<string, Line | null>;
  figures?: Figures;
  engine?: Engine;
  alarms?: Record<string, Alarm | null>;
  watch?: AlarmWatch;
  today?: Today;
}

export type LiveMessage =
  | { type: "snapshot"; seq: number; at: string; state: LiveState }
  | { type: "delta"; seq: number; at: string; patch: Patch }
  | { type: "beat"; seq: number; at: string };
