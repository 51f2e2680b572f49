/** One draft on the screen: what is typed is kept in this browser at every key, and on the server soon after. */
import { computed, onScopeDispose, ref, shallowRef } from "vue";

import { ApiError } from "@/api/client";

import type { Place, WorkClient } from "./client";
import type { Act, Draft, Form } from "./model";

const SAVE_AFTER_MS = 1500;

const keyOf = ({ entry, language }: Place) => `kb-draft:${language}:${entry}`;

/** What was typed and never reached the server: a closed window, a lost line, somebody else's save. */
function kept(place: Place): Form | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(place)) ?? "null") as Form | null;
  } catch {
    return null;
  }
}

function keep(place: Place, form: Form | null): void {
  try {
    if (form) localStorage.setItem(keyOf(place), JSON.stringify(form));
    else localStorage.removeItem(keyOf(place));
  } catch {
    // a full or forbidden store: the server still has the last save
  }
}

export function useEditing(client: WorkClient, place: Place) {
  const draft = shallowRef<Draft | null>(null);
  const form = ref<Form>({});
  const unsaved = ref(false);
  const busy = ref(false);
  /** Typed here earlier, and not the same as on the server. */
  const found = shallowRef<Form | null>(null);
  /** Somebody else saved meanwhile: what is typed stays here until one of the two is chosen. */
  const conflict = ref(false);
  const error = shallowRef<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(next: Draft): void {
    draft.value = next;
    form.value = { ...next.form };
    unsaved.value = false;
  }

  async function load(): Promise<void> {
    error.value = null;
    try {
      show(await client.draft(place));
      const here = kept(place);
      found.value = here && JSON.stringify(here) !== JSON.stringify(form.value) ? here : null;
      conflict.value = false;
    } catch (cause) {
      error.value = cause;
    }
  }

  /** true: the server has everything that is on the screen. */
  async function save(): Promise<boolean> {
    clearTimeout(timer);
    if (!draft.value || busy.value) return false;
    if (!unsaved.value) return true;
    const sent = JSON.stringify(form.value);
    busy.value = true;
    try {
      const next = await client.save(place, draft.value.version, { ...form.value });
      draft.value = next;
      error.value = null;
      unsaved.value = JSON.stringify(form.value) !== sent;
      if (unsaved.value) timer = setTimeout(() => void save(), SAVE_AFTER_MS);
      else keep(place, null);
      return !unsaved.value;
    } catch (cause) {
      if (cause instanceof ApiError && cause.code === "conflict") conflict.value = true;
      else error.value = cause;
      return false;
    } finally {
      busy.value = false;
    }
  }

  function typed(field: string, text: string): void {
    form.value = { ...form.value, [field]: text };
    unsaved.value = true;
    keep(place, form.value);
    clearTimeout(timer);
    if (!conflict.value) timer = setTimeout(() => void save(), SAVE_AFTER_MS);
  }

  async function takeFound(yes: boolean): Promise<void> {
    if (yes && found.value) {
      form.value = { ...found.value };
      unsaved.value = true;
    } else keep(place, null);
    found.value = null;
    if (yes) await save();
  }

  /** `mine`: this text is put over the other one, which stays to be read under the differences until then. */
  async function settle(mine: boolean): Promise<void> {
    const own = { ...form.value };
    await load();
    found.value = null;
    if (!mine) return keep(place, null);
    form.value = own;
    unsaved.value = true;
    await save();
  }

  async function act(what: Act, words: string): Promise<boolean> {
    if (what !== "discard" && !(await save())) return false;
    busy.value = true;
    try {
      await client.act(place, what, draft.value?.version ?? 0, words);
      keep(place, null);
      busy.value = false;
      if (what !== "discard" || draft.value?.exists) await load();
      return true;
    } catch (cause) {
      error.value = cause;
      return false;
    } finally {
      busy.value = false;
    }
  }

  /** A new entry: nothing is on the server yet. */
  function begin(fields: readonly string[], first: Form): void {
    error.value = null;
    draft.value = { ...place, form: first, fields: [...fields], state: null, version: 0, authors: [], changed_by: "", exists: false, faults: [], acts: [] };
    form.value = { ...first };
    found.value = kept(place);
  }

  onScopeDispose(() => void save());
  return { draft, form, unsaved, busy, found, conflict, error, missing: computed(() => error.value instanceof ApiError && error.value.status === 404), load, begin, save, typed, takeFound, settle, act };
}

export type Editing = ReturnType<typeof useEditing>;
