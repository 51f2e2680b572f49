import { createI18n } from "vue-i18n";

import bo from "./bo.json";
import en from "./en";
import mn from "./mn.json";
import zh from "./zh-CN";

export type Messages = typeof zh;

/** zh-CN and en are complete; bo and mn hold the fixed terms of the wallboard and the states (see README). */
export function createMessages(locale: string) {
  return createI18n({
    legacy: false,
    locale,
    fallbackLocale: "zh-CN",
    messages: { "zh-CN": zh, en, bo, mn } as unknown as Record<string, Messages>,
    missingWarn: false,
    fallbackWarn: false,
  });
}
