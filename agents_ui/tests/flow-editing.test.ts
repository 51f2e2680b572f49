import { beforeEach, describe, expect, it } from "vitest";
import { effectScope, type EffectScope } from "vue";

import { ApiError } from "@/api/client";
import type { FlowsClient } from "@/flows/client";
import { useEditing, type Editing } from "@/flows/editing";
import { keepForm, keepText, keptForm, keptText } from "@/flows/kept";
import type { Draft, FlowText } from "@/flows/model";

const PUBLISHED = "id: main\n";

/** A server with one flow; a colleague may save between two of our saves. */
class Server {
  draft: Draft | null = null;
  away = false;
  saves = 0;

  readonly client = {
    flow: () => this.answer(() => ({ id: "main", version: 1, yaml: PUBLISHED, graph: null, findings: [], draft: this.draft, prompts: [], queues: [], destinations: [], languages: [] }) satisfies FlowText),
    saveText: (_: string, yaml: string, revision: number | null) => this.answer(() => this.put(yaml, revision, "me")),
    saveNode: (_: string, node: string, __: object, revision: number | null) => this.answer(() => {
      if (node === "bad") throw new ApiError(400, "bad-input", "");
      return this.put(`${this.draft?.yaml ?? PUBLISHED}${node}\n`, revision, "me");
    }),
    discard: () => this.answer(() => void (this.draft = null)),
  } as unknown as FlowsClient;

  put(yaml: string, revision: number | null, who: string): Draft {
    if (revision !== (this.draft?.revision ?? null)) throw new ApiError(409, "draft-changed", "");
    this.saves += 1;
    this.draft = { yaml, revision: (revision ?? 0) + 1, base_version: 1, changed_at: "2026-11-22T10:00:00+08:00", changed_by: who, graph: null, findings: [] };
    return this.draft;
  }

  private async answer<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.away) throw new ApiError(0, "unreachable", "");
    return structuredClone(work());
  }
}

class Shelf {
  private readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

let server: Server;
let shelf: Storage;
let scope: EffectScope;

async function opened(): Promise<Editing> {
  scope = effectScope();
  const editing = scope.run(() => useEditing(server.client, "main", shelf, 60_000)) as Editing;
  await editing.load();
  return editing;
}

beforeEach(() => {
  server = new Server();
  shelf = new Shelf() as unknown as Storage;
  return () => scope.stop();
});

describe("editing a flow", () => {
  it("keeps every letter here until the server has it", async () => {
    const editing = await opened();
    editing.type("typed");
    expect(editing.saving.value).toBe("typing");
    expect(keptText(shelf, "main")).toEqual({ base: PUBLISHED, text: "typed" });
    await editing.save();
    expect(server.draft?.yaml).toBe("typed");
    expect(editing.saving.value).toBe("idle");
    expect(keptText(shelf, "main")).toBeNull();
  });

  it("does not lose text when the network is away, nor with a closed page", async () => {
    const editing = await opened();
    server.away = true;
    editing.type("typed");
    await expect(editing.save()).rejects.toThrow(ApiError);
    expect(editing.saving.value).toBe("failed");
    scope.stop();
    server.away = false;
    const again = await opened();
    expect(again.text.value).toBe("typed");
    expect(again.restored.value).toBe(true);
    await again.save();
    expect(server.draft?.yaml).toBe("typed");
  });

  it("asks whose text counts when somebody else saved, and mine is still there", async () => {
    const editing = await opened();
    editing.type("mine");
    server.put("theirs", null, "colleague");
    await expect(editing.save()).rejects.toThrow(ApiError);
    expect(editing.saving.value).toBe("conflict");
    expect(editing.theirs.value?.changed_by).toBe("colleague");
    expect(editing.text.value).toBe("mine");
    await editing.settleConflict("mine");
    expect(server.draft?.yaml).toBe("mine");
    expect(editing.saving.value).toBe("idle");
  });

  it("takes theirs if that is chosen", async () => {
    const editing = await opened();
    editing.type("mine");
    server.put("theirs", null, "colleague");
    await editing.save().catch(() => undefined);
    await editing.settleConflict("theirs");
    expect([editing.text.value, editing.saving.value, server.saves]).toEqual(["theirs", "idle", 1]);
    expect(keptText(shelf, "main")).toBeNull();
  });

  it("meets a conflict also with text left by a closed page", async () => {
    keepText(shelf, "main", { base: "older", text: "mine" });
    server.put("theirs", null, "colleague");
    const editing = await opened();
    expect([editing.saving.value, editing.text.value]).toEqual(["conflict", "mine"]);
  });

  it("sends what was typed before a node is written, one after the other", async () => {
    const editing = await opened();
    editing.type("typed\n");
    await Promise.all([editing.saveNode("a", {}), editing.saveNode("b", {})]);
    expect(server.draft?.yaml).toBe("typed\na\nb\n");
    expect(editing.text.value).toBe("typed\na\nb\n");
  });

  it("a refused node changes nothing", async () => {
    const editing = await opened();
    await expect(editing.saveNode("bad", {})).rejects.toThrow(ApiError);
    expect([editing.saving.value, editing.text.value, server.draft]).toEqual(["idle", PUBLISHED, null]);
  });

  it("keeps a form that nobody has written", () => {
    keepForm(shelf, "main", "a", { play: "x" });
    expect(keptForm(shelf, "main", "a")).toEqual({ play: "x" });
    expect(keptForm(shelf, "main", "b")).toBeNull();
    scope = effectScope();
  });

  it("goes back to what callers meet when the draft is discarded", async () => {
    const editing = await opened();
    await editing.saveText("typed");
    await editing.discard();
    expect([editing.text.value, editing.draft.value]).toEqual([PUBLISHED, null]);
  });
});
