/** One consultation record on the screen: loads, keeps, saves while typing, merges, closes. */
import { reactive, type InjectionKey } from "vue";

import { ApiError, type Api } from "@/api/client";
import type { Consultation } from "@/api/types";

import { fieldsOf, forget, keep, merge, recall, REQUIRED, sameFields, type FieldName, type Fields } from "./draft";

export type SaveState = "loading" | "absent" | "saved" | "typing" | "saving" | "kept-here" | "closed";

export interface RecordView {
  call: string;
  /** For the caller, to ask by; empty until the record is there. */
  orderNo: string;
  fields: Fields;
  save: SaveState;
  closed: boolean;
  /** Required fields found empty by the last attempt to close. */
  missing: FieldName[];
  /** What another window wrote into fields that were changed here too. */
  theirs: Partial<Fields>;
  error: ApiError | null;
  /** Closing the record has ended the seat's wrap-up too. */
  endedWrapUp: boolean;
}

export interface RecordStore {
  view: RecordView;
  /** Call after every change of `view.fields`. */
  changed(): void;
  /** Saves and closes. False: something is missing or the server does not answer; the view says what. */
  close(): Promise<boolean>;
  dispose(): void;
}

export const RECORD: InjectionKey<RecordStore> = Symbol("record");

const PAUSE_MS = 500;
const RETRY_MS = [1000, 2000, 5000, 10_000] as const;
/** The engine opens the record when the talk begins; it may be a moment behind the event. */
const OPEN_RETRIES = 12;
const EMPTY: Fields = { topic: "", place: "", identity: "", groups: [], request: "", reply: "", outcome: "" };

export function openRecord(api: Api, call: string, storage: Storage = localStorage): RecordStore {
  const view = reactive<RecordView>({
    call, orderNo: "", fields: { ...EMPTY, groups: [] }, save: "loading", closed: false, missing: [], theirs: {}, error: null, endedWrapUp: false,
  });
  const path = `/consultations/${encodeURIComponent(call)}`;
  let base: Fields = EMPTY;
  let version = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let gone = false;
  let sending: Promise<boolean> | null = null;

  function adopt(record: Consultation, mine: Fields): void {
    const merged = merge(base, mine, fieldsOf(record));
    base = fieldsOf(record);
    version = record.version;
    view.closed = record.closed;
    view.orderNo = record.order_no ?? "";
    view.fields = merged.fields;
    Object.assign(view.theirs, merged.theirs);
  }

  async function load(attempt = 0): Promise<void> {
    try {
      const record = await api.get<Consultation>(path);
      if (gone) return;
      const typed = view.save === "typing" ? { ...view.fields } : null;
      const draft = recall(storage, call);
      base = draft && !typed ? draft.base : fieldsOf(record);
      adopt(record, typed ?? draft?.mine ?? base);
      view.error = null;
      if (sameFields(view.fields, base)) settle();
      else changed();
    } catch (error) {
      if (gone) return;
      const absent = error instanceof ApiError && error.status === 404;
      if (absent && attempt >= OPEN_RETRIES) view.save = "absent";
      else timer = setTimeout(() => void load(attempt + 1), absent ? 300 : 2000);
      if (!absent) view.error = error as ApiError;
    }
  }

  function settle(): void {
    forget(storage, call);
    view.save = view.closed ? "closed" : "saved";
  }

  function changed(): void {
    if (view.closed) return;
    keep(storage, call, { base, mine: { ...view.fields } });
    view.save = "typing";
    view.missing = view.missing.filter((name) => view.fields[name].length === 0);
    clearTimeout(timer);
    timer = setTimeout(() => void push(false), version < 0 ? RETRY_MS[0] : PAUSE_MS);
  }

  /** One PUT at a time; a second one asked for meanwhile follows it. */
  async function push(closing: boolean): Promise<boolean> {
    clearTimeout(timer);
    if (sending) await sending;
    if (version < 0) {
      await load(OPEN_RETRIES);
      if (version < 0) return false;
    }
    sending = put(closing);
    const done = await sending;
    sending = null;
    return done;
  }

  async function put(closing: boolean, again = true): Promise<boolean> {
    const sent = { ...view.fields, groups: [...view.fields.groups] };
    view.save = "saving";
    try {
      const record = await api.put<Consultation>(path, { version, ...sent, closed: closing });
      failures = 0;
      view.error = null;
      base = sent;
      version = record.version;
      view.closed = record.closed;
      view.endedWrapUp ||= record.wrap_up === "done";
      if (sameFields(view.fields, sent)) settle();
      else changed();
      return true;
    } catch (error) {
      return refused(error as ApiError, closing, again);
    }
  }

  async function refused(error: ApiError, closing: boolean, again: boolean): Promise<boolean> {
    if (error.code === "conflict" && again) {
      const record = await api.get<Consultation>(path).catch(() => null);
      if (record) {
        adopt(record, { ...view.fields });
        return put(closing, false);
      }
    }
    view.error = error;
    view.save = "kept-here";
    const fields = error.details["fields"];
    if (error.status === 400 && Array.isArray(fields)) view.missing = fields as FieldName[];
    if (error.status >= 500 || error.status === 0 || error.code === "conflict") {
      const pause = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
      if (!gone) timer = setTimeout(() => void push(false), pause);
    }
    return false;
  }

  void load();
  return {
    view,
    changed,
    async close() {
      if (view.closed) return true;
      view.missing = REQUIRED.filter((name) => view.fields[name].length === 0);
      if (view.missing.length > 0) return false;
      return push(true);
    },
    dispose() {
      gone = true;
      clearTimeout(timer);
      // The text stays in storage until the server has it; one last try goes out now.
      if (version >= 0 && !view.closed && !sameFields(view.fields, base)) void put(false);
    },
  };
}
