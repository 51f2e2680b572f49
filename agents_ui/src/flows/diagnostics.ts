/** Findings as marks in the text. Pure. */
import type { Diagnostic } from "@codemirror/lint";

import type { Finding } from "./model";

/** A finding without a line stands at the first one; one whose line has gone meanwhile at the last. */
export function underlined(text: string, findings: readonly Finding[]): Diagnostic[] {
  const lines = text.split("\n");
  const starts: number[] = [];
  lines.reduce((at, line) => (starts.push(at), at + line.length + 1), 0);
  return findings
    .map(({ line, severity, message, code }): Diagnostic => {
      const index = Math.min(Math.max((line ?? 1) - 1, 0), lines.length - 1);
      const words = lines[index] ?? "";
      const from = (starts[index] ?? 0) + (words.length - words.trimStart().length);
      return { from, to: Math.max(from, (starts[index] ?? 0) + words.trimEnd().length), severity, message, source: code };
    })
    .sort((a, b) => a.from - b.from);
}
