import type { Figures, Rate } from "@/live/model";

/** Targets of GB/T 33358-2016 and the regional plans; recommended values, so they belong to the site. */
export const TARGET = { connection_rate: 0.95, satisfaction: 0.98 } as const;

export type CountName = "in" | "to_seat" | "answered";
export type RateName = "connection_rate" | "within_threshold" | "satisfaction" | "participation";

export const COUNTS: readonly CountName[] = ["in", "to_seat", "answered"];

export interface Behind {
  name: CountName | RateName;
  rate: Rate | null;
}

export const behind = (figures: Figures | null, name: CountName | RateName): Behind => ({
  name,
  rate: figures && name !== "in" && name !== "to_seat" && name !== "answered" ? figures[name] : null,
});

/** Null while nothing can be said. Compared exactly, not as shown. */
export function reached(rate: Rate | undefined, target: number | undefined): boolean | null {
  return rate?.value == null || target === undefined ? null : rate.value >= target;
}
