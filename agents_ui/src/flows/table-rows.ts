/** A table of the form as rows while it is typed; a row without a key is not written yet. Pure. */

export interface Row {
  key: string;
  value: string;
}

export const rowsOf = (value: unknown): Row[] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value).map(([key, one]) => ({ key, value: one == null ? "" : String(one) })) : [];

const KEYPAD = "1234567890*#";

/** As on a telephone: 1 to 9, then 0. */
export const byKeypad = (rows: Row[]): Row[] => [...rows].sort((a, b) => (a.key.length === 1 && b.key.length === 1 ? KEYPAD.indexOf(a.key) - KEYPAD.indexOf(b.key) : 0));

/** `numbers`: grades are written as numbers. Rows without a key are left out. */
export const valueOf = (rows: readonly Row[], numbers: boolean): Record<string, string | number> =>
  Object.fromEntries(rows.filter((row) => row.key).map((row) => [row.key, numbers && /^\d+$/.test(row.value) ? Number(row.value) : row.value]));

/** Keys that stand twice: the file can hold only one of them. */
export const twice = (rows: readonly Row[]): string[] => {
  const keys = rows.map((row) => row.key).filter(Boolean);
  return [...new Set(keys.filter((key, at) => keys.indexOf(key) !== at))];
};

/** The next key of a telephone that is free. */
export const freeKey = (rows: readonly Row[]): string => [...KEYPAD].find((key) => rows.every((row) => row.key !== key)) ?? "";
