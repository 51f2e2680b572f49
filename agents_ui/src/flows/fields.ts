/** The form of a node, read from the flow's JSON schema: which fields a kind has and how each is filled in. Pure. */

export interface Property {
  type?: string;
  anyOf?: Property[];
  enum?: string[];
  items?: Property;
  $ref?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  patternProperties?: Record<string, Property>;
}
interface Definition {
  title?: string;
  description?: string;
  required?: string[];
  properties?: Record<string, Property>;
}
export interface FlowSchema {
  $defs: Record<string, Definition>;
  properties: { nodes?: { patternProperties?: Record<string, { oneOf?: { $ref: string }[] }> } };
}

/**
 * node, line, destination, flow: a name from a list · tongues: some of the languages · words: a table from a word to a node · prompts: one or several, in the order heard · keys: a table from a key
 * to a node, a language or a grade · facts: a table of names · conditions: the lines of a branch · raw: YAML by hand.
 */
export type Widget =
  | "text" | "long" | "number" | "flag" | "choice" | "node" | "line" | "destination" | "flow"
  | "prompts" | "tongues" | "words" | "keys" | "languages" | "grades" | "facts" | "conditions" | "raw"; // prettier-ignore

export interface Field {
  name: string;
  widget: Widget;
  required: boolean;
  default: unknown;
  min?: number;
  max?: number;
  options?: string[];
  /** A required list of prompts that may be empty. */
  mayBeEmpty?: boolean;
}

const NODES = new Set(["next", "otherwise", "open", "closed"]);
const LISTED: Record<string, Widget> = { queue: "line", hours: "line", transfer: "destination", subflow: "flow" };
const plain = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");

const refOf = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

function kindOf(name: string, definition: Definition): string {
  const names = Object.keys(definition.properties ?? {});
  return names.find((field) => plain(field) === plain(definition.title ?? name)) ?? plain(name);
}

/** Kinds in the order of the schema. */
export function kinds(schema: FlowSchema): string[] {
  const lists = Object.values(schema.properties.nodes?.patternProperties ?? {});
  return lists.flatMap((list) => list.oneOf ?? []).map(({ $ref }) => kindOf(refOf($ref), schema.$defs[refOf($ref)] ?? {}));
}

function table(property: Property, name: string): Widget {
  const [keyPattern = "", value] = Object.entries(property.patternProperties ?? {})[0] ?? [];
  if (value?.type === "integer") return "grades";
  if (value?.type !== "string") return "raw";
  if (name === "words") return "words";
  if (!keyPattern.startsWith("^[0-9*#]")) return name === "set" ? "facts" : "raw";
  return name === "choices" ? "languages" : "keys";
}

function widgetOf(name: string, property: Property): Widget {
  if (name === "note") return "long";
  if (NODES.has(name)) return "node";
  if (name === "languages") return "tongues";
  const listed = LISTED[name];
  if (listed) return listed;
  const options = (property.anyOf ?? [property]).filter((option) => option.type !== "null");
  if (options.some((option) => option.type === "array" && option.items?.type === "string")) return "prompts";
  const [only] = options;
  if (options.length !== 1 || !only) return "raw";
  if (only.type === "array") return only.items?.$ref?.endsWith("/Condition") ? "conditions" : "raw";
  if (only.enum) return "choice";
  if (only.type === "object") return table(only, name);
  if (only.type === "boolean") return "flag";
  if (only.type === "integer" || only.type === "number") return "number";
  return only.type === "string" ? "text" : "raw";
}

/** The main field first, the ways out and the rest after it, the note last. Empty: no such kind. */
export function fieldsOf(schema: FlowSchema, kind: string): Field[] {
  const found = Object.entries(schema.$defs).find(([name, one]) => name !== "Condition" && kindOf(name, one) === kind)?.[1];
  if (!found) return [];
  const fields = Object.entries(found.properties ?? {}).map(([name, property]): Field => {
    const lists = (property.anyOf ?? [property]).filter((option) => option.type === "array");
    return {
      name,
      widget: widgetOf(name, property),
      required: found.required?.includes(name) ?? false,
      default: property.default ?? null,
      ...(property.minimum === undefined ? {} : { min: property.minimum }),
      ...(property.maximum === undefined ? {} : { max: property.maximum }),
      ...(property.enum ? { options: property.enum } : {}),
      mayBeEmpty: lists.some((list) => !list.minItems),
    };
  });
  const place = (field: Field) => (field.name === kind ? 0 : field.name === "note" ? 3 : field.required ? 1 : 2);
  return fields.sort((a, b) => place(a) - place(b));
}

export const kindOfNode = (node: object, known: readonly string[]): string => known.find((kind) => kind in node) ?? "";

/**
 * What is written into the file: only what was filled in, a single prompt as a word, and nothing that equals the default
 * unless the file (`before`) says it.
 */
export function cleaned(fields: readonly Field[], values: Record<string, unknown>, before: object = {}): Record<string, unknown> {
  const node: Record<string, unknown> = {};
  for (const field of fields) {
    let value = values[field.name];
    if (Array.isArray(value) && field.widget === "prompts" && value.length === 1) [value] = value as unknown[];
    const empty = value == null || value === "" || (Array.isArray(value) && !value.length) || (isTable(value) && !Object.keys(value).length);
    if (empty) {
      if (field.required && field.mayBeEmpty) node[field.name] = [];
      else if (value === "" && field.options?.includes("") && field.default !== "") node[field.name] = "";
      continue;
    }
    if (!field.required && !(field.name in before) && JSON.stringify(value) === JSON.stringify(field.default)) continue;
    node[field.name] = value;
  }
  // the end of a part says nothing but its kind
  for (const field of fields) if (field.name === "return" && !("return" in node)) node["return"] = "";
  return node;
}

/** Names of required fields that are empty. */
export const missing = (fields: readonly Field[], node: Record<string, unknown>): string[] =>
  fields.filter((field) => field.required && !(field.name in node)).map((field) => field.name);

const isTable = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
