/**
 * The first look at a page: quotes that stand in it exactly once, character by character and with their context, found
 * in the text of its nodes before anything else is known. It is quick, since it asks for no style but that of what it
 * finds, and it decides nothing: the reading that follows has the last word. Offsets count UTF-16 units.
 */

import type { Quote } from "../anchoring/types.ts";
import { pause, SLICE } from "../slices.ts";

/** With less to go by, the words alone may stand anywhere. Characters of quote and context. */
const SHORTEST = 20;
/** Milliseconds of a slice here: most pages are looked through in one, and every pause puts the paint off. */
const LOOK = 2 * SLICE;
/** Nodes between two looks at the clock. */
const STRIDE = 256;
const UNREAD = new Set(["script", "style", "noscript", "textarea"]);
const WHITE = /[ \t\n\r\f]+/g;
const UNEVEN = /[\t\n\r\f]| {2}/;

export interface Sought {
  readonly id: string;
  readonly quote: Quote;
}

/** Out: the ranges of those found, by id. Rejects with the signal's reason when the page is left. */
export async function firstLook(
  document: Document,
  sought: readonly Sought[],
  signal: AbortSignal,
): Promise<Map<string, Range>> {
  const found = new Map<string, Range>();
  const text = new NodeText(document);
  let until = performance.now() + LOOK;
  const breathe = async (): Promise<void> => {
    await pause();
    signal.throwIfAborted();
    until = performance.now() + LOOK;
  };
  while (!text.gather(until)) await breathe();
  for (const { id, quote } of sought) {
    if (performance.now() >= until) await breathe();
    const range = text.only(quote);
    if (range !== null && isShown(range)) found.set(id, range);
  }
  // The page may have changed while it was searched.
  for (const { id, quote } of sought) {
    const range = found.get(id);
    if (range !== undefined && collapsed(range.toString()) !== quote.exact) found.delete(id);
  }
  return found;
}

/** The text of a document's nodes in the order of its tree, white space collapsed. */
class NodeText {
  private readonly document: Document;
  private readonly walker: TreeWalker;
  private readonly nodes: Text[] = [];
  private readonly starts: number[] = [];
  private readonly pieces: string[] = [];
  private length = 0;
  private endsWhite = true;
  private joined = "";

  constructor(document: Document) {
    this.document = document;
    this.walker = document.createTreeWalker(document.body ?? document.documentElement, NodeFilter.SHOW_TEXT);
  }

  /** Goes on until the end or the moment `until`. Out: whether the end was reached. */
  gather(until: number): boolean {
    for (let count = 1; ; count++) {
      const node = this.walker.nextNode() as Text | null;
      if (node === null) break;
      if (!UNREAD.has((node.parentNode as Element).localName)) this.add(node);
      if (count % STRIDE === 0 && performance.now() >= until) return false;
    }
    this.joined = this.pieces.join("");
    return true;
  }

  /** The quote where it stands with its context, if that is in one place only. */
  only({ exact, prefix, suffix }: Quote): Range | null {
    // Between blocks there may be white space here or none, so context reaches as far as the line.
    const before = prefix.slice(prefix.lastIndexOf("\n") + 1);
    const after = suffix.split("\n", 1)[0] ?? "";
    const needle = before + exact + after;
    if (exact.includes("\n") || needle.length < SHORTEST) return null;
    const at = this.joined.indexOf(needle);
    if (at < 0 || this.joined.includes(needle, at + 1)) return null;
    const start = at + before.length;
    const range = this.document.createRange();
    range.setStart(...this.pointAt(start, 0));
    range.setEnd(...this.pointAt(start + exact.length - 1, 1));
    return range;
  }

  private add(node: Text): void {
    let text = UNEVEN.test(node.data) ? collapsed(node.data) : node.data;
    if (this.endsWhite && text.startsWith(" ")) text = text.slice(1);
    if (text === "") return;
    this.nodes.push(node);
    this.starts.push(this.length);
    this.pieces.push(text);
    this.length += text.length;
    this.endsWhite = text.endsWith(" ");
  }

  /** The point before (0) or after (1) the character at an offset of the whole. */
  private pointAt(offset: number, after: 0 | 1): [Text, number] {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const node = this.nodes[low] as Text;
    const piece = this.pieces[low] as string;
    return [node, rawOffset(node.data, piece, offset - (this.starts[low] as number)) + after];
  }
}

/** Where the character at `offset` of the collapsed text stands in the text as it is. */
function rawOffset(data: string, piece: string, offset: number): number {
  let at = 0;
  if (!piece.startsWith(" ")) while (isWhite(data, at)) at++;
  for (let passed = 0; passed < offset; passed++) {
    const white = isWhite(data, at);
    at++;
    while (white && isWhite(data, at)) at++;
  }
  return at;
}

function isWhite(data: string, at: number): boolean {
  const code = data.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13 && code !== 11);
}

function collapsed(text: string): string {
  return text.replace(WHITE, " ");
}

/** At both ends, since what lies between two shown ends of one quote was there when it was made. */
function isShown({ startContainer, endContainer }: Range): boolean {
  const holders = new Set([startContainer.parentElement, endContainer.parentElement]);
  return [...holders].every((element) => {
    if (element === null || element.isContentEditable) return false;
    return element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false });
  });
}
