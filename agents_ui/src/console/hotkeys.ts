import { onMounted, onUnmounted } from "vue";

/** F-keys work wherever the cursor stands, also in a text field. `handle` returns false for a key it does not want. */
export function useHotkeys(handle: (key: string, event: KeyboardEvent) => unknown): void {
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat) return;
    const key = event.ctrlKey || event.metaKey ? `Ctrl+${event.key}` : event.key;
    if (handle(key, event) !== false) event.preventDefault();
  };
  onMounted(() => addEventListener("keydown", listen));
  onUnmounted(() => removeEventListener("keydown", listen));
}
