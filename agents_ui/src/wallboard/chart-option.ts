/** What the 24-hour chart draws: bars for volume, one line for the rate, the target as a thin line. Pure. */
import type { EChartsCoreOption } from "echarts/core";

import type { Quarter } from "@/api/types";

export interface ChartWords {
  in: string;
  answered: string;
  rate: string;
  target: string;
}

export interface ChartLook {
  /** px per rem: the canvas does not know the page's type size. */
  rem: number;
  ink: string;
  faint: string;
  grid: string;
  bar: string;
  rate: string;
  target: string;
  font: string;
}

/**
 * Percent over the hour that ends with each quarter: a single quarter at night has two calls and would jump between
 * 0 and 100. Null where nobody asked for a person: a gap in the line, not a zero.
 */
export function hourlyRate(quarters: Quarter[]): (number | null)[] {
  return quarters.map((_, end) => {
    const hour = quarters.slice(Math.max(0, end - 3), end + 1);
    const asked = hour.reduce((sum, quarter) => sum + quarter.to_seat, 0);
    const answered = hour.reduce((sum, quarter) => sum + quarter.answered, 0);
    return asked === 0 ? null : Math.floor((answered / asked) * 1000 + 1e-9) / 10;
  });
}

const HOUR = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });

export function chartOption(quarters: Quarter[], target: number | null, words: ChartWords, look: ChartLook): EChartsCoreOption {
  const { rem } = look;
  const text = { color: look.ink, fontSize: 1.125 * rem, fontFamily: look.font };
  const most = Math.max(4, ...quarters.map((quarter) => quarter.in));
  return {
    animation: false,
    textStyle: { fontFamily: look.font },
    grid: { left: 3.5 * rem, right: 4.5 * rem, top: 3.25 * rem, bottom: 2.25 * rem },
    legend: { right: 4.5 * rem, top: 0.5 * rem, itemGap: 1.5 * rem, itemWidth: 1.25 * rem, itemHeight: 0.75 * rem, textStyle: text, data: [words.in, words.answered, words.rate, words.target] },
    tooltip: { trigger: "axis", textStyle: { fontSize: rem } },
    xAxis: {
      type: "category",
      data: quarters.map((quarter) => HOUR.format(new Date(quarter.at))),
      axisLabel: { ...text, interval: (_: number, label: string) => /^(00|02|04|06|08|10|12|14|16|18|20|22):00$/.test(label) },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.grid } },
    },
    yAxis: [
      { type: "value", max: Math.ceil(most / 4) * 4, interval: Math.ceil(most / 4), axisLabel: text, splitLine: { lineStyle: { color: look.grid } } },
      { type: "value", min: 0, max: 100, interval: 25, axisLabel: { ...text, formatter: "{value}%" }, splitLine: { show: false } },
    ],
    series: [
      { name: words.in, type: "bar", data: quarters.map((quarter) => quarter.in), itemStyle: { color: look.faint }, barGap: "-100%", barCategoryGap: "25%" },
      { name: words.answered, type: "bar", data: quarters.map((quarter) => quarter.answered), itemStyle: { color: look.bar } },
      {
        name: words.rate, type: "line", yAxisIndex: 1, data: hourlyRate(quarters), symbol: "circle", symbolSize: 0.375 * rem, connectNulls: false,
        lineStyle: { color: look.rate, width: 0.1875 * rem }, itemStyle: { color: look.rate },
      },
      {
        name: words.target, type: "line", yAxisIndex: 1, data: quarters.map(() => target && target * 100), symbol: "none", silent: true,
        lineStyle: { color: look.target, width: 0.125 * rem, type: "dashed" }, itemStyle: { color: look.target },
      },
    ],
  };
}
