/**
 * The small Markdown of notes, as a tree: emphasis, strong, code, links, lists, quotes, code blocks. Pure, never HTML.
 *
 * Time is linear in the note's length whatever stands in it: each kind of inline mark is open at most once, so the
 * stack stays four deep, and no pattern looks further than it then moves. What is not understood stays as it was typed.
 */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "emphasis" | "strong"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly address: string; readonly children: readonly Inline[] };

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

type Mark = "*" | "_" | "**" | "[";

/** A mark that may still be closed, and what has come since. The lowest frame has no mark. */
interface Frame {
  readonly mark: Mark | null;
  readonly children: Inline[];
}

const PLAIN = /[^\\`*_[\]\nh]+|h/y;
const CODE = /(`{1,3})(?!`)/y;
const ESCAPE = /\\[\\`*_[\](){}#+\-.!>~|]/y;
const LINK_END = /\]\(([^\s()<>]{1,2000})\)/y;
const BARE_ADDRESS = /https?:\/\/[^\s<>"`*]{1,2000}/y;

/** Reads one run of text with its marks. */
export function parseInline(text: string): Inline[] {
  return new InlineReader(text).read();
}

class InlineReader {
  readonly #text: string;
  #at = 0;
  readonly #frames: Frame[] = [{ mark: null, children: [] }];
  /** Lengths of runs of ` that are known to have no partner further on. */
  readonly #unclosedCode = new Set<number>();

  constructor(text: string) {
    this.#text = text;
  }

  read(): Inline[] {
    while (this.#at < this.#text.length) {
      if (
        this.#escape() ||
        this.#code() ||
        this.#break() ||
        this.#link() ||
        this.#address() ||
        this.#emphasis()
      )
        continue;
      this.#literal(this.#match(PLAIN)?.[0] ?? this.#text.charAt(this.#at));
    }
    this.#flatten(1);
    return this.#frames[0]?.children ?? [];
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #literal(text: string): void {
    this.#add({ kind: "text", text });
    this.#at += text.length;
  }

  #add(node: Inline): void {
    const children = this.#frames.at(-1)?.children ?? [];
    const last = children.at(-1);
    if (node.kind === "text" && last?.kind === "text")
      children[children.length - 1] = { kind: "text", text: last.text + node.text };
    else children.push(node);
  }

  #escape(): boolean {
    const found = this.#match(ESCAPE);
    if (found === null) return false;
    this.#add({ kind: "text", text: found[0].slice(1) });
    this.#at += found[0].length;
    return true;
  }

  #break(): boolean {
    if (this.#text.charAt(this.#at) !== "\n") return false;
    this.#add({ kind: "break" });
    this.#at += 1;
    return true;
  }

  #code(): boolean {
    if (this.#text.charAt(this.#at) !== "`") return false;
    const run = this.#match(CODE)?.[1];
    // A run longer than three is text as a whole, or its tail would be read as a shorter one.
    if (run === undefined) return this.#literalRun("`");
    const start = this.#at + run.length;
    const end = this.#unclosedCode.has(run.length) ? -1 : closingRun(this.#text, run, start);
    if (end === -1) {
      this.#unclosedCode.add(run.length);
      return this.#literalRun("`");
    }
    this.#add({ kind: "code", text: this.#text.slice(start, end).replaceAll("\n", " ") });
    this.#at = end + run.length;
    return true;
  }

  #literalRun(character: string): true {
    let end = this.#at;
    while (this.#text.charAt(end) === character) end += 1;
    this.#literal(this.#text.slice(this.#at, end));
    return true;
  }

  #link(): boolean {
    const here = this.#text.charAt(this.#at);
    if (here === "[") {
      this.#flatten(this.#opened("["));
      this.#open("[");
      return true;
    }
    const depth = this.#opened("[");
    if (here !== "]" || depth === this.#frames.length) return false;
    const found = this.#match(LINK_END);
    const address = found === null ? null : webAddress(found[1] ?? "");
    if (found === null || address === null) return false;
    this.#close(depth, (children) => ({ kind: "link", address, children }));
    this.#at += found[0].length;
    return true;
  }

  #address(): boolean {
    if (this.#text.charAt(this.#at) !== "h" || /\w/.test(this.#text.charAt(this.#at - 1))) return false;
    if (this.#opened("[") !== this.#frames.length) return false;
    const found = this.#match(BARE_ADDRESS)?.[0];
    if (found === undefined) return false;
    const written = withoutTrailingPunctuation(found);
    const address = webAddress(written);
    if (address === null) {
      // All of it at once: looking again from its middle would make the time quadratic.
      this.#literal(found);
      return true;
    }
    this.#add({ kind: "link", address, children: [{ kind: "text", text: written }] });
    this.#at += written.length;
    return true;
  }

  #emphasis(): boolean {
    const here = this.#text.charAt(this.#at);
    if (here !== "*" && here !== "_") return false;
    const mark: Mark = this.#isStrongMark() ? "**" : here;
    const before = this.#text.charAt(this.#at - 1);
    const after = this.#text.charAt(this.#at + mark.length);
    const depth = this.#opened(mark);
    if (depth < this.#frames.length && /\S/.test(before) && !(mark === "_" && /[\p{L}\p{N}]/u.test(after))) {
      this.#close(depth, (children) => ({ kind: mark === "**" ? "strong" : "emphasis", children }));
      this.#at += mark.length;
    } else if (
      depth === this.#frames.length &&
      /\S/.test(after) &&
      !(mark === "_" && /[\p{L}\p{N}]/u.test(before))
    ) {
      this.#open(mark);
    } else {
      this.#literal(mark);
    }
    return true;
  }

  /** In `***both***` the emphasis was opened last and is closed first. */
  #isStrongMark(): boolean {
    if (!this.#text.startsWith("**", this.#at)) return false;
    return !(this.#text.startsWith("***", this.#at) && this.#frames.at(-1)?.mark === "*");
  }

  #open(mark: Mark): void {
    this.#frames.push({ mark, children: [] });
    this.#at += mark.length;
  }

  /** Where in the stack this mark is open; the stack's height when it is not. */
  #opened(mark: Mark): number {
    const found = this.#frames.findIndex((frame) => frame.mark === mark);
    return found === -1 ? this.#frames.length : found;
  }

  #close(depth: number, wrap: (children: readonly Inline[]) => Inline): void {
    this.#flatten(depth + 1);
    const frame = this.#frames.pop();
    if (frame !== undefined) this.#add(wrap(frame.children));
  }

  /** Marks at this height and above were never closed: they are text after all. */
  #flatten(depth: number): void {
    for (const frame of this.#frames.splice(depth)) {
      this.#add({ kind: "text", text: frame.mark ?? "" });
      for (const child of frame.children) this.#add(child);
    }
  }
}

function closingRun(text: string, run: string, from: number): number {
  let at = text.indexOf(run, from);
  while (at !== -1) {
    let end = at;
    while (text.charAt(end) === "`") end += 1;
    if (end - at === run.length) return at;
    at = text.indexOf(run, end);
  }
  return -1;
}

function withoutTrailingPunctuation(address: string): string {
  let end = address.length;
  while (end > 0 && ".,;:!?)]}'’»_".includes(address.charAt(end - 1))) end -= 1;
  return address.slice(0, end);
}

/** The address where it is one of the web (http, https), null otherwise: `javascript:` and `data:` stay text. */
function webAddress(written: string): string | null {
  if (!/^https?:\/\//i.test(written) || !URL.canParse(written)) return null;
  return new URL(written).href;
}
