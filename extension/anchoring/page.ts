/** One version of a page, prepared for the engine. Everything inside the engine counts UTF-16; code points stay at the door. */

import type { Paragraph, Position } from "./types.ts";
import { type Lexicon, type Words, words } from "./words.ts";

const SURROGATE = /[\ud800-\udfff]/;

/** UTF-16 offset of a code point offset; null when it lies outside the text. */
export function toUnits(text: string, points: number): number | null {
  if (!Number.isInteger(points) || points < 0) return null;
  if (!SURROGATE.test(text)) return points <= text.length ? points : null;
  let at = 0;
  for (let count = 0; count < points; count++) {
    if (at >= text.length) return null;
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  }
  return at;
}

/** Code points before a UTF-16 offset. */
export function toPoints(text: string, units: number): number {
  const head = text.slice(0, units);
  if (!SURROGATE.test(head)) return head.length;
  let count = 0;
  for (let at = 0; at < head.length; count++) at += (head.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return count;
}

/** A place in UTF-16. */
export interface Place {
  readonly paragraph: number;
  readonly at: number;
}

export interface PlaceSpan {
  readonly start: Place;
  readonly end: Place;
}

export class Page {
  readonly texts: readonly string[];
  private readonly lexicon: Lexicon;
  private readonly split: (Words | undefined)[] = [];
  private readonly terms: (Int32Array | undefined)[] = [];

  constructor(paragraphs: readonly Paragraph[], lexicon: Lexicon) {
    this.texts = paragraphs.map((paragraph) => paragraph.text);
    this.lexicon = lexicon;
  }

  get length(): number {
    return this.texts.length;
  }

  text(paragraph: number): string {
    return this.texts[paragraph] as string;
  }

  words(paragraph: number): Words {
    let found = this.split[paragraph];
    if (found === undefined) {
      found = words(this.text(paragraph), this.lexicon);
      this.split[paragraph] = found;
    }
    return found;
  }

  /** What paragraphs are compared by: words, and pairs of characters in scripts without spaces. */
  termsOf(paragraph: number): Int32Array {
    let found = this.terms[paragraph];
    if (found === undefined) {
      found = termsIn(this.text(paragraph), this.words(paragraph), this.lexicon);
      this.terms[paragraph] = found;
    }
    return found;
  }

  place(position: Position): Place | null {
    const text = this.texts[position.paragraph];
    const at = text === undefined ? null : toUnits(text, position.offset);
    return at === null ? null : { paragraph: position.paragraph, at };
  }

  position(place: Place): Position {
    return { paragraph: place.paragraph, offset: toPoints(this.text(place.paragraph), place.at) };
  }

  /** The text of a span, paragraphs joined by a blank line as in quotes. */
  read(span: PlaceSpan): string {
    const { start, end } = span;
    if (start.paragraph === end.paragraph) return this.text(start.paragraph).slice(start.at, end.at);
    const between = this.texts.slice(start.paragraph + 1, end.paragraph);
    const first = this.text(start.paragraph).slice(start.at);
    return [first, ...between, this.text(end.paragraph).slice(0, end.at)].join("\n\n");
  }
}

const EAST = 0x2e7f;

/** Words of a text, where neighbouring characters of scripts without spaces are taken in pairs. */
export function termsIn(text: string, split: Words, lexicon: Lexicon): Int32Array {
  const { ids, starts, ends } = split;
  let terms: Int32Array | null = null;
  for (let at = 0; at + 1 < ids.length; at++) {
    const next = ends[at] === starts[at + 1];
    if (!next || text.charCodeAt(starts[at] as number) <= EAST) continue;
    terms ??= ids.slice();
    terms[at] = lexicon.number(text.slice(starts[at], ends[at + 1]));
  }
  return terms ?? ids;
}
