/** What is heard of each prompt. Without an answer prompts stand with their ids. */
import { computed, shallowRef } from "vue";

import type { Api } from "@/api/client";
import { createPrompts } from "@/prompts/client";
import type { Prompt } from "@/prompts/model";

export function useWords(api: Api) {
  const prompts = shallowRef<Prompt[]>([]);
  void createPrompts(api).list().then((found) => (prompts.value = found)).catch(() => undefined);
  return {
    /** By `<language>/<prompt>`. */
    words: computed(() => new Map(prompts.value.map((prompt) => [`${prompt.lang}/${prompt.id}`, prompt.words]))),
    /** The Chinese words by prompt: what the reader of the graph reads. */
    chinese: computed(() => new Map(prompts.value.filter((prompt) => prompt.lang === "zh").map((prompt) => [prompt.id, prompt.words]))),
  };
}
