import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { conditionOf, lineOf } from "@/flows/conditions";
import { underlined } from "@/flows/diagnostics";
import { diffLines } from "@/flows/diff";
import { cleaned, fieldsOf, kindOfNode, kinds, missing, type FlowSchema } from "@/flows/fields";
import { fresh } from "@/flows/fresh";
import { resumed } from "@/flows/kept";
import { arrows, curve, neighbour, NODE_HEIGHT, NODE_WIDTH, planned } from "@/flows/layout";
import type { Graph } from "@/flows/model";
import { byKeypad, freeKey, rowsOf, twice, valueOf } from "@/flows/table-rows";
import { areKeys, factsOf, heard, keysOf, pathTo } from "@/flows/walk";
import { freeName, leadingTo, linesOf, nodeAt, nodesOf, renamed, started, titleOf } from "@/flows/yaml-text";
import zh from "@/i18n/zh-CN";

const schema = JSON.parse(readFileSync("../ivr_flows/schema.json", "utf8")) as FlowSchema;
const MAIN = readFileSync("../ivr_flows/main-with-topics.yaml", "utf8");
const edge = (from: string, to: string, label = "", by_key = false) => ({ from, to, label, by_key });
const node = (id: string, kind = "play") => ({ id, kind, title: "", note: "", line: 1 });
const GRAPH: Graph = {
  start: "a",
  nodes: [node("a", "menu"), node("b"), node("c"), node("end", "queue")],
  edges: [edge("a", "b", "1", true), edge("a", "c", "2", true), edge("a", "c", "otherwise"), edge("b", "end"), edge("c", "end"), edge("c", "gone", "0", true)],
};
const CHOICES = { nodes: ["a"], prompts: ["welcome"], lines: ["by-language"], destinations: ["ministry"], flows: ["part"], languages: ["zh", "bo"], words: new Map<string, string>() };

describe("the form of a node", () => {
  it("knows every kind of the schema, and every field has a widget and a Chinese name", () => {
    const found = kinds(schema);
    expect(found).toEqual(expect.arrayContaining(["play", "menu", "language", "branch", "queue", "return"]));
    for (const kind of found) {
      expect(zh.flows.kind, kind).toHaveProperty(kind);
      const fields = fieldsOf(schema, kind);
      expect(fields.length, kind).toBeGreaterThan(0);
      expect(fields[0]?.name, kind).toBe(kind);
      for (const field of fields) {
        expect(field.widget, `${kind}.${field.name}`).not.toBe("raw");
        if (field.widget !== "prompts" || field.name !== kind) expect(zh.flows.field, `${kind}.${field.name}`).toHaveProperty(field.name);
      }
    }
  });

  it("offers nodes where the flow goes on, and prompts where something is heard", () => {
    const widgets = Object.fromEntries(fieldsOf(schema, "menu").map((field) => [field.name, field.widget]));
    expect(widgets).toMatchObject({ menu: "prompts", again: "prompts", otherwise: "node", keys: "keys", timeout_s: "number", note: "long" });
    expect(fieldsOf(schema, "language").find((field) => field.name === "choices")?.widget).toBe("languages");
    expect(fieldsOf(schema, "survey").find((field) => field.name === "grades")?.widget).toBe("grades");
    expect(fieldsOf(schema, "branch")[0]?.widget).toBe("conditions");
    expect(fieldsOf(schema, "play").find((field) => field.name === "interrupt")?.widget).toBe("flag");
  });

  it("writes what was filled in, and leaves a default only where the file says it", () => {
    const fields = fieldsOf(schema, "menu");
    const values = { menu: ["topic-menu"], keys: { 1: "a" }, otherwise: "a", retries: 1, timeout_s: 8, again: [], note: "" };
    expect(cleaned(fields, values)).toEqual({ menu: "topic-menu", keys: { 1: "a" }, otherwise: "a", timeout_s: 8 });
    expect(cleaned(fields, values, { retries: 1 })).toMatchObject({ retries: 1 });
    expect(cleaned(fieldsOf(schema, "goodbye"), { goodbye: [] })).toEqual({ goodbye: [] });
    expect(missing(fields, cleaned(fields, { menu: "x" }))).toEqual(["otherwise", "keys"]);
  });

  it("begins every kind as a whole node", () => {
    for (const kind of kinds(schema)) {
      const fields = fieldsOf(schema, kind);
      const made = fresh(schema, kind, CHOICES, GRAPH);
      expect(kindOfNode(made, kinds(schema)), kind).toBe(kind);
      expect(missing(fields, cleaned(fields, made)), kind).toEqual([]);
    }
    expect(fresh(schema, "menu", CHOICES, GRAPH)).toMatchObject({ keys: { 0: "end" }, otherwise: "end" });
  });

  it("reads and writes tables and conditions", () => {
    expect(byKeypad(rowsOf({ 0: "a", 1: "b", "*": "c" })).map((row) => row.key)).toEqual(["1", "0", "*"]);
    expect(valueOf([{ key: "1", value: "5" }, { key: "", value: "x" }], true)).toEqual({ 1: 5 });
    expect(twice([{ key: "1", value: "a" }, { key: "1", value: "b" }])).toEqual(["1"]);
    expect(freeKey([{ key: "1", value: "" }, { key: "2", value: "" }])).toBe("3");
    for (const condition of [{ fact: "language", is: "bo", go: "a" }, { fact: "day", one_of: ["weekend", "holiday"], go: "b" }, { fact: "time", at_least: 830, go: "c" }])
      expect(conditionOf(lineOf(condition))).toEqual(condition);
  });
});

describe("the text of a flow", () => {
  it("tells nodes, their lines and the title", () => {
    expect(titleOf(MAIN)).toContain("12348");
    expect(nodesOf(MAIN)?.["person"]).toEqual({ queue: "by-language" });
    const line = linesOf(MAIN).get("topic") ?? 0;
    expect(MAIN.split("\n")[line - 1]).toBe("  topic:");
    expect(nodeAt(MAIN, line + 2)).toBe("topic");
    expect(nodeAt(MAIN, 1)).toBe("");
  });

  it("renames a node everywhere and touches no other letter", () => {
    const text = renamed(MAIN, "notice", "recording-notice") ?? "";
    expect(nodesOf(text)?.["recording-notice"]).toBeDefined();
    expect(leadingTo(text, "notice")).toEqual([]);
    expect(text).toContain("play: notice"); // the prompt of that name stays
    expect(renamed(text, "recording-notice", "notice")).toBe(MAIN);
    const speech = 'start: a\nnodes:\n  a: {speech: x, words: {"人工": b}, keys: {"1": b}, by_key: b, otherwise: b}\n  b: {goodbye: []}\n';
    expect(renamed(speech, "b", "c")).toBe('start: a\nnodes:\n  a: {speech: x, words: {"人工": c}, keys: {"1": c}, by_key: b, otherwise: c}\n  c: {goodbye: []}\n');
    const branch = 'start: a\nnodes:\n  a:\n    branch:\n      - {fact: day, is: holiday, go: b}\n    otherwise: b\n  b: {goodbye: []}\n';
    expect(renamed(branch, "b", "c")).toBe(branch.replace("go: b", "go: c").replace("otherwise: b", "otherwise: c").replace("  b: {", "  c: {"));
  });

  it("takes no name that is taken or is none, and nothing from a broken text", () => {
    expect(renamed(MAIN, "notice", "person")).toBeNull();
    expect(renamed(MAIN, "notice", "No Tice")).toBeNull();
    expect(renamed("nodes: [", "a", "b")).toBeNull();
    expect(nodesOf("nodes: [")).toBeNull();
    expect(freeName(["menu", "menu-2"], "menu")).toBe("menu-3");
  });

  it("moves the start and names who leads to a node", () => {
    expect(started(MAIN, "language")).toBe(MAIN.replace("start: welcome", "start: language"));
    expect(started(MAIN, "nobody")).toBeNull();
    expect(leadingTo(MAIN, "topic")).toEqual(["language"]);
  });

  it("underlines findings in their line, also when the line is gone", () => {
    const finding = (line: number | null) => ({ line, code: "x", severity: "error" as const, node: null, message: "m" });
    const text = "a: 1\n  bad: 2  \nc";
    expect(underlined(text, [finding(2)])[0]).toMatchObject({ from: 7, to: 13 });
    expect(underlined(text, [finding(99)])[0]).toMatchObject({ from: 16, to: 17 });
    expect(underlined("", [finding(null)])[0]).toMatchObject({ from: 0, to: 0 });
  });

  it("that was typed is taken up again, or is a conflict", () => {
    expect(resumed(null, "a")).toBe("nothing");
    expect(resumed({ base: "a", text: "a2" }, "a2")).toBe("nothing");
    expect(resumed({ base: "a", text: "a2" }, "a")).toBe("go-on");
    expect(resumed({ base: "a", text: "a2" }, "b")).toBe("conflict");
  });

  it("is compared line by line", () => {
    expect(diffLines("--- a\n+++ b\n@@ -1 +1 @@\n same\n-old\n+new\n").map((line) => line.kind)).toEqual(["place", "same", "removed", "added"]);
    expect(diffLines("")).toEqual([]);
  });
});

describe("the graph", () => {
  it("draws one arrow for all ways between two nodes", () => {
    expect(arrows(GRAPH.edges).find((arrow) => arrow.id === "a>c")).toMatchObject({ labels: ["2", "otherwise"], by_key: true });
  });

  it("places every node without overlap, the keys from left to right, and leaves out ways to nowhere", () => {
    const plan = planned(GRAPH, (arrow) => arrow.labels.join(" "));
    const corners = [...plan.nodes.values()];
    for (const [n, one] of corners.entries())
      for (const other of corners.slice(n + 1)) expect(Math.abs(one.x - other.x) >= NODE_WIDTH || Math.abs(one.y - other.y) >= NODE_HEIGHT).toBe(true);
    const x = (id: string) => plan.nodes.get(id)?.x ?? 0;
    expect(x("b")).toBeLessThan(x("c"));
    expect(plan.ways.has("c>gone")).toBe(false);
    expect(curve(plan.ways.get("a>b")?.points ?? [])).toMatch(/^M[-\d.,]+ (C|V)/);
    expect(curve([])).toBe("");
  });

  it("is walked with the arrow keys", () => {
    expect(["ArrowDown", "ArrowUp", "ArrowRight", "Enter"].map((key) => neighbour(GRAPH, "b", key))).toEqual(["end", "a", "c", ""]);
    expect(neighbour(GRAPH, "c", "ArrowLeft")).toBe("b");
    expect(neighbour(GRAPH, "a", "ArrowUp")).toBe("");
  });
});

describe("a trial", () => {
  it("reads keys and facts as they are typed", () => {
    expect(keysOf("2, 0,,1")).toEqual(["2", "0", "", "1"]);
    expect(keysOf(" ")).toEqual([]);
    expect(areKeys(["2", "*#", ""])).toBe(true);
    expect(areKeys(["x"])).toBe(false);
    expect(factsOf("source=12345，topic＝labour")).toEqual({ source: "12345", topic: "labour" });
    expect(factsOf("source")).toBeNull();
  });

  it("shows the way so far; a question asked again is no arrow", () => {
    const steps = [{ node: "a" }, { node: "a" }, { node: "b" }, { end: "queue" }];
    expect(pathTo(steps, 1)).toEqual({ at: "a", nodes: new Set(["a"]), arrows: new Set() });
    expect(pathTo(steps, 2)).toEqual({ at: "b", nodes: new Set(["a", "b"]), arrows: new Set(["a>b"]) });
    expect(heard({ spoken: ["zh/welcome", "bo/new"] }, new Map([["zh/welcome", "您好"]])).map((one) => one.words)).toEqual(["您好", "new"]);
  });
});
