import { describe, expect, it } from "vitest";

import { callsBehind } from "@/supervisor/calls-behind";

const KPI = { from: "2026-11-01T00:00:00+08:00", to: "2026-12-01T00:00:00+08:00", threshold_s: 15, short_s: 5, counts: {}, figures: [] };
const figure = (name: string, variant: string, at?: string) => ({ name, variant, value: 0.9, numerator: 9, denominator: 10, formula: "", at });

describe("the calls behind a figure", () => {
  it("are those that the figure itself counts, whatever it is", () => {
    for (const [name, variant] of [["loss_rate", "blocked"], ["satisfaction", "grades_1_2"], ["abandonment_rate", "before_ring"]] as const) {
      expect(callsBehind(figure(name, variant), KPI)).toEqual({ figure: `${name}:${variant}`, part: "numerator", from: KPI.from, to: KPI.to });
    }
  });

  it("of a rolling rate lie in its window, whose end belongs to it and whose beginning does not", () => {
    const found = callsBehind(figure("connection_rate", "rolling24h_worst", "2026-11-05T09:30:00+08:00"), KPI);
    expect([found["from"], found["to"]]).toEqual(["2026-11-04T01:30:00.001Z", "2026-11-05T01:30:00.001Z"]);
  });
});
