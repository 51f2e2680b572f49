import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError, type Api } from "@/api/client";
import type { Consultation } from "@/api/types";
import { merge, type Fields } from "@/console/draft";
import { openRecord, type RecordStore } from "@/console/record";

class FakeStorage implements Storage {
  private items = new Map<string, string>();
  get length() { return this.items.size; }
  clear() { this.items.clear(); }
  key(index: number) { return [...this.items.keys()][index] ?? null; }
  getItem(key: string) { return this.items.get(key) ?? null; }
  setItem(key: string, value: string) { this.items.set(key, value); }
  removeItem(key: string) { this.items.delete(key); }
}

/** A server that keeps one record and checks its version, as the real one does. */
class FakeServer {
  record: Consultation = { call: "c1", version: 0, order_no: null, topic: "", place: "", identity: "", groups: [], request: "", reply: "", outcome: "", closed: false };
  away = false;
  opened = true;
  puts = 0;

  readonly api: Api = {
    get: <T>() => this.answer<T>(() => {
      if (!this.opened) throw new ApiError(404, "not-found", "");
      return this.record;
    }),
    put: <T>(_: string, body: unknown) => this.answer<T>(() => {
      const given = body as Consultation;
      this.puts += 1;
      if (given.version !== this.record.version) throw new ApiError(409, "conflict", "");
      this.record = { ...this.record, ...given, version: this.record.version + 1 };
      return this.record;
    }),
    post: () => Promise.reject(new Error("not asked for here")),
    remove: () => Promise.reject(new Error("not asked for here")),
    setCsrf: () => undefined,
  };

  private async answer<T>(work: () => unknown): Promise<T> {
    await Promise.resolve();
    if (this.away) throw new ApiError(0, "unreachable", "");
    return structuredClone(work()) as T;
  }
}

let server: FakeServer;
let storage: FakeStorage;
const open = () => openRecord(server.api, "c1", storage);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const type = (record: RecordStore, change: Partial<Fields>) => {
  Object.assign(record.view.fields, change);
  record.changed();
};

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  storage = new FakeStorage();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the consultation record", () => {
  it("saves a moment after the typing stops, once", async () => {
    const record = open();
    await pass(10);
    for (const request of ["老", "老板", "老板欠薪"]) {
      type(record, { request });
      await pass(100);
    }
    expect(server.puts).toBe(0);
    await pass(1000);
    expect(server.puts).toBe(1);
    expect(server.record.request).toBe("老板欠薪");
    expect(record.view.save).toBe("saved");
    expect(storage.length).toBe(0);
  });

  it("waits for a record that the engine opens a moment later", async () => {
    server.opened = false;
    const record = open();
    await pass(700);
    server.opened = true;
    await pass(700);
    expect(record.view.save).toBe("saved");
  });

  it("keeps the text through a lost network and a reload", async () => {
    const first = open();
    await pass(10);
    server.away = true;
    type(first, { reply: "先投诉劳动监察" });
    await pass(800);
    expect(first.view.save).toBe("kept-here");
    first.dispose();
    server.away = false;
    const second = open();
    await pass(2000);
    expect(second.view.fields.reply).toBe("先投诉劳动监察");
    expect(server.record.reply).toBe("先投诉劳动监察");
    expect(storage.length).toBe(0);
  });

  it("sends again by itself when the network is back", async () => {
    const record = open();
    await pass(10);
    server.away = true;
    type(record, { reply: "甲" });
    await pass(4000);
    server.away = false;
    await pass(12_000);
    expect(server.record.reply).toBe("甲");
    expect(record.view.save).toBe("saved");
  });

  it("joins what another window wrote into other fields", async () => {
    const record = open();
    await pass(10);
    server.record = { ...server.record, version: 5, identity: "self" };
    type(record, { reply: "乙" });
    await pass(1500);
    expect(server.record).toMatchObject({ identity: "self", reply: "乙" });
    expect(record.view.theirs).toEqual({});
  });

  it("shows what another window wrote into the same field, and drops neither", async () => {
    const record = open();
    await pass(10);
    server.record = { ...server.record, version: 5, reply: "别的" };
    type(record, { reply: "我的" });
    await pass(1500);
    expect(server.record.reply).toBe("我的");
    expect(record.view.theirs.reply).toBe("别的");
  });

  it("is not closed without topic, reply and outcome, and says which is missing", async () => {
    const record = open();
    await pass(10);
    type(record, { topic: "civil.lending" });
    expect(await record.close()).toBe(false);
    expect(record.view.missing).toEqual(["reply", "outcome"]);
    type(record, { reply: "起诉", outcome: "answered" });
    expect(record.view.missing).toEqual([]);
    expect(await record.close()).toBe(true);
    expect(server.record.closed).toBe(true);
    expect(record.view.save).toBe("closed");
  });
});

describe("merging", () => {
  const none: Fields = { topic: "", place: "", identity: "", groups: [], request: "", reply: "", outcome: "" };

  it("keeps my change, takes theirs where I changed nothing", () => {
    const merged = merge(none, { ...none, request: "我" }, { ...none, reply: "他" });
    expect(merged).toEqual({ fields: { ...none, request: "我", reply: "他" }, theirs: {} });
  });

  it("sees no conflict where both wrote the same", () => {
    expect(merge(none, { ...none, groups: ["woman"] }, { ...none, groups: ["woman"] }).theirs).toEqual({});
  });
});
