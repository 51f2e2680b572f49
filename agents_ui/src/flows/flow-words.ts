/** Kinds, fields and arrows in the reader's language; a code nobody has translated stands for itself. */
import { useI18n } from "vue-i18n";

import type { Arrow } from "./layout";

export function useFlowWords() {
  const { t, te } = useI18n();
  const word = (group: string, code: string) => (te(`${group}.${code}`) ? t(`${group}.${code}`) : code);

  /** `2 bo` is a key and its language. */
  function label(text: string): string {
    const [key = "", ...rest] = text.split(" ");
    if (/^[0-9*#]$/.test(key) && rest.length === 1) return `${key} ${word("languageShort", word("flows.edge", rest[0] ?? ""))}`;
    return word("flows.edge", text);
  }

  return {
    kindName: (kind: string) => word("flows.kind", kind),
    kindHelp: (kind: string) => (te(`flows.kindHelp.${kind}`) ? t(`flows.kindHelp.${kind}`) : ""),
    fieldName: (name: string) => word("flows.field", name),
    /** The first value of a node that plays nothing: a line, a destination, a fact. */
    valueName: (kind: string, value: string) => (kind === "queue" || kind === "hours" ? word("flows.line", value) : value),
    lineName: (line: string) => word("flows.line", line),
    arrowLabel: (arrow: Arrow) => arrow.labels.map(label).join(" · "),
    optionName: (option: string) => word("flows.option", option || "none"),
  };
}
