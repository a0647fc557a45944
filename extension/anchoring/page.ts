/** One version of a page, prepared for the engine. Everything inside the engine counts UTF-16; code points stay at the door. */

import { pieceStarts } from "./pieces.ts";
import { PARAGRAPH_BREAK, type Paragraph, type Position, type Quote } from "./types.ts";
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

/** Texts up to so many UTF-16 units, of which pages have many copies, are cut into words once. */
const SHORT = 24;

export class Page {
  /** Paragraphs; very long ones in several pieces, so that no text is too long to align. */
  readonly texts: readonly string[];
  private readonly whole: readonly string[];
  /** The paragraph that a piece is of, and where it starts in it. */
  private readonly pieces: readonly Place[];
  /** The first piece of each paragraph. */
  private readonly firsts: readonly number[];
  private readonly lexicon: Lexicon;
  private readonly split: (Words | undefined)[] = [];
  private readonly short = new Map<string, Words>();
  private readonly terms: (Int32Array | undefined)[] = [];

  constructor(paragraphs: readonly Paragraph[], lexicon: Lexicon) {
    this.lexicon = lexicon;
    this.whole = paragraphs.map(({ text }) => text);
    const texts: string[] = [];
    const pieces: Place[] = [];
    const firsts: number[] = [];
    for (const [paragraph, text] of this.whole.entries()) {
      firsts.push(texts.length);
      for (const at of pieceStarts(text)) pieces.push({ paragraph, at });
      for (let piece = texts.length; piece < pieces.length; piece++) {
        texts.push(text.slice(pieces[piece]?.at, pieces[piece + 1]?.at));
      }
    }
    this.texts = texts;
    this.pieces = pieces;
    this.firsts = firsts;
  }

  get length(): number {
    return this.texts.length;
  }

  text(paragraph: number): string {
    return this.texts[paragraph] as string;
  }

  /** The paragraph that a piece is of, counted as the caller does. */
  paragraphOf(piece: number): number {
    return this.pieces[piece]?.paragraph ?? 0;
  }

  words(paragraph: number): Words {
    let found = this.split[paragraph];
    if (found === undefined) {
      const text = this.text(paragraph);
      found = this.short.get(text) ?? words(text, this.lexicon);
      if (text.length <= SHORT) this.short.set(text, found);
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

  /** A position from outside, or null if it is outside the text; an end belongs to the piece it closes. */
  place(position: Position, isEnd: boolean): Place | null {
    const text = this.whole[position.paragraph];
    const at = text === undefined ? null : toUnits(text, position.offset);
    if (at === null) return null;
    let piece = this.firsts[position.paragraph] as number;
    for (;;) {
      const next = this.pieces[piece + 1];
      if (next?.paragraph !== position.paragraph || (isEnd ? next.at >= at : next.at > at)) break;
      piece++;
    }
    return { paragraph: piece, at: at - (this.pieces[piece] as Place).at };
  }

  position(place: Place): Position {
    const { paragraph, at } = this.outside(place);
    return { paragraph, offset: toPoints(this.whole[paragraph] as string, at) };
  }

  /** A span as a quote, with up to `around` UTF-16 units of its own paragraphs on either side. */
  quote(span: PlaceSpan, around = 0): Quote {
    const start = this.outside(span.start);
    const end = this.outside(span.end);
    const first = this.whole[start.paragraph] as string;
    const last = this.whole[end.paragraph] as string;
    const between = this.whole.slice(start.paragraph + 1, end.paragraph);
    return {
      exact:
        start.paragraph === end.paragraph
          ? first.slice(start.at, end.at)
          : [first.slice(start.at), ...between, last.slice(0, end.at)].join(PARAGRAPH_BREAK),
      prefix: first.slice(Math.max(0, start.at - around), start.at),
      suffix: last.slice(end.at, end.at + around),
    };
  }

  private outside({ paragraph: piece, at }: Place): Place {
    const { paragraph, at: from } = this.pieces[piece] as Place;
    return { paragraph, at: from + at };
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
