/** What a form may offer. */
export interface Choices {
  nodes: string[];
  prompts: string[];
  lines: string[];
  destinations: string[];
  flows: string[];
  languages: string[];
  /** The words of a prompt, in Chinese. */
  words: ReadonlyMap<string, string>;
}
