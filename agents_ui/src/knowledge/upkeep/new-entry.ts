/** What an entry that nobody wrote yet begins with. */
import type { Form } from "./model";

const SECTIONS = ["简短回答", "要问清", "步骤", "材料", "去哪里", "依据"];

export const FIELDS: readonly string[] = ["title", "questions", "asked_as", "keywords", "topic", "groups", "region", "valid_from", "valid_until", "owner", "review_due", "laws", "spoken", ...SECTIONS];

/** `words`: what a caller asked and no entry answers. */
export function FIRST(id: string, words: string): Form {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const inAYear = `${Number(today.slice(0, 4)) + 1}${today.slice(4).replace("-02-29", "-02-28")}`;
  return {
    ...Object.fromEntries(FIELDS.map((name) => [name, ""])),
    title: words,
    questions: words,
    topic: id.includes("/") ? (id.split("/")[0] ?? "") : "",
    region: "全国",
    valid_from: today,
    owner: "site-lawyers",
    review_due: inAYear,
  };
}
