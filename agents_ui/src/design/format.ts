/** Numbers, rates, times as every screen writes them. Pure. */

/** `03:12`, and `1:03:12` from an hour on. Never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export const since = (at: string | null | undefined, now: number): number => (at ? now - Date.parse(at) : 0);

/**
 * One decimal, cut and not rounded: 94.97 % must not be shown as 95.0 % beside a target of 95. Null: no calls yet.
 * The tiny addend keeps 0.57 from becoming 56.9 by its binary form.
 */
export const percent = (value: number | null | undefined): string =>
  value == null ? "—" : (Math.floor(value * 1000 + 1e-9) / 10).toFixed(1);

const GROUPED = new Intl.NumberFormat("en-US");
export const count = (value: number | null | undefined): string => (value == null ? "—" : GROUPED.format(value));

const ZONE = "Asia/Shanghai";
const CLOCK = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

type Moment = string | number | Date | null | undefined;
const moment = (at: Moment): Date | null => {
  if (at == null || at === "") return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
};

/** Local times are those of China whatever the machine is set to: unambiguous in every office. */
export const clock = (at: Moment): string => {
  const date = moment(at);
  return date ? CLOCK.format(date) : "—";
};
export const day = (at: Moment): string => {
  const date = moment(at);
  return date ? DAY.format(date) : "—";
};
export const dayAndClock = (at: Moment): string => (moment(at) ? `${day(at)} ${clock(at)}` : "—");

/** Start of the day in China that contains `now`, ISO with offset. */
export const startOfDay = (now: number): string => `${day(now)}T00:00:00+08:00`;

/** `1234 5678`: an order's number as it is read out. */
export const grouped = (number: string): string => number.replace(/(\d{4})(?=\d)/g, "$1 ");
