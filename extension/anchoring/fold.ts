/**
 * Text folded for comparison: white space and typography aside, word for word the same.
 * The table is `annotator/shared/typography.json`. Twin of `annotator/folding.py`. Everything here counts code points.
 */

import table from "../../annotator/shared/typography.json" with { type: "json" };

type Range = readonly [first: number, last: number];

const SPACE = 0x20;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const FULL_STOP = 0x2e;
/** How far from its edge a cut word is followed, in folded characters; longer ones are no words. */
const LONGEST_WORD = 64;

const spaces = new Set(points(table.space.points));
const nothing = new Set(points(table.nothing.points));
const beside = new Set(pointsOf(table.spaceless.beside));
const before = new Set(pointsOf(table.spaceless.beside + table.spaceless.before));
const digits = new Set(points(table.words.digits));
const alone = ranges(table.words.alone);
const noLetters = [...alone, ...ranges(table.words.punctuation)].sort((a, b) => a[0] - b[0]);
const written = writtenAs();

/** A folded text that knows where in the raw text each of its characters came from. */
export class Folded {
  readonly raw: Uint32Array;
  readonly points: Uint32Array;
  /** The raw offset of the character that each folded one came from. */
  private readonly from: Uint32Array;

  constructor(raw: Uint32Array) {
    this.raw = raw;
    const folding = new Folding(raw.length);
    for (let at = 0; at < raw.length; at++) folding.take(raw[at] as number, at);
    folding.endGap(undefined);
    this.points = folding.points.subarray(0, folding.length);
    this.from = folding.from.subarray(0, folding.length);
  }

  /** Where the folded character begins in the raw text; null inside a character that was spelled out. */
  rawStart(index: number): number | null {
    return index > 0 && this.from[index - 1] === this.from[index] ? null : this.rawAt(index);
  }

  /** Where the folded character before `index` ends in the raw text; null inside a spelled out one. */
  rawEnd(index: number): number | null {
    return this.from[index - 1] === this.from[index] ? null : this.rawAt(index - 1) + 1;
  }

  /** Where the raw character begins that the folded one came from, also inside a spelled out one. */
  rawAt(index: number): number {
    return this.from[index] as number;
  }

  /** How many folded characters come from before the raw offset. */
  indexOf(raw: number): number {
    let low = 0;
    let high = this.from.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.from[middle] as number) < raw) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The folded text while it is written. */
class Folding {
  points: Uint32Array;
  from: Uint32Array;
  length = 0;
  private gapStart = -1;
  private gapHasSpace = false;

  constructor(expected: number) {
    this.points = new Uint32Array(expected + 16);
    this.from = new Uint32Array(expected + 16);
  }

  take(point: number, at: number): void {
    const isBlank = spaces.has(point);
    if (isBlank || nothing.has(point)) {
      if (this.gapStart < 0) this.gapStart = at;
      this.gapHasSpace ||= isBlank;
      return;
    }
    const letters = written.get(point);
    const first = letters?.[0] ?? point;
    this.endGap(first);
    if (!letters) this.push(point, at);
    else for (const letter of letters) this.push(letter, at);
  }

  /** A run of white space and of what is left out: one space, or none beside marks that French sets off. */
  endGap(next: number | undefined): void {
    if (this.gapHasSpace) {
      const last = this.length > 0 ? this.points[this.length - 1] : undefined;
      const left = last !== undefined && beside.has(last);
      if (!left && !(next !== undefined && before.has(next))) this.push(SPACE, this.gapStart);
    }
    this.gapStart = -1;
    this.gapHasSpace = false;
  }

  private push(point: number, at: number): void {
    if (this.length === this.points.length) {
      this.points = grown(this.points);
      this.from = grown(this.from);
    }
    this.points[this.length] = point;
    this.from[this.length] = at;
    this.length++;
  }
}

/** The code points of a text; a lone surrogate is one. */
export function pointsOf(text: string): Uint32Array {
  const points = new Uint32Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; length++) {
    const point = text.codePointAt(at) as number;
    points[length] = point;
    at += point > 0xffff ? 2 : 1;
  }
  return points.subarray(0, length);
}

/** Whether a raw character is white space or left out. */
export function isBlank(point: number): boolean {
  return spaces.has(point) || nothing.has(point);
}

/** Whether a raw character is white space. */
export function isSpace(point: number): boolean {
  return spaces.has(point);
}

/** The part of a folded word or number that stands before the edge, where the edge cuts one; else "". */
export function wordBefore(text: Uint32Array, edge: number): string {
  let start = edge;
  while (start > edge - LONGEST_WORD && joined(text, start)) start--;
  return String.fromCodePoint(...text.subarray(start, edge));
}

/** The part of a folded word or number that stands after the edge, where the edge cuts one; else "". */
export function wordAfter(text: Uint32Array, edge: number): string {
  let end = edge;
  while (end < edge + LONGEST_WORD && joined(text, end)) end++;
  return String.fromCodePoint(...text.subarray(edge, end));
}

/** Words of a folded text; in scripts that set no spaces, two characters count as one word. */
export function countWords(text: Uint32Array): number {
  let words = 0;
  let single = 0;
  let inside = false;
  for (const point of text) {
    const letter = isLetter(point);
    if (letter && !inside) words++;
    if (!letter && isIn(alone, point)) single++;
    inside = letter;
  }
  return words + Math.floor(single / 2);
}

/** Whether the edge cuts a word or a number: "wo|rd", "can|'t", "non|-violent", "2|.5", "-|5". */
function joined(text: Uint32Array, edge: number): boolean {
  const left = text[edge - 1];
  const right = text[edge];
  if (left === undefined || right === undefined) return false;
  if (isLetter(left) && isLetter(right)) return true;
  const next = text[edge + 1];
  if (isJoiner(right) && next !== undefined) return bothFit(right, left, next);
  const last = text[edge - 2];
  if (isJoiner(left) && last !== undefined && bothFit(left, last, right)) return true;
  return left === HYPHEN && digits.has(right);
}

function isJoiner(point: number): boolean {
  return point === APOSTROPHE || point === COMMA || point === HYPHEN || point === FULL_STOP;
}

function bothFit(joiner: number, left: number, right: number): boolean {
  if (joiner === COMMA || joiner === FULL_STOP) return digits.has(left) && digits.has(right);
  return isLetter(left) && isLetter(right);
}

function isLetter(point: number): boolean {
  return !isIn(noLetters, point);
}

function isIn(sorted: readonly Range[], point: number): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = sorted[middle] as Range;
    if (point < first) high = middle - 1;
    else if (point > last) low = middle + 1;
    else return true;
  }
  return false;
}

function ranges(texts: readonly string[]): Range[] {
  return texts.map((text) => {
    const [first = "", last = first] = text.split("-");
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  });
}

function points(texts: readonly string[]): number[] {
  return ranges(texts).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, n) => first + n),
  );
}

function writtenAs(): Map<number, readonly number[]> {
  const { about: _same, ...same } = table.same;
  const { about: _spelled, ...spelled } = table.spelled_out;
  const folded = new Map<number, readonly number[]>();
  for (const [mark, texts] of Object.entries(same)) {
    for (const point of points(texts)) folded.set(point, [...pointsOf(mark)]);
  }
  for (const [hex, letters] of Object.entries(spelled))
    folded.set(Number.parseInt(hex, 16), [...pointsOf(letters)]);
  return folded;
}

function grown(array: Uint32Array): Uint32Array {
  const larger = new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
}
