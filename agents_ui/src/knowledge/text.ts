/** Text of entries and snippets as parts that Vue can draw: nothing ever becomes HTML by itself. Pure. */

export interface Part {
  text: string;
  on: boolean;
}

/** The places of `marks` set apart. Characters are counted as Python does: a rare character is one, not two. */
export function marked(text: string, marks: readonly (readonly [number, number])[]): Part[] {
  const characters = [...text];
  const parts: Part[] = [];
  const push = (from: number, to: number, on: boolean) => {
    if (to > from) parts.push({ text: characters.slice(from, to).join(""), on });
  };
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at || end > characters.length) continue;
    push(at, start, false);
    push(start, end, true);
    at = end;
  }
  push(at, characters.length, false);
  return parts;
}

export interface Block {
  kind: "p" | "ul" | "ol";
  /** One for a paragraph; lines of a list. `on`: bold. */
  lines: Part[][];
}

const ITEM = /^\s*(?:[-*]|(\d+)[.、)])\s+(.*)$/;

/** `**bold**`; a link keeps its words, and its address where that is not the same. */
function inline(text: string): Part[] {
  const plain = text.replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, words: string, address: string) => (words === address ? words : `${words}（${address}）`));
  return plain
    .split("**")
    .map((piece, at) => ({ text: piece, on: at % 2 === 1 }))
    .filter((part) => part.text !== "");
}

/** Paragraphs and flat lists: all that the sections of an entry consist of. */
export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let open = null as Block | null;
  for (const line of markdown.split("\n")) {
    const item = ITEM.exec(line);
    if (item) {
      const kind = item[1] ? "ol" : "ul";
      if (open?.kind !== kind) found.push((open = { kind, lines: [] }));
      open.lines.push(inline(item[2] ?? ""));
    } else if (line.trim() === "") {
      if (open?.kind === "p") open = null;
    } else if (open && (open.kind === "p" || /^\s/.test(line))) {
      open.lines.at(-1)?.push(...inline(` ${line.trim()}`));
    } else found.push((open = { kind: "p", lines: [inline(line.trim())] }));
  }
  return found;
}

/** For a reply: the words alone, one paragraph a line. */
export const plainText = (markdown: string): string =>
  blocks(markdown)
    .flatMap((block) => block.lines.map((line) => line.map((part) => part.text).join("")))
    .join("\n");
