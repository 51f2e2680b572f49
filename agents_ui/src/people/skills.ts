/** Languages and fields of law as words, and the names of those there are. */
import { computed } from "vue";
import { useI18n } from "vue-i18n";

import { injected } from "@/design/injected";
import { CATALOGUE } from "@/session/catalogue";

import type { Skills } from "./client";

export const LANGUAGES = ["zh", "bo", "mn"] as const;

export function useSkills() {
  const { t, te, locale } = useI18n();
  const catalogue = injected(CATALOGUE);
  catalogue.load();
  const fields = computed(() =>
    catalogue.lists.topics.value.map((topic) => ({
      id: topic.id,
      label: topic.name[locale.value === "en" ? "en" : "zh"] ?? topic.id,
      matters: (topic.children ?? [topic]).map((matter) => ({ id: matter.id, label: matter.name[locale.value === "en" ? "en" : "zh"] ?? matter.id })),
    })),
  );
  const names = computed(() => new Map(fields.value.flatMap((topic) => topic.matters.map((matter) => [matter.id, matter.label] as const))));
  const language = (code: string) => (te(`language.${code}`) ? t(`language.${code}`) : code);

  function words(skills: Skills): string {
    const spoken = Object.entries(skills.languages).map(([code, level]) => `${language(code)} ${t(`people.level.${level}`)}`);
    const known = Object.entries(skills.fields_of_law).map(([id, level]) => `${names.value.get(id) ?? id} ${t(`people.level.${level}`)}`);
    return [...spoken, ...known].join(t("common.comma"));
  }
  return { fields, language, words };
}
