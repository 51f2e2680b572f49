import { describe, expect, it } from "vitest";

import { lastWhole, nameOf, weekOf } from "@/reports/model";

describe("periods of reports", () => {
  it("names weeks as ISO 8601 does", () => {
    expect(weekOf("2026-01-01")).toBe("2026-W01");
    expect(weekOf("2025-12-29")).toBe("2026-W01");
    expect(weekOf("2027-01-03")).toBe("2026-W53");
    expect(weekOf("2026-10-05")).toBe("2026-W41");
  });

  it("names the period in which a day lies", () => {
    expect(nameOf("day", "2026-10-05")).toBe("2026-10-05");
    expect(nameOf("month", "2026-10-05")).toBe("2026-10");
    expect(nameOf("year", "2026-10-05")).toBe("2026");
  });

  it("offers the last period that is over, in China", () => {
    const justAfterMidnight = Date.parse("2026-03-01T00:30:00+08:00");
    expect(lastWhole("day", justAfterMidnight)).toBe("2026-02-28");
    expect(nameOf("month", lastWhole("month", justAfterMidnight))).toBe("2026-02");
    expect(nameOf("week", lastWhole("week", justAfterMidnight))).toBe("2026-W08");
    expect(nameOf("year", lastWhole("year", justAfterMidnight))).toBe("2025");
  });
});
