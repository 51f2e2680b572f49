import { ref, watch, type InjectionKey, type Ref } from "vue";

export const LOCALES = ["zh-CN", "en"] as const;
export type Locale = (typeof LOCALES)[number];
/** A second script beside the Chinese on wallboard and states. */
export type Companion = "" | "bo" | "mn";

/** How this screen is shown; kept in this browser. */
export interface Display {
  locale: Ref<Locale>;
  dark: Ref<boolean>;
  large: Ref<boolean>;
  companion: Ref<Companion>;
}

export const DISPLAY: InjectionKey<Display> = Symbol("display");

function kept<T>(name: string, fallback: T, valid: (value: unknown) => boolean): Ref<T> {
  const key = `callcenter.display.${name}`;
  let first = fallback;
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (stored !== null && valid(stored)) first = stored as T;
  } catch {
    first = fallback; // written by hand or by an older version
  }
  const value = ref(first) as Ref<T>;
  watch(value, (now) => localStorage.setItem(key, JSON.stringify(now)));
  return value;
}

const isBoolean = (value: unknown): boolean => typeof value === "boolean";

export function createDisplay(): Display {
  const display: Display = {
    locale: kept<Locale>("locale", "zh-CN", (value) => LOCALES.includes(value as Locale)),
    dark: kept("dark", false, isBoolean),
    large: kept("large", false, isBoolean),
    companion: kept<Companion>("companion", "", (value) => ["", "bo", "mn"].includes(value as string)),
  };
  const root = document.documentElement;
  watch(
    [display.locale, display.dark, display.large],
    ([locale, dark, large]) => {
      root.lang = locale;
      root.classList.toggle("dark", dark);
      root.classList.toggle("large", large);
    },
    { immediate: true },
  );
  return display;
}
