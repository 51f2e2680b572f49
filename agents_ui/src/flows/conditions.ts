/** One line of a branch as three fields and a target. Pure. */

export const TESTS = ["is", "one_of", "at_least", "at_most"] as const;
export type Test = (typeof TESTS)[number];

/** Facts the engine tells; a flow may write more. */
export const FACTS = [
  "language", "topic", "source", "priority", "time", "date", "weekday", "day", "caller_known", "last_language", "open_work_order", "queue_length", "seats_ready", "emergency",
] as const; // prettier-ignore

export interface Line {
  fact: string;
  test: Test;
  value: string;
  go: string;
}

export function lineOf(condition: unknown): Line {
  const given = (typeof condition === "object" && condition !== null ? condition : {}) as Record<string, unknown>;
  const test = TESTS.find((name) => given[name] != null) ?? "is";
  const value = given[test];
  return { fact: text(given["fact"]), test, value: Array.isArray(value) ? value.map(text).join(" ") : text(value), go: text(given["go"]) };
}

/** Several values are separated by blanks or commas; limits are numbers. */
export function conditionOf(line: Line): Record<string, unknown> {
  const { fact, test, value, go } = line;
  if (test === "is") return { fact, is: value, go };
  if (test === "one_of") return { fact, one_of: value.split(/[\s,，、]+/).filter(Boolean), go };
  return { fact, [test]: /^\d+$/.test(value) ? Number(value) : value, go };
}

const text = (value: unknown): string => (value == null ? "" : String(value));
