/** A caller's path through a flow, step by step. Pure. */
import type { Step } from "./model";

/** `2, 0,,1` as it is typed: an empty place is a question at which no key is pressed. */
export const keysOf = (typed: string): string[] => (typed.trim() ? typed.split(/[,，、]/).map((key) => key.trim()) : []);

/** True: only what a telephone has. */
export const areKeys = (keys: readonly string[]): boolean => keys.every((key) => /^[0-9*#]*$/.test(key));

export interface Path {
  /** The node the caller is in at this step. */
  at: string;
  nodes: Set<string>;
  /** Arrows gone along, as `from>to`. */
  arrows: Set<string>;
}

/** What lies behind the caller who has come to the step `index`. */
export function pathTo(steps: readonly Step[], index: number): Path {
  const gone = steps.slice(0, index + 1).flatMap((step) => (step.node ? [step.node] : []));
  const arrows = gone.slice(1).flatMap((node, at) => (gone[at] === node ? [] : [`${gone[at]}>${node}`]));
  return { at: gone.at(-1) ?? "", nodes: new Set(gone), arrows: new Set(arrows) };
}

export interface Heard {
  language: string;
  prompt: string;
  words: string;
}

/** What is heard in a step; `words` gives the words of `<language>/<prompt>`. */
export const heard = (step: Step, words: ReadonlyMap<string, string>): Heard[] =>
  (step.spoken ?? []).map((spoken) => {
    const [language = "", prompt = ""] = spoken.split("/");
    return { language, prompt, words: words.get(spoken) ?? prompt };
  });

/** `topic=labour, source=12345` or one a line. Null: a line without a value. */
export function factsOf(typed: string): Record<string, string> | null {
  const facts: Record<string, string> = {};
  for (const part of typed.split(/[\n,，]/).map((line) => line.trim()).filter(Boolean)) {
    const at = part.search(/[=＝]/);
    if (at < 1 || !part.slice(at + 1).trim()) return null;
    facts[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return facts;
}
