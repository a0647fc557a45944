/**
 * Paragraphs, positions in them, their digest, and the quotes cut out of them. Pure; twin of `annotator/paragraphs.py`;
 * both run `tests/vectors/paragraphs/`. Offsets count Unicode code points; JavaScript's strings count UTF-16 units,
 * and the only places where one becomes the other are `codePointLength`, `toUtf16` and `toCodePoints`.
 */

import type { Paragraph, Position, Quote, Span } from "./anchoring/types.ts";
import { CONTEXT_LENGTH, PARAGRAPH_BREAK } from "./anchoring/types.ts";

const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A position that is not in the text. `field` is its path in a target: "start.offset", "end.paragraph", "end". */
export class PositionOutside extends Error {
  override readonly name = "PositionOutside";
  readonly field: string;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}

/** A paragraph holds half of a surrogate pair, so that it has no UTF-8 and no digest. */
export class IllFormedText extends Error {
  override readonly name = "IllFormedText";
  readonly paragraph: number;
  constructor(paragraph: number) {
    super(`paragraph ${paragraph} holds a lone surrogate`);
    this.paragraph = paragraph;
  }
}

/** The number of code points; a lone surrogate counts as one. */
export function codePointLength(text: string): number {
  return SURROGATE.test(text) ? toCodePoints(text, text.length) : text.length;
}

/** The UTF-16 index of a code point offset; an offset after the end gives the end, one before the start 0. */
export function toUtf16(text: string, offset: number): number {
  if (!SURROGATE.test(text)) return Math.max(0, Math.min(offset, text.length));
  let index = 0;
  for (let passed = 0; passed < offset && index < text.length; passed++) index += unitsAt(text, index);
  return index;
}

/** The code point offset of a UTF-16 index; an index inside a surrogate pair counts as before the pair. */
export function toCodePoints(text: string, index: number): number {
  const end = Math.max(0, Math.min(index, text.length));
  if (!SURROGATE.test(text)) return end;
  let passed = 0;
  for (let at = 0; at < end; at += unitsAt(text, at)) {
    if (at + unitsAt(text, at) > end) break;
    passed++;
  }
  return passed;
}

/** What the digest is taken over: `kind TAB text LF` for each paragraph. Throws IllFormedText. */
export function digestInput(paragraphs: readonly Paragraph[]): string {
  return paragraphs
    .map(({ kind, text }, index) => {
      if (LONE_SURROGATE.test(text)) throw new IllFormedText(index);
      return `${kind}\t${text}\n`;
    })
    .join("");
}

/**
 * The name of a snapshot: SHA-256, in lower-case hex, over UTF-8 of `digestInput`. Rejects with IllFormedText.
 * Background only: `crypto.subtle` is absent in content scripts of plain-http pages.
 */
export async function digest(paragraphs: readonly Paragraph[]): Promise<string> {
  return sha256(digestInput(paragraphs));
}

/** SHA-256 of a text's UTF-8, in lower-case hex. Background only, as `digest`. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Throws PositionOutside, naming the field, unless `start <= end` and both lie in the text. */
export function checkSpan(paragraphs: readonly Paragraph[], { start, end }: Span): void {
  checkPosition(paragraphs, start, "start");
  checkPosition(paragraphs, end, "end");
  if (comparePositions(end, start) < 0) throw new PositionOutside("end", "lies before start");
}

/** Negative, zero or positive as `a` lies before, at or after `b`. */
export function comparePositions(a: Position, b: Position): number {
  return a.paragraph - b.paragraph || a.offset - b.offset;
}

/** The text of the half-open span, paragraphs joined by PARAGRAPH_BREAK. Throws PositionOutside. */
export function cut(paragraphs: readonly Paragraph[], span: Span): string {
  checkSpan(paragraphs, span);
  const { start, end } = span;
  if (start.paragraph === end.paragraph)
    return slice(textOf(paragraphs, start.paragraph), start.offset, end.offset);
  const pieces = [slice(textOf(paragraphs, start.paragraph), start.offset)];
  for (let index = start.paragraph + 1; index < end.paragraph; index++)
    pieces.push(textOf(paragraphs, index));
  pieces.push(slice(textOf(paragraphs, end.paragraph), 0, end.offset));
  return pieces.join(PARAGRAPH_BREAK);
}

/** The quote of a span; prefix and suffix reach over the borders of paragraphs. Throws PositionOutside. */
export function quoteAt(paragraphs: readonly Paragraph[], span: Span): Quote {
  const exact = cut(paragraphs, span);
  return { exact, prefix: before(paragraphs, span.start), suffix: after(paragraphs, span.end) };
}

function before(paragraphs: readonly Paragraph[], { paragraph, offset }: Position): string {
  // A border counts two code points, so even empty paragraphs end the walk after a few steps.
  let text = lastOf(slice(textOf(paragraphs, paragraph), 0, offset));
  for (let index = paragraph - 1; index >= 0 && codePointLength(text) < CONTEXT_LENGTH; index--) {
    text = lastOf(textOf(paragraphs, index)) + PARAGRAPH_BREAK + text;
  }
  return lastOf(text);
}

function after(paragraphs: readonly Paragraph[], { paragraph, offset }: Position): string {
  let text = firstOf(slice(textOf(paragraphs, paragraph), offset));
  for (
    let index = paragraph + 1;
    index < paragraphs.length && codePointLength(text) < CONTEXT_LENGTH;
    index++
  ) {
    text = text + PARAGRAPH_BREAK + firstOf(textOf(paragraphs, index));
  }
  return firstOf(text);
}

function firstOf(text: string): string {
  // Twice as many units always hold the code points wanted, and spare a walk through a long paragraph.
  return slice(text.slice(0, 2 * CONTEXT_LENGTH), 0, CONTEXT_LENGTH);
}

function lastOf(text: string): string {
  const points = Array.from(text.slice(-2 * CONTEXT_LENGTH));
  return points.slice(-CONTEXT_LENGTH).join("");
}

function slice(text: string, from: number, to?: number): string {
  return text.slice(toUtf16(text, from), to === undefined ? undefined : toUtf16(text, to));
}

function unitsAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

function textOf(paragraphs: readonly Paragraph[], index: number): string {
  return paragraphs[index]?.text ?? "";
}

function checkPosition(
  paragraphs: readonly Paragraph[],
  { paragraph, offset }: Position,
  name: string,
): void {
  const found = Number.isInteger(paragraph) ? paragraphs[paragraph] : undefined;
  if (!found) {
    throw new PositionOutside(
      `${name}.paragraph`,
      `${paragraph} is outside the ${paragraphs.length} paragraphs`,
    );
  }
  const length = codePointLength(found.text);
  if (!Number.isInteger(offset) || offset < 0 || offset > length) {
    throw new PositionOutside(`${name}.offset`, `${offset} is outside the paragraph's ${length} code points`);
  }
}
