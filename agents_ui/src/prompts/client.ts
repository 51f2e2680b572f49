/** What the screens ask of the catalogue of prompts. */
import type { Api } from "@/api/client";

import type { Prompt } from "./model";

export interface PromptsClient {
  list(lang?: string): Promise<Prompt[]>;
  upload(prompt: Prompt, file: File, speaker: string): Promise<Prompt>;
  approve(prompt: Prompt): Promise<Prompt>;
  reject(prompt: Prompt, why: string): Promise<Prompt>;
}

const at = (prompt: Prompt, rest: string): string => `/prompts/${prompt.lang}/${encodeURIComponent(prompt.id)}/${rest}`;

/** `now` keeps the browser from playing a recording that has been replaced. */
export const soundOf = (prompt: Prompt, of: "current" | "waiting", now: number): string => `/api${at(prompt, `sound?of=${of}&at=${now}`)}`;

export function createPrompts(api: Api): PromptsClient {
  return {
    list: async (lang) => (await api.get<{ items: Prompt[] }>("/prompts", { lang })).items,
    upload: (prompt, file, speaker) => {
      const form = new FormData();
      form.set("file", file);
      form.set("speaker", speaker);
      return api.post(at(prompt, "recording"), form);
    },
    approve: (prompt) => api.post(at(prompt, "approve")),
    reject: (prompt, why) => api.post(at(prompt, "reject"), { why }),
  };
}
