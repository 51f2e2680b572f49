/** How statutes are cited in a reply, and how text is put there. Pure. */
import type { Citation, Valid } from "./model";

const DIGITS = "零一二三四五六七八九";
const UNITS = ["", "十", "百", "千"];

function inWords(value: number): string {
  const digits = [...String(value)].map(Number);
  let words = "";
  digits.forEach((digit, at) => {
    if (digit > 0) words += (DIGITS[digit] ?? "") + (UNITS[digits.length - 1 - at] ?? "");
    else if (!words.endsWith("零")) words += "零";
  });
  words = words.replace(/零+$/, "");
  return words.startsWith("一十") ? words.slice(1) : words;
}

/** 82 → 第八十二条, "276-1" → 第二百七十六条之一, 0 → nothing: a text without articles. */
export function articleName(article: number | string): string {
  const [number = "", ...inserted] = String(article).split("-");
  if (!/^[1-9]\d{0,3}$/.test(number)) return number === "0" ? "" : String(article);
  return `第${inWords(Number(number))}条${inserted.map((part) => `之${inWords(Number(part))}`).join("")}`;
}

/** 《劳动合同法》; a title within the title takes single marks, as the standard of punctuation asks. */
export const lawName = (law: string): string => `《${law.replaceAll("《", "〈").replaceAll("》", "〉")}》`;

/** 《劳动合同法》第三十条、第八十二条；《劳动法》第四十五条. */
export function citationText(citations: readonly Citation[]): string {
  const byLaw = new Map<string, string[]>();
  for (const { law, article } of citations) {
    const held = byLaw.get(law) ?? [];
    const name = articleName(article);
    if (name && !held.includes(name)) held.push(name);
    byLaw.set(law, held);
  }
  return [...byLaw].map(([law, articles]) => lawName(law) + articles.join("、")).join("；");
}

/** Written behind a citation, in the language of the reply, whatever the screen speaks. */
export const NOT_IN_FORCE: Record<Valid, string> = { current: "", expired: "（已失效）", future: "（尚未生效）" };

export interface Insertion {
  text: string;
  /** Behind what was put in. */
  cursor: number;
}

/** A short answer of its own stands on its own line; a citation flows where the cursor stands. */
export function insertInto(text: string, start: number, end: number, addition: string, ownLine: boolean): Insertion {
  const before = text.slice(0, start);
  const lead = ownLine && before && !before.endsWith("\n") ? "\n" : "";
  const after = text.slice(end);
  const tail = ownLine && after && !after.startsWith("\n") ? "\n" : "";
  const placed = before + lead + addition;
  return { text: placed + tail + after, cursor: placed.length };
}
