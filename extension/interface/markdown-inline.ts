/**
 * The marks inside a line of a note: emphasis, strong, code, links, bare addresses. Pure.
 *
 * Time is linear in the text's length whatever stands in it: each kind of mark is open at most once, so the stack stays
 * four deep, and no pattern looks further than what is then taken.
 */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "emphasis" | "strong"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly address: string; readonly children: readonly Inline[] };

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
