/** Rules of alarms and results of nightly comparisons, made up. */

const RULES = [
  ["rate-low", "percent", true, 95, 95.5, 300, 300, "warning"], ["long-wait", "seconds", false, 60, 30, 0, 10, "warning"], ["no-seat", "count", true, 1, 1, 120, 10, "severe"],
  ["seat-unreachable", "seconds", false, 30, 0, 0, 10, "warning"], ["engine-silent", "seconds", false, 5, 3, 0, 5, "severe"], ["asterisk-away", "yes-no", false, 0, 0, 10, 10, "severe"],
  ["records-wait", "yes-no", false, 0, 0, 10, 10, "severe"], ["redis-down", "yes-no", false, 0, 0, 5, 10, "severe"], ["worker-down", "yes-no", false, 0, 0, 30, 10, "warning"],
  ["disk-low", "gigabytes", true, 5, 6, 30, 10, "severe"], ["recording-lost", "count", false, 0, 0, 0, 10, "warning"], ["differences", "count", false, 0, 0, 0, 10, "warning"],
  ["callback-overdue", "hours", false, 4, 4, 0, 10, "warning"], ["voicemail-overdue", "hours", false, 24, 24, 0, 10, "warning"],
];

export const rules = () => ({
  rules: RULES.map(([rule, unit, low_is_bad, limit, back, hold_s, clear_s, severity]) => ({
    rule, unit, low_is_bad, least: 0, most: 100, enabled: rule !== "voicemail-overdue", severity, limit, back, hold_s, clear_s, webhook: true,
    quiet_from: rule === "long-wait" ? "22:00" : "", quiet_to: rule === "long-wait" ? "06:30" : "",
  })),
  webhook: false,
  looked_at: new Date().toISOString(),
});

export const NIGHTS = [
  { day: "2026-11-21", at: "2026-11-22T03:30:04+08:00", explained: 3, unexplained: 1 },
  { day: "2026-11-20", at: "2026-11-21T03:30:04+08:00", explained: 0, unexplained: 0 },
];

const difference = (call, kind, said, reason = "", field = "") => ({ call, kind, field, said, tolerance_s: 0.5, explained: reason !== "", reason, explanation: "" });

export const NIGHT = {
  ...NIGHTS[0], node: "a", compared: { record: 1204, events: 1204, cel: 1204, queue_log: 1131, recording: 1096, file: 1096 }, not_compared: {}, summary: [], repaired: [], left_out: 0,
  differences: [
    difference("a-1763712033.4410", "queue-log-differs", { record: "1002", queue_log: "1003" }, "", "seat"),
    difference("a-1763712101.4432", "no-end-in-cel", { record: "ended 09:21:44.120", cel: "" }, "asterisk-stopped"),
    difference("a-1763712102.4440", "recording-missing", { recording: "missing", file: "" }, "too-short"),
    difference("a-1763712150.4451", "no-queue-log", { record: "queued 09:22:10.004", queue_log: "" }, "left-menu"),
  ],
};
