import { describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";

import { ApiError, type Api } from "@/api/client";
import { articleName, citationText, insertInto, lawName } from "@/knowledge/citation";
import { createKnowledge, type KnowledgeClient, type Wanted } from "@/knowledge/client";
import type { Found } from "@/knowledge/model";
import { changed, queryOf, viewOf } from "@/knowledge/page-filter";
import { useSearch } from "@/knowledge/search";
import { blocks, marked, plainText } from "@/knowledge/text";

const found = (query: string): Found => ({ query, understood: query, took_ms: 1, results: [] });

describe("citing", () => {
  it.each([
    [7, "第七条"], [10, "第十条"], [47, "第四十七条"], [82, "第八十二条"], [101, "第一百零一条"], [110, "第一百一十条"], [217, "第二百一十七条"],
    [1000, "第一千条"], [1008, "第一千零八条"], [1077, "第一千零七十七条"], [1260, "第一千二百六十条"], ["276-1", "第二百七十六条之一"], ["0", ""],
  ])("names article %s as statutes do", (number, name) => expect(articleName(number)).toBe(name));

  it("groups the articles of a statute", () => {
    const cited = citationText([{ law: "劳动合同法", article: 30 }, { law: "劳动法", article: 45 }, { law: "劳动合同法", article: 82 }, { law: "劳动合同法", article: 30 }]);
    expect(cited).toBe("《劳动合同法》第三十条、第八十二条；《劳动法》第四十五条");
  });

  it("sets a title within a title in single marks", () => {
    expect(lawName("最高人民法院关于适用《民法典》婚姻家庭编的解释（一）")).toBe("《最高人民法院关于适用〈民法典〉婚姻家庭编的解释（一）》");
  });

  it("puts a citation where the cursor stands, in place of what is selected", () => {
    expect(insertInto("依据，可仲裁", 2, 2, "《劳动法》", false)).toEqual({ text: "依据《劳动法》，可仲裁", cursor: 7 });
    expect(insertInto("甲某某乙", 1, 3, "丙", false).text).toBe("甲丙乙");
  });

  it("gives a short answer its own line", () => {
    expect(insertInto("您好", 2, 2, "可以要。", true).text).toBe("您好\n可以要。");
    expect(insertInto("您好。还有", 3, 3, "可以要。", true)).toEqual({ text: "您好。\n可以要。\n还有", cursor: 8 });
    expect(insertInto("", 0, 0, "可以要。", true).text).toBe("可以要。");
  });
});

describe("text of the knowledge base", () => {
  it("sets apart what was found, counting rare characters as one", () => {
    expect(marked("𠮷欠薪", [[1, 3]])).toEqual([{ text: "𠮷", on: false }, { text: "欠薪", on: true }]);
    expect(marked("欠薪", [[1, 9]])).toEqual([{ text: "欠薪", on: false }]);
  });

  it("reads paragraphs and lists", () => {
    expect(blocks("一\n\n- 甲\n- **乙**\n\n1. 丙").map((block) => [block.kind, block.lines.length])).toEqual([["p", 1], ["ul", 2], ["ol", 1]]);
  });

  it("leaves markup of other kinds as the words it is", () => {
    const source = "<script>alert(1)</script> **粗**";
    expect(blocks(source)[0]?.lines[0]).toEqual([{ text: "<script>alert(1)</script> ", on: false }, { text: "粗", on: true }]);
    expect(plainText("可以。\n\n- **要**")).toBe("可以。\n要");
  });
});

describe("the address of the knowledge page", () => {
  it("keeps the search when something is opened, and closes it by another search", () => {
    const open = changed(viewOf({ q: "欠薪", topic: "labour" }), { entry: "labour/a" });
    expect(queryOf(open)).toEqual({ q: "欠薪", topic: "labour", entry: "labour/a" });
    expect(queryOf(changed(open, { q: "离婚" }))).toEqual({ q: "离婚", topic: "labour" });
  });
});

describe("the search while typing", () => {
  it("asks once after the typing stops, and a late answer does not replace a newer one", async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    const answers = new Map<string, (answer: Found) => void>();
    const client = { search: ({ q }: Wanted) => (asked.push(q), new Promise<Found>((resolve) => answers.set(q, resolve))) } as unknown as KnowledgeClient;
    const query = ref("");
    const scope = effectScope();
    const search = scope.run(() => useSearch(client, () => (query.value ? { q: query.value } : null)));
    for (const text of ["欠", "欠薪"]) {
      query.value = text;
      await nextTick();
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(200);
    query.value = "离婚";
    await nextTick();
    await vi.advanceTimersByTimeAsync(200);
    answers.get("离婚")?.(found("离婚"));
    await nextTick();
    answers.get("欠薪")?.(found("欠薪"));
    await nextTick();
    expect(asked).toEqual(["欠薪", "离婚"]);
    expect(search?.found.value?.query).toBe("离婚");
    scope.stop();
    vi.useRealTimers();
  });

  it("looks everywhere when a record's topic has no entries of its own", async () => {
    const get = vi.fn((_: string, query: Record<string, unknown>) =>
      query["topic"] ? Promise.reject(new ApiError(400, "bad-input", "")) : Promise.resolve(found("a")));
    await createKnowledge({ get } as unknown as Api).search({ q: "a", topic: "civil.other" });
    expect(get.mock.calls.map(([, query]) => query["topic"])).toEqual(["civil.other", undefined]);
  });
});
