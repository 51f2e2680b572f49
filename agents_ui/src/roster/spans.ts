/** Shifts and days as words. Days and clocks are China's. Pure. */
import { clock, day } from "@/design/format";

import type { Coverage, LineCover, Shift } from "./client";

const DAY_MS = 86_400_000;

/** `2026-11-23` moved by whole days. */
export const movedBy = (date: string, days: number): string => day(Date.parse(`${date}T00:00:00+08:00`) + days * DAY_MS);

/** 1 (Monday) to 7. */
export const weekday = (date: string): number => ((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7) + 1;

export const monday = (date: string): string => movedBy(date, 1 - weekday(date));

const hourAndMinute = (at: string) => clock(at).slice(0, 5);

/** `08:00–16:00`; midnight at the end is 24:00, a later end has its day. */
export function hoursOf(shift: Pick<Shift, "starts_at" | "ends_at">): string {
  const end = hourAndMinute(shift.ends_at);
  const next = movedBy(day(shift.starts_at), 1);
  const until = day(shift.ends_at) === next && end === "00:00" ? "24:00" : day(shift.ends_at) === next ? `+1 ${end}` : end;
  return `${hourAndMinute(shift.starts_at)}–${until}`;
}

export type Cell = "closed" | "gap" | "short" | "fine";

/** A gap: fewer than there have to be; short: enough, but fewer than our calls of late ask for. */
export function cellOf(line: LineCover, hour: number): Cell {
  const persons = line.persons[hour];
  if (persons == null) return "closed";
  if (persons < line.least) return "gap";
  return persons < (line.advice[hour] ?? 0) ? "short" : "fine";
}

/** Hours of each line with a gap that have not passed. */
export function gapsAhead(coverage: Coverage, now: number): Record<string, number> {
  const ahead = coverage.hours.map((at) => Date.parse(at) + DAY_MS / 24 > now);
  return Object.fromEntries(
    Object.entries(coverage.lines).map(([name, line]) => [name, line.persons.filter((_, hour) => ahead[hour] && cellOf(line, hour) === "gap").length]),
  );
}
