/** One flow being edited: its text here, its draft on the server, and what stands between the two. */
import { computed, onScopeDispose, ref, shallowRef } from "vue";

import { ApiError } from "@/api/client";

import type { FlowsClient } from "./client";
import { forgetText, keepText, keptText, resumed } from "./kept";
import type { Draft, FlowText, NodeFields } from "./model";

/** idle: the server has it all · typing: it will be sent · saving · failed: it is kept here · conflict: somebody else saved. */
export type Saving = "idle" | "typing" | "saving" | "failed" | "conflict";

const PAUSE_MS = 900;
/** After a failure of the network. */
const AGAIN_MS = 5000;
const textOf = (flow: FlowText): string => flow.draft?.yaml ?? flow.yaml ?? "";

export function useEditing(client: FlowsClient, id: string, storage: Storage = localStorage, pause = PAUSE_MS) {
  const flow = shallowRef<FlowText | null>(null);
  const text = ref("");
  const saving = ref<Saving>("idle");
  const error = ref<unknown>(null);
  const loadError = ref<unknown>(null);
  /** Text that a closed page had left here was taken up again. */
  const restored = ref(false);
  /** In a conflict: the draft as the other one saved it. */
  const theirs = shallowRef<Draft | null>(null);
  let base = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const draft = computed(() => flow.value?.draft ?? null);
  const findings = computed(() => draft.value?.findings ?? flow.value?.findings ?? []);
  const revision = () => draft.value?.revision ?? null;

  /** One thing after the other: two answers on the way would make us our own rival. */
  function queued<T>(deed: () => Promise<T>): Promise<T> {
    const next = last.catch(() => undefined).then(deed);
    last = next;
    return next;
  }

  function took(answer: Draft | null): void {
    if (flow.value) flow.value = { ...flow.value, draft: answer };
  }

  async function load(): Promise<void> {
    loadError.value = null;
    try {
      flow.value = await client.flow(id);
    } catch (cause) {
      loadError.value = cause;
      return;
    }
    base = textOf(flow.value);
    text.value = base;
    saving.value = "idle";
    theirs.value = null;
    const kept = keptText(storage, id);
    const next = resumed(kept, base);
    if (!kept || next === "nothing") return forgetText(storage, id);
    text.value = kept.text;
    restored.value = true;
    if (next === "go-on") return type(kept.text);
    theirs.value = flow.value.draft;
    saving.value = "conflict";
  }

  /** Every letter; sent after a pause. */
  function type(now: string): void {
    text.value = now;
    if (now === base && saving.value !== "conflict") {
      clearTimeout(timer);
      forgetText(storage, id);
      saving.value = "idle";
      return;
    }
    keepText(storage, id, { base, text: now });
    if (saving.value === "conflict") return;
    saving.value = "typing";
    clearTimeout(timer);
    timer = setTimeout(() => void save().catch(() => undefined), pause);
  }

  async function fail(cause: unknown): Promise<never> {
    error.value = cause;
    const rival = cause instanceof ApiError && cause.status === 409;
    saving.value = rival ? "conflict" : "failed";
    if (cause instanceof ApiError && cause.status === 0) timer = setTimeout(() => void save().catch(() => undefined), AGAIN_MS);
    if (rival) theirs.value = await client.flow(id).then((now) => now.draft).catch(() => null);
    throw cause;
  }

  /** Sends the text, if there is any to send. Throws what the server or the network said; the text stays here. */
  const save = (): Promise<void> =>
    queued(async () => {
      clearTimeout(timer);
      if (saving.value === "conflict") throw error.value ?? new ApiError(409, "conflict", "");
      const sent = text.value;
      if (sent === base) return;
      saving.value = "saving";
      try {
        const answer = await client.saveText(id, sent, revision());
        took(answer);
        base = answer.yaml;
        if (text.value === sent) text.value = base;
        error.value = null;
      } catch (cause) {
        return fail(cause);
      }
      settle();
    });

  function settle(): void {
    restored.value = false;
    saving.value = "idle";
    type(text.value); // what was typed while it was on its way
  }

  /** A change that the server makes in the text. What was typed before goes first. */
  async function edit(change: (revision: number | null) => Promise<Draft>): Promise<void> {
    await save();
    await queued(async () => {
      saving.value = "saving";
      try {
        const answer = await change(revision());
        took(answer);
        base = answer.yaml;
        text.value = base;
        error.value = null;
        settle();
      } catch (cause) {
        if (cause instanceof ApiError && cause.status !== 409) {
          saving.value = "idle"; // only this change was refused, the text is as it was
          throw cause;
        }
        await fail(cause);
      }
    });
  }

  /** The end of a conflict: my text over theirs, or theirs in place of mine. */
  async function settleConflict(choice: "mine" | "theirs"): Promise<void> {
    const mine = text.value;
    const now = await client.flow(id);
    flow.value = now;
    base = textOf(now);
    theirs.value = null;
    error.value = null;
    saving.value = "idle";
    restored.value = false;
    text.value = base;
    forgetText(storage, id);
    if (choice === "mine") {
      type(mine);
      await save();
    }
  }

  async function discard(): Promise<void> {
    clearTimeout(timer);
    await queued(() => client.discard(id));
    forgetText(storage, id);
    if (flow.value?.version == null) return; // it was a draft only
    await load();
  }

  onScopeDispose(() => {
    clearTimeout(timer);
    if (saving.value === "typing") void save().catch(() => undefined);
  });

  return {
    flow, text, saving, error, loadError, restored, theirs, draft, findings,
    load, type, save, settleConflict, discard,
    saveNode: (node: string, fields: NodeFields) => edit((at) => client.saveNode(id, node, fields, at)),
    removeNode: (node: string) => edit((at) => client.removeNode(id, node, at)),
    saveText: (now: string) => (type(now), save()),
  }; // prettier-ignore
}

export type Editing = ReturnType<typeof useEditing>;
