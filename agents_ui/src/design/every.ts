import { onUnmounted } from "vue";

/** Asks again every so many milliseconds, as long as what shows it is open. */
export function useEvery(ms: number, ask: () => Promise<unknown>): void {
  const timer = setInterval(() => void ask(), ms);
  onUnmounted(() => {
    clearInterval(timer);
  });
}
