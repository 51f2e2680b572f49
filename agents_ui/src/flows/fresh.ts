/** A new node that is whole from the first moment: the draft stays readable while its fields are filled in. Pure. */
import type { Choices } from "./choices";
import { fieldsOf, type FlowSchema } from "./fields";
import type { Graph, NodeFields } from "./model";

export const BY_LANGUAGE = "by-language";

/** `person`: a node where the caller waits for somebody, else the first node. */
const personOf = (graph: Graph | null): string => graph?.nodes.find((node) => node.kind === "queue")?.id ?? graph?.start ?? "";

export function fresh(schema: FlowSchema, kind: string, choices: Choices, graph: Graph | null): NodeFields {
  const person = personOf(graph);
  const node: NodeFields = {};
  for (const field of fieldsOf(schema, kind)) {
    if (!field.required && field.name !== kind) continue;
    switch (field.widget) {
      case "prompts": node[field.name] = field.mayBeEmpty ? [] : (choices.prompts[0] ?? "welcome"); break;
      case "node": node[field.name] = person; break;
      case "line": node[field.name] = BY_LANGUAGE; break;
      case "destination": node[field.name] = choices.destinations[0] ?? ""; break;
      case "flow": node[field.name] = choices.flows[0] ?? ""; break;
      case "keys": node[field.name] = { 0: person }; break;
      case "words": node[field.name] = { 人工: person }; break;
      case "languages": node[field.name] = Object.fromEntries(choices.languages.map((code, at) => [String(at + 1), code])); break;
      case "conditions": node[field.name] = [{ fact: "language", is: choices.languages[0] ?? "zh", go: person }]; break;
      case "facts": node[field.name] = { topic: "other" }; break;
      case "choice": node[field.name] = field.options?.[0] ?? ""; break;
      case "number": node[field.name] = field.min ?? 0; break;
      default: node[field.name] = field.name === "return" ? "" : "number";
    }
  }
  return node;
}
