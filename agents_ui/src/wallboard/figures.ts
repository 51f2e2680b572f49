import type { LocationQueryRaw } from "vue-router";

import type { Figures, Rate } from "@/live/model";

/** Figures roll on at least every 20 s; older ones are no news. */
export const OLD_MS = 60_000;

export type CountName = "in" | "to_seat" | "answered";
export type RateName = "connection_rate" | "within_threshold" | "satisfaction" | "participation";

export const COUNTS: readonly CountName[] = ["in", "to_seat", "answered"];

/** A number of the wall: what it is called, how it is made, and the list of calls that makes it. */
export interface Behind {
  title: string;
  formula: string;
  value: string;
  rate: Rate | null;
  /** ISO; when it was counted. */
  at: string;
  /** Filter of the list of calls. */
  query: LocationQueryRaw;
}

const DAY_MS = 24 * 3600_000;

/** As the server's definitions name them. */
const FIGURE = {
  connection_rate: "connection_rate:queue",
  within_threshold: "within_threshold:answered_from_queue",
  satisfaction: "satisfaction:grades_1_3",
  participation: "participation:of_answered",
} as const;

/** Calls that came in today, of them those sent to a seat, those answered; of a rate those that it counts over. */
export function queryOf(figures: Figures | null, name: CountName | RateName): LocationQueryRaw {
  if (name === "in") return {};
  if (name === "to_seat") return { figure: FIGURE.connection_rate };
  if (name === "answered") return { outcome: "answered" };
  const query: LocationQueryRaw = { figure: FIGURE[name] };
  if (name === "connection_rate" && figures) {
    query["from"] = new Date(Date.parse(figures.at) - DAY_MS).toISOString();
    query["to"] = figures.at;
  }
  return query;
}

/** Null while nothing can be said. Compared exactly, not as shown. */
export function reached(rate: Rate | undefined, target: number | undefined): boolean | null {
  return rate?.value == null || target === undefined ? null : rate.value >= target;
}
