/** A unified diff as lines to be shown. Pure. */

export interface DiffLine {
  kind: "added" | "removed" | "same" | "place";
  text: string;
}

export function diffLines(diff: string): DiffLine[] {
  const lines = diff.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.filter((line) => !line.startsWith("---") && !line.startsWith("+++")).map((line): DiffLine => {
    if (line.startsWith("@@")) return { kind: "place", text: line };
    if (line.startsWith("+")) return { kind: "added", text: line.slice(1) };
    if (line.startsWith("-")) return { kind: "removed", text: line.slice(1) };
    return { kind: "same", text: line.slice(1) };
  });
}
