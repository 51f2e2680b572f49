import { describe, expect, it } from "vitest";

import { callsBehind } from "@/supervisor/calls-behind";
import { apiQuery, exportBody, filterOf } from "@/supervisor/calls-filter";

const KPI = { from: "2026-11-01T00:00:00+08:00", to: "2026-12-01T00:00:00+08:00", threshold_s: 15, short_s: 5, counts: {}, figures: [] };
const figure = (name: string, variant: string, at?: string) => ({ name, variant, value: 0.9, numerator: 9, denominator: 10, formula: "", at });

describe("the calls behind a figure", () => {
  it("are those that the figure itself counts, whatever it is", () => {
    for (const [name, variant] of [["loss_rate", "blocked"], ["satisfaction", "grades_1_2"], ["abandonment_rate", "before_ring"]] as const) {
      expect(callsBehind(figure(name, variant), KPI)).toEqual({ figure: `${name}:${variant}`, part: "numerator", from: KPI.from, to: KPI.to });
    }
  });

  it("are none of a rate that nothing was counted for, rolling or not", () => {
    for (const variant of ["rolling24h_last", "queue"]) expect(callsBehind({ ...figure("connection_rate", variant), value: null, denominator: 0 }, KPI)).toBeNull();
  });

  it("of a rolling rate lie in its window, whose end belongs to it and whose beginning does not", () => {
    const found = callsBehind(figure("connection_rate", "rolling24h_worst", "2026-11-05T09:30:00+08:00"), KPI);
    expect([found?.["from"], found?.["to"]]).toEqual(["2026-11-04T01:30:00.001Z", "2026-11-05T01:30:00.001Z"]);
  });
});

describe("the file of a list", () => {
  it("is asked for by the same filter as the list, the figure that was clicked included", () => {
    const query = { from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z", figure: "service_level:SL3", part: "numerator", seat: "1001", record_topic: "civil.land", live: "true" };
    const filter = filterOf(query, 0);
    expect(exportBody(filter, 0)).toEqual(query);
    expect(apiQuery(filter, 0)).toMatchObject(query);
  });
});
