/**
 * Puts one paragraph together out of the text nodes of its lines, collapsing white space as CSS Text 3 does, and
 * remembers for every character where it came from. Lengths and offsets in this file count UTF-16 units.
 */

import type { ParagraphKind } from "../anchoring/types.ts";
import type { Spacing } from "./blocks.ts";

/** `size` units of a text node from `from` stand, one for one, in the paragraph's text from `at`. */
export interface Run {
  readonly node: Text;
  readonly from: number;
  readonly at: number;
  readonly size: number;
}

export interface Composed {
  readonly kind: ParagraphKind;
  readonly text: string;
  /** In the order of the text; characters between runs are line breaks of `<br>`. Never empty. */
  readonly runs: readonly Run[];
}

/** White space that is more than one plain character, or that ends the node: there the one-for-one mapping stops. */
const UNEVEN = /[ \t\n\r\f]{2,}|[ \t\n\r\f]$/g;
const WHITE = /[ \t\n\r\f]+/y;
const OTHER_WHITE = /[\t\n\r\f]/g;
/** Scripts without spaces: a line end between two of their letters, or at a zero-width space, is no space. */
const EAST =
  "\\u2e80-\\u312f\\u3190-\\ua4cf\\uf900-\\ufaff\\uff01-\\uff60\\ud840-\\ud8bf\\udc00-\\udfff\\u200b";
const HAS_EAST = new RegExp(`[${EAST}]`);
const UNEVEN_EAST = new RegExp(
  `[ \\t\\n\\r\\f]{2,}|[ \\t\\n\\r\\f]$|(?<=[${EAST}])\\n|\\n(?=[${EAST}])`,
  "g",
);
const ZERO_WIDTH_SPACE = "\u200b";

interface Gap {
  readonly node: Text;
  readonly from: number;
  lineEnd: boolean;
}

export class Composer {
  private pieces: string[] = [];
  private runs: Run[] = [];
  private length = 0;
  private last = "";
  /** Collapsible white space that becomes one space if text follows on the same line. */
  private gap: Gap | null = null;

  add(node: Text, spacing: Spacing): void {
    if (spacing === "collapse") this.addCollapsed(node, node.data);
    else if (spacing === "verbatim") this.emit(node, 0, node.data);
    else this.addLines(node, node.data);
  }

  /** A `<br>`. Out: true when it makes an empty line, which ends the paragraph. */
  lineBreak(): boolean {
    this.gap = null;
    if (this.length === 0) return false;
    if (this.last === "\n") return true;
    this.pieces.push("\n");
    this.length += 1;
    this.last = "\n";
    return false;
  }

  /** The paragraph so far, or null where there was only white space; the composer is empty again. */
  finish(kind: ParagraphKind): Composed | null {
    const text = storable(this.pieces.join(""));
    const runs = this.runs;
    this.pieces = [];
    this.runs = [];
    this.length = 0;
    this.last = "";
    this.gap = null;
    return trimmed(kind, text, runs);
  }

  private addCollapsed(node: Text, data: string): void {
    const uneven = HAS_EAST.test(data) ? UNEVEN_EAST : UNEVEN;
    let at = 0;
    while (at < data.length) {
      at = this.passWhite(node, data, at);
      if (at >= data.length) return;
      // Single white space inside stays in the run: it maps to one space.
      uneven.lastIndex = at;
      const end = uneven.exec(data)?.index ?? data.length;
      this.emit(node, at, data.slice(at, end).replace(OTHER_WHITE, " "));
      at = end;
    }
  }

  /** Notes the white space at `at`, if any. Out: the offset after it. */
  private passWhite(node: Text, data: string, at: number): number {
    WHITE.lastIndex = at;
    const white = WHITE.exec(data)?.[0];
    if (white === undefined) return at;
    this.gap ??= { node, from: at, lineEnd: false };
    this.gap.lineEnd ||= white.includes("\n");
    return at + white.length;
  }

  private addLines(node: Text, data: string): void {
    let at = 0;
    for (const line of data.split("\n")) {
      if (at > 0) {
        this.gap = null;
        this.emit(node, at - 1, "\n");
      }
      let inside = 0;
      for (const [word] of line.matchAll(/[ \t\r\f]+|[^ \t\r\f]+/g)) {
        if (/^[ \t\r\f]/.test(word)) this.gap ??= { node, from: at + inside, lineEnd: false };
        else this.emit(node, at + inside, word);
        inside += word.length;
      }
      at += line.length + 1;
    }
  }

  private emit(node: Text, from: number, text: string): void {
    if (text === "") return;
    const gap = this.gap;
    this.gap = null;
    if (gap !== null && this.length > 0 && this.last !== "\n" && !(gap.lineEnd && this.joins(text))) {
      this.push(gap.node, gap.from, " ");
    }
    this.push(node, from, text);
  }

  private joins(text: string): boolean {
    const next = text[0] as string;
    if (this.last === ZERO_WIDTH_SPACE || next === ZERO_WIDTH_SPACE) return true;
    return HAS_EAST.test(this.last) && HAS_EAST.test(next);
  }

  private push(node: Text, from: number, text: string): void {
    const previous = this.runs[this.runs.length - 1];
    const goesOn =
      previous !== undefined &&
      previous.node === node &&
      previous.from + previous.size === from &&
      previous.at + previous.size === this.length;
    if (goesOn) this.runs[this.runs.length - 1] = { ...previous, size: previous.size + text.length };
    else this.runs.push({ node, from, at: this.length, size: text.length });
    this.pieces.push(text);
    this.length += text.length;
    this.last = text[text.length - 1] as string;
  }
}

/** NUL and halves of surrogate pairs, which only a script can put into a page, have no place in a database. */
function storable(text: string): string {
  const whole = text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", "\ufffd") : whole;
}

const VISIBLE = /[^\s\u00ad\u200b-\u200f\u2060\ufeff]/;
const TRAILING = /[ \t\n\r\f]+$/;

/** Empty lines before, and white space after, are not rendered; the first line's indentation (`pre`) is. */
function trimmed(kind: ParagraphKind, text: string, runs: readonly Run[]): Composed | null {
  if (!VISIBLE.test(text)) return null;
  const end = text.replace(TRAILING, "").length;
  const begin = /^(?:[ \t\r\f]*\n)*/.exec(text)?.[0].length ?? 0;
  if (begin === 0 && end === text.length) return { kind, text, runs };
  const kept: Run[] = [];
  for (const run of runs) {
    const from = Math.max(run.at, begin);
    const to = Math.min(run.at + run.size, end);
    if (from < to)
      kept.push({ node: run.node, from: run.from + from - run.at, at: from - begin, size: to - from });
  }
  return kept.length === 0 ? null : { kind, text: text.slice(begin, end), runs: kept };
}
