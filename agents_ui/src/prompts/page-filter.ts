/** Which prompts are shown; kept in the page's address. Pure. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";

import type { Prompt } from "./model";

export const SHOWN = ["all", "missing", "waiting", "changed"] as const;
export type Shown = (typeof SHOWN)[number];

export interface Filter {
  lang: string;
  show: Shown;
  find: string;
  /** The studio's script instead of the table. */
  script: boolean;
}

const one = (query: LocationQuery, name: string): string => (typeof query[name] === "string" ? query[name] : "");

export const filterOf = (query: LocationQuery): Filter => ({
  lang: one(query, "lang") || "zh",
  show: SHOWN.find((show) => show === one(query, "show")) ?? "all",
  find: one(query, "find"),
  script: one(query, "script") === "1",
});

export const queryOf = ({ lang, show, find, script }: Filter): LocationQueryRaw => ({
  ...(lang === "zh" ? {} : { lang }),
  ...(show === "all" ? {} : { show }),
  ...(find ? { find } : {}),
  ...(script ? { script: "1" } : {}),
});

/** No person's recording of these words is heard: whatever else is played in its place. */
export const isMissing = (prompt: Prompt): boolean => prompt.source !== "recorded";

const FITS: Record<Shown, (prompt: Prompt) => boolean> = {
  all: () => true,
  missing: isMissing,
  waiting: (prompt) => prompt.waiting !== null,
  changed: (prompt) => prompt.changed_since_recording,
};

export function shown(prompts: readonly Prompt[], { lang, show, find }: Filter): Prompt[] {
  const words = find.trim().toLowerCase();
  const has = (prompt: Prompt) => [prompt.id, prompt.words, prompt.meaning ?? ""].some((text) => text.toLowerCase().includes(words));
  return prompts.filter((prompt) => prompt.lang === lang && FITS[show](prompt) && (!words || has(prompt)));
}

/** What the studio has to speak: without a recording, or with one of other words. What waits for approval is spoken already. */
export const toBeSpoken = (prompts: readonly Prompt[], lang: string): Prompt[] =>
  prompts.filter((prompt) => prompt.lang === lang && (isMissing(prompt) || prompt.changed_since_recording) && !prompt.waiting);

export const tally = (prompts: readonly Prompt[], lang: string) => {
  const own = prompts.filter((prompt) => prompt.lang === lang);
  return { all: own.length, recorded: own.filter((prompt) => !isMissing(prompt)).length, waiting: own.filter((prompt) => prompt.waiting).length, missing: own.filter(isMissing).length };
};
