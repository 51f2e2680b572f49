import { onUnmounted } from "vue";

/** The page asks the seat bar to go ready: one way to be ready, from two places on the screen. */
const NAME = "callcenter:go-ready";

export const goReady = (): void => {
  window.dispatchEvent(new Event(NAME));
};

export function onGoReady(act: () => void): void {
  window.addEventListener(NAME, act);
  onUnmounted(() => window.removeEventListener(NAME, act));
}
