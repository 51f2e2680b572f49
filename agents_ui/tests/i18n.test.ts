import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { IDENTITIES, PAUSE_REASONS } from "@/console/choices";
import bo from "@/i18n/bo.json";
import en from "@/i18n/en";
import mn from "@/i18n/mn.json";
import zh from "@/i18n/zh-CN";
import { SEAT_STATES } from "@/live/model";

type Tree = { [key: string]: string | Tree };
const flat = (tree: Tree, prefix = ""): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === "string" ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`)));
const words = (tree: object) => new Map(flat(tree as Tree));
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(vue|ts)$/.test(name))
  .map((name) => readFileSync(join("src", name), "utf8"));

describe("words", () => {
  it("are the same set in Chinese and English, with the same holes", () => {
    const chinese = words(zh);
    const english = words(en);
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [key, text] of chinese) expect(holes(english.get(key) ?? ""), key).toEqual(holes(text));
  });

  it("exist for every key the screens name", () => {
    const chinese = words(zh);
    const named = sources.flatMap((text) => [...text.matchAll(/\bt\(\s*"([\w.-]+)"/g)].map((match) => match[1] as string));
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((key) => !chinese.has(key))).toEqual([]);
  });

  it("exist for every group of codes the screens build keys from", () => {
    const groups = new Set([...words(zh).keys()].map((key) => key.slice(0, key.lastIndexOf("."))));
    const built = sources.flatMap((text) => [...text.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)].map((match) => match[1] as string));
    expect(built.filter((group) => ![...groups].some((known) => known === group || known.startsWith(`${group}.`)))).toEqual([]);
  });

  it("exist for every state, pause reason and identity", () => {
    const chinese = words(zh);
    const needed = [
      ...SEAT_STATES.flatMap((state) => [`state.${state}`, `idle.${state}`, `idle.${state}Help`]),
      ...PAUSE_REASONS.map((reason) => `pause.${reason}`),
      ...IDENTITIES.map((identity) => `record.identity_${identity}`),
    ];
    expect(needed.filter((key) => !chinese.has(key))).toEqual([]);
  });

  it("have no Latin comma, colon or semicolon between Chinese characters", () => {
    expect([...words(zh).values()].filter((text) => /[\u4e00-\u9fff][,:;?][\u4e00-\u9fff]/.test(text))).toEqual([]);
  });
});

describe("Tibetan and Mongolian", () => {
  const FIXED = [
    ...SEAT_STATES.map((state) => `state.${state}`),
    ...["in", "to_seat", "answered", "connection_rate", "within_threshold", "satisfaction", "participation"].map((name) => `figure.${name}`),
    ...["zh", "bo", "mn"].map((code) => `language.${code}`),
    ...["waiting", "longest", "ready", "seats"].map((name) => `wall.${name}`),
  ];

  it.each([["bo", bo, /^[\u0f00-\u0fff\s]+$/], ["mn", mn, /^[\u1800-\u18af\u202f\s\d]+$/]])("%s names the fixed terms in its own script", (_, tree, script) => {
    const own = words(tree);
    for (const key of FIXED) expect(own.get(key) ?? "", key).toMatch(script);
  });

  it.each([["bo", bo], ["mn", mn]])("%s names nothing that Chinese does not", (_, tree) => {
    const chinese = words(zh);
    expect([...words(tree).keys()].filter((key) => !chinese.has(key))).toEqual([]);
  });
});
