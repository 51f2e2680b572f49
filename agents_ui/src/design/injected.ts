import { inject, type InjectionKey } from "vue";

/** What the composition root provides; its absence is a fault of the program, not of the day. */
export function injected<T>(key: InjectionKey<T>): T {
  const value = inject(key);
  if (value === undefined) throw new Error(`${key.description ?? "?"} is not provided`);
  return value;
}
