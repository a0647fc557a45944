/**
 * The small Markdown of notes, as a tree: paragraphs, lists, quotes, code blocks, with the marks of `markdown-inline.ts`
 * inside them. Pure, never HTML. Time is linear in the note's length; what is not understood stays as it was typed.
 */

import { type Inline, parseInline } from "./markdown-inline.ts";

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | {
      readonly kind: "list";
      readonly ordered: boolean;
      readonly first: number;
      readonly items: readonly Inline[][];
    };

/** Quotes inside quotes are understood this deep; deeper marks are text. Each level reads the text once more. */
const DEEPEST_QUOTE = 3;

const FENCE = /^ {0,3}```[\w+#.-]*\s*$/;
const FENCE_END = /^ {0,3}```\s*$/;
const QUOTE = /^ {0,3}> ?/;
const BULLET = /^ {0,3}[-*+] +(?=\S)/;
const NUMBER = /^ {0,3}(\d{1,9})[.)] +(?=\S)/;

/** A note as blocks, in order. Never throws. */
export function parseMarkdown(note: string): readonly Block[] {
  return blocksOf(note.split(/\r\n?|\n/), 0);
}

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = [];
  // Looked for once: a note of fences that never close would otherwise be searched to its end by each of them.
  const lastFence = lines.findLastIndex((line) => FENCE_END.test(line));
  let at = 0;
  while (at < lines.length) {
    if ((lines[at] ?? "").trim() === "") {
      at += 1;
      continue;
    }
    const read =
      (at < lastFence ? readFence(lines, at) : null) ??
      readQuote(lines, at, depth) ??
      readList(lines, at) ??
      readParagraph(lines, at, depth);
    blocks.push(read.block);
    at = read.next;
  }
  return blocks;
}

interface Read {
  readonly block: Block;
  readonly next: number;
}

/** Code between two fences, the second of which is known to be there. */
function readFence(lines: readonly string[], at: number): Read | null {
  if (!FENCE.test(lines[at] ?? "")) return null;
  let end = at + 1;
  while (end < lines.length && !FENCE_END.test(lines[end] ?? "")) end += 1;
  return { block: { kind: "code", text: lines.slice(at + 1, end).join("\n") }, next: end + 1 };
}

function readQuote(lines: readonly string[], at: number, depth: number): Read | null {
  if (depth >= DEEPEST_QUOTE || !QUOTE.test(lines[at] ?? "")) return null;
  const inside: string[] = [];
  let end = at;
  for (; end < lines.length && QUOTE.test(lines[end] ?? ""); end += 1)
    inside.push((lines[end] ?? "").replace(QUOTE, ""));
  return { block: { kind: "quote", blocks: blocksOf(inside, depth + 1) }, next: end };
}

function readList(lines: readonly string[], at: number): Read | null {
  const mark = BULLET.test(lines[at] ?? "") ? BULLET : NUMBER.test(lines[at] ?? "") ? NUMBER : null;
  if (mark === null) return null;
  const items: string[][] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? "";
    if (mark.test(line)) items.push([line.replace(mark, "")]);
    else if (/^ +\S/.test(line)) items.at(-1)?.push(line.trim());
    else break;
  }
  const first = Number(NUMBER.exec(lines[at] ?? "")?.[1] ?? 1);
  const inline = items.map((item) => parseInline(item.join("\n")));
  return { block: { kind: "list", ordered: mark === NUMBER, first, items: inline }, next: end };
}

function readParagraph(lines: readonly string[], at: number, depth: number): Read {
  let end = at + 1;
  while (end < lines.length && !startsOther(lines[end] ?? "", depth)) end += 1;
  return { block: { kind: "paragraph", children: parseInline(lines.slice(at, end).join("\n")) }, next: end };
}

function startsOther(line: string, depth: number): boolean {
  if (line.trim() === "" || FENCE.test(line) || BULLET.test(line) || NUMBER.test(line)) return true;
  return depth < DEEPEST_QUOTE && QUOTE.test(line);
}
