/** From a figure to the calls that it counts: as the server's definitions name it (`report/drill.py`). Pure. */
import type { LocationQueryRaw } from "vue-router";

import type { Kpi } from "@/api/types";

const DAY_MS = 24 * 3600_000;
/** A window of 24 hours is open at its beginning and closed at its end; a list is the other way round. */
const NEXT_MS = 1;

/** None: nothing was there to be counted; a rolling rate has no window then. */
export function callsBehind(figure: Kpi["figures"][number], kpi: Kpi | null): LocationQueryRaw | null {
  if (figure.denominator === 0) return null;
  const asked = { figure: `${figure.name}:${figure.variant}`, part: "numerator" };
  if (figure.at) {
    const end = Date.parse(figure.at) + NEXT_MS;
    return { ...asked, from: new Date(end - DAY_MS).toISOString(), to: new Date(end).toISOString() };
  }
  return { ...asked, from: kpi?.from, to: kpi?.to };
}
