import { describe, expect, it } from "vitest";

import { clock, day, dayAndClock, duration, percent, startOfDay } from "@/design/format";
import { reached } from "@/wallboard/figures";
import { hourlyRate } from "@/wallboard/chart-option";

describe("figures as written", () => {
  it("cuts a rate instead of rounding it up to the target", () => {
    expect(percent(0.94999)).toBe("94.9");
    expect(percent(0.95)).toBe("95.0");
    expect(percent(0.57)).toBe("57.0");
    expect(percent(1)).toBe("100.0");
    expect(percent(null)).toBe("—");
  });

  it("judges a target by the exact value", () => {
    const rate = (numerator: number, denominator: number) => ({ value: numerator / denominator, numerator, denominator });
    expect(reached(rate(949_999, 1_000_000), 0.95)).toBe(false);
    expect(reached(rate(19, 20), 0.95)).toBe(true);
    expect(reached({ value: null, numerator: 0, denominator: 0 }, 0.95)).toBeNull();
  });

  it("writes durations like a clock", () => {
    expect(duration(192_999)).toBe("03:12");
    expect(duration(3_792_000)).toBe("1:03:12");
    expect(duration(-5)).toBe("00:00");
  });

  it("tells the time of China on every machine", () => {
    expect(dayAndClock("2026-11-22T16:30:05Z")).toBe("2026-11-23 00:30:05");
    expect(clock("2026-11-22T14:31:08+08:00")).toBe("14:31:08");
    expect(day(null)).toBe("—");
    expect(startOfDay(Date.parse("2026-11-22T16:30:05Z"))).toBe("2026-11-23T00:00:00+08:00");
  });
});

describe("the rate line of the chart", () => {
  const quarter = (to_seat: number, answered: number) => ({ at: "2026-11-22T14:00:00+08:00", in: to_seat, to_seat, answered });

  it("covers the hour that ends with each quarter", () => {
    expect(hourlyRate([quarter(10, 10), quarter(0, 0), quarter(2, 1), quarter(8, 8), quarter(10, 5)])).toEqual([100, 100, 91.6, 95, 70]);
  });

  it("has a gap and not a zero where nobody called", () => {
    expect(hourlyRate([quarter(0, 0), quarter(1, 0)])).toEqual([null, 0]);
  });
});
