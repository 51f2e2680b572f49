/** An alarm in one line of words, the same on every screen. */
import { useI18n } from "vue-i18n";

import { duration } from "@/design/format";
import type { Alarm } from "@/live/model";

/** A value in its unit. Cut and not rounded: 94.97 % is not the target of 95. */
export function useMeasure(): (value: number | null, unit: Alarm["unit"]) => string {
  const { t } = useI18n();
  return (value, unit) => {
    if (value === null) return t("alarm.unknown");
    if (unit === "seconds") return duration(value * 1000);
    if (unit === "yes-no") return "";
    if (unit === "count") return String(Math.round(value));
    return t(`alarm.unit_${unit}`, { n: (Math.floor(value * 10 + 1e-9) / 10).toFixed(1) });
  };
}

export function useAlarmWords(): (alarm: Pick<Alarm, "rule" | "subject" | "value" | "unit">) => string {
  const { t, te } = useI18n();
  const measure = useMeasure();
  return (alarm) => {
    const subject = te(`language.${alarm.subject}`) ? t(`language.${alarm.subject}`) : alarm.subject;
    return t(`alarm.says.${alarm.rule}`, { subject, value: measure(alarm.value, alarm.unit) }).trim();
  };
}

/** Those that nobody has taken first, the severe before the others, the oldest before the newer. */
export function inOrder<T extends Pick<Alarm, "state" | "severity" | "raised_at">>(alarms: T[]): T[] {
  const rank = (alarm: T) => (alarm.state === "raised" ? 0 : 2) + (alarm.severity === "severe" ? 0 : 1);
  return [...alarms].sort((a, b) => rank(a) - rank(b) || a.raised_at.localeCompare(b.raised_at));
}
