/** The filter of the list of calls, kept in the page's address so that it can be sent to a colleague. Pure. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";

import { startOfDay } from "@/design/format";

export interface Filter {
  /** ISO with offset; `to` empty: until now. */
  from: string;
  to: string;
  outcome: string;
  language: string;
  seat: string;
  /** A caller's number for his matter finds it whenever it was. */
  order_no: string;
  /** Without a field of their own on the page: they come with the number that was clicked. */
  line: string;
  record_topic: string;
  live: string;
  figure: string;
  part: string;
  page: number;
}

export const PAGE_SIZE = 50;

const one = (query: LocationQuery, name: string): string => {
  const value = query[name];
  return typeof value === "string" ? value : "";
};

export const filterOf = (query: LocationQuery, now: number): Filter => ({
  from: one(query, "from") || startOfDay(now),
  to: one(query, "to"),
  outcome: one(query, "outcome"),
  language: one(query, "language"),
  seat: one(query, "seat"),
  order_no: one(query, "order_no"),
  line: one(query, "line"),
  record_topic: one(query, "record_topic"),
  live: one(query, "live"),
  figure: one(query, "figure"),
  part: one(query, "part"),
  page: Math.max(1, Number.parseInt(one(query, "page") || "1", 10) || 1),
});

/** Empty values and the defaults are left out of the address. */
export function queryOf(filter: Filter, now: number): LocationQueryRaw {
  const given = Object.entries(filter).filter(
    ([name, value]) => value !== "" && !(name === "page" && value === 1) && !(name === "from" && value === startOfDay(now)),
  );
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

const wanted = (filter: Filter, now: number): Record<string, string | undefined> => ({
  ...(filter.order_no ? { order_no: filter.order_no } : { from: filter.from, to: filter.to || new Date(now + 60_000).toISOString() }),
  outcome: filter.outcome || undefined,
  language: filter.language || undefined,
  seat: filter.seat || undefined,
  line: filter.line || undefined,
  record_topic: filter.record_topic || undefined,
  live: filter.live || undefined,
  figure: filter.figure || undefined,
  part: filter.part || undefined,
});

/** The same calls as one file. */
export const exportBody = (filter: Filter, now: number): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted(filter, now)).filter((entry): entry is [string, string] => entry[1] !== undefined));

export const apiQuery = (filter: Filter, now: number): Record<string, string | number | undefined> => ({
  ...wanted(filter, now),
  limit: PAGE_SIZE,
  offset: (filter.page - 1) * PAGE_SIZE,
});
