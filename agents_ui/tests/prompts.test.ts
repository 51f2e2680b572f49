import { describe, expect, it } from "vitest";

import type { Prompt } from "@/prompts/model";
import { filterOf, queryOf, shown, tally, toBeSpoken } from "@/prompts/page-filter";

const WAITING = { uploaded_by: "1001", uploaded_at: "2026-11-22T10:00:00+08:00", speaker: "卓玛", length_s: 2, loudness_db: -20 };
const prompt = (id: string, part: Partial<Prompt> = {}): Prompt => ({
  id, lang: "zh", words: `${id}的文字`, source: "machine", speaker: "", approved_by: "", approved_at: null, reviewed_by: "", changed_since_recording: false, length_s: 1, loudness_db: -20, waiting: null, ...part,
});
const ALL = [
  prompt("welcome", { source: "recorded" }), prompt("notice", { waiting: WAITING }), prompt("thanks", { source: "recorded", changed_since_recording: true }),
  prompt("welcome", { lang: "bo", source: "placeholder", meaning: "您好" }),
];
const ids = (prompts: Prompt[]) => prompts.map((one) => one.id);

describe("the list of prompts", () => {
  it("shows one language, and of it what is missing, waiting or to be recorded again", () => {
    const base = filterOf({});
    expect(ids(shown(ALL, base))).toEqual(["welcome", "notice", "thanks"]);
    expect(ids(shown(ALL, { ...base, show: "missing" }))).toEqual(["notice"]);
    expect(ids(shown(ALL, { ...base, show: "waiting" }))).toEqual(["notice"]);
    expect(ids(shown(ALL, { ...base, show: "changed" }))).toEqual(["thanks"]);
    expect(ids(shown(ALL, { ...base, lang: "bo", find: "您" }))).toEqual(["welcome"]);
    expect(tally(ALL, "zh")).toEqual({ all: 3, recorded: 2, waiting: 1, missing: 1 });
  });

  it("keeps its filter in the address", () => {
    const filter = { lang: "bo", show: "waiting" as const, find: "x", script: true };
    expect(filterOf(queryOf(filter) as Record<string, string>)).toEqual(filter);
    expect(queryOf(filterOf({}))).toEqual({});
    expect(filterOf({ show: "nonsense" }).show).toBe("all");
  });

  it("gives the studio what has still to be spoken, not what only waits for approval", () => {
    expect(ids(toBeSpoken(ALL, "zh"))).toEqual(["thanks"]);
    expect(ids(toBeSpoken(ALL, "bo"))).toEqual(["welcome"]);
  });
});
