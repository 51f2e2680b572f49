import { ref, watch, type Ref } from "vue";

const KEY = "callcenter.knowledge.open";

/** Whether the panel is open, kept in this browser. Open at first: who never saw it would not look for it. */
export function keptOpen(storage: Storage = localStorage): Ref<boolean> {
  const open = ref(storage.getItem(KEY) !== "0");
  watch(open, (now) => storage.setItem(KEY, now ? "1" : "0"));
  return open;
}
