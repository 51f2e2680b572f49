/** Reports and exports as the server tells them, and the names of periods. Pure. */
import { day } from "@/design/format";

export type Span = "day" | "week" | "month" | "year";
export type Form = "xlsx" | "html" | "pdf";

export interface Paper {
  id: string;
  kind: Span | "calls";
  of: string;
  title: string;
  state: "due" | "making" | "made" | "failed" | "cancelled";
  progress: number;
  problem: string;
  asked_at: string;
  made_at: string | null;
  upto: string | null;
  whole: boolean;
  version: number;
  corrected: boolean;
  files: Form[];
}

export const SPANS: readonly Span[] = ["day", "week", "month", "year"];

export const inWork = (paper: Paper): boolean => paper.state === "due" || paper.state === "making";

export const address = (paper: Paper, form: Form): string => `/api/report/papers/${paper.id}/${form}`;

const DAY_MS = 86_400_000;

/** ISO 8601: the week's year is that of its Thursday. `date`: `2026-10-05`. */
export function weekOf(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  const thursday = new Date(at.getTime() + (3 - ((at.getUTCDay() + 6) % 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS));
  return `${year}-W${String(number).padStart(2, "0")}`;
}

/** The period of that kind in which a day lies, as the server names it. */
export const nameOf = (span: Span, date: string): string =>
  span === "day" ? date : span === "week" ? weekOf(date) : date.slice(0, span === "month" ? 7 : 4);

/** A day of the last period that is over, in China. */
export function lastWhole(span: Span, now: number): string {
  const today = day(now);
  const back = { day: 1, week: 7, month: Number(today.slice(8)), year: 0 }[span];
  if (span === "year") return `${Number(today.slice(0, 4)) - 1}-01-01`;
  return new Date(Date.parse(`${today}T00:00:00Z`) - back * DAY_MS).toISOString().slice(0, 10);
}
