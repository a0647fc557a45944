/**
 * Finds the copies of a quote in a page, word for word, and compares what stands around them.
 * Twin of `annotator/copies.py`; `place.ts` decides between the copies. Everything here counts code points.
 */

import { codePointLength } from "../paragraphs.ts";
import { countWords, Folded, isBlank, isSpace, pointsOf, wordAfter, wordBefore } from "./fold.ts";
import type { Page } from "./folded-page.ts";
import { CONTEXT_LENGTH, PARAGRAPH_BREAK, type Position, type Quote } from "./types.ts";

const SPACE = 0x20;
/** More copies than this are not told apart: somebody's ornament, or somebody's attack. */
const MOST_COPIES = 10_000;
/** Folded characters of context, of the 64 recorded, that decide between copies; half of one side. */
export const TELLING = CONTEXT_LENGTH / 2;
/** With less context inside its own paragraph than this (a full stop, a dash), a quote fills its paragraph. */
const OWN_CONTEXT = 8;
/** Quotes of fewer words are found anywhere, so that context has to agree. */
const SHORT = 3;

/** A quote with its context, folded together as they stood. */
export class Sought {
  readonly quote: Quote;
  /** What is blank at the edges of the quote. */
  readonly lead: Uint32Array;
  readonly trail: Uint32Array;
  readonly words: Uint32Array;
  readonly before: Uint32Array;
  readonly after: Uint32Array;
  readonly ownBefore: number;
  readonly ownAfter: number;
  readonly beganParagraph: boolean;
  readonly endedParagraph: boolean;
  readonly isShort: boolean;
  readonly fillsParagraph: boolean;
  readonly cutBefore: string;
  readonly cutAfter: string;
  readonly knowsBefore: boolean;
  readonly knowsAfter: boolean;

  constructor(quote: Quote) {
    this.quote = quote;
    const { exact, prefix, suffix } = quote;
    const folded = new Folded(pointsOf(prefix + exact + suffix));
    const text = folded.points;
    const first = codePointLength(prefix);
    const last = first + codePointLength(exact);
    let start = folded.indexOf(first);
    let end = folded.indexOf(last);
    if (start < end && text[start] === SPACE) start++;
    if (start < end && text[end - 1] === SPACE) end--;
    this.words = text.subarray(start, end);
    this.before = text.subarray(text[0] === SPACE ? Math.min(1, start) : 0, start);
    this.after = text.subarray(end, text.at(-1) === SPACE ? Math.max(end, text.length - 1) : text.length);
    // A quote may begin or end with the border of a paragraph: then its words begin or end one.
    [this.lead, this.trail] = blankEdges(pointsOf(exact));
    // Blanks are one UTF-16 unit each.
    const head = prefix + exact.slice(0, this.lead.length);
    const tail = exact.slice(exact.length - this.trail.length) + suffix;
    const ownFrom = codePointLength(head) - codePointLength(head.split(PARAGRAPH_BREAK).at(-1) ?? "");
    const ownTail = codePointLength(tail.split(PARAGRAPH_BREAK, 1)[0] ?? "");
    const ownUntil = folded.raw.length - codePointLength(tail) + ownTail;
    this.ownBefore = Math.min(this.before.length, start - folded.indexOf(ownFrom));
    this.ownAfter = Math.min(this.after.length, folded.indexOf(ownUntil) - end);
    // An empty prefix is written where nothing stood before: the paragraph began there.
    this.beganParagraph = prefix === "" || head.includes(PARAGRAPH_BREAK);
    this.endedParagraph = suffix === "" || tail.includes(PARAGRAPH_BREAK);
    this.isShort = countWords(this.words) < SHORT;
    this.fillsParagraph = this.ownBefore + this.ownAfter < OWN_CONTEXT;
    this.cutBefore = wordBefore(text, start);
    this.cutAfter = wordAfter(text, end);
    // Where the recorded context ends inside a word, the rest of the word is not known.
    this.knowsBefore = this.cutBefore === "" || codePointLength(this.cutBefore) < start;
    this.knowsAfter = this.cutAfter === "" || end + codePointLength(this.cutAfter) < text.length;
  }
}

function blankEdges(exact: Uint32Array): [lead: Uint32Array, trail: Uint32Array] {
  let lead = 0;
  let trail = exact.length;
  while (lead < trail && isBlank(exact[lead] as number)) lead++;
  while (trail > lead && isBlank(exact[trail - 1] as number)) trail--;
  return [exact.subarray(0, lead), exact.subarray(trail)];
}

/** How the context on one side of a copy compares with the recorded one. */
interface Side {
  /** What belongs to the same paragraph is the same. */
  readonly agrees: boolean;
  /** And so is the recorded part of the next paragraph, or the end of the page. */
  readonly neighbourAgrees: boolean;
  /** All that was recorded is the same. */
  readonly complete: boolean;
  /** Folded characters that are the same, counted from the quote outward. */
  readonly weight: number;
}

/** A place where the words stand; `start` and `end` are raw offsets. */
export interface Copy {
  readonly start: number;
  readonly end: number;
  readonly position: Position;
  readonly agrees: boolean;
  readonly neighbourAgrees: boolean;
  readonly complete: boolean;
  readonly weight: number;
}

/** The copies with all of the recorded context around them; none where they are more than MOST_COPIES. */
export function copiesWithContext(page: Page, sought: Sought): Copy[] {
  const { before, words, after } = sought;
  const whole = Uint32Array.from([...before, ...words, ...after]);
  const starts = occurrences(page.text, whole).map((at) => at + before.length);
  return compare(page, sought, starts).filter(({ complete }) => complete);
}

/** Every copy; none where there are more than MOST_COPIES. */
export function copiesOf(page: Page, sought: Sought): Copy[] {
  return compare(page, sought, occurrences(page.text, sought.words));
}

/**
 * Where the words begin, overlaps included; none where there are more than MOST_COPIES.
 * By Knuth, Morris and Pratt: the engines' own `indexOf` takes the product of both lengths on hostile texts.
 */
function occurrences(text: Uint32Array, words: Uint32Array): number[] {
  const back = new Int32Array(words.length);
  for (let at = 1, matched = 0; at < words.length; at++) {
    while (matched > 0 && words[at] !== words[matched]) matched = back[matched - 1] as number;
    if (words[at] === words[matched]) matched++;
    back[at] = matched;
  }
  const found: number[] = [];
  for (let at = 0, matched = 0; at < text.length; at++) {
    while (matched > 0 && text[at] !== words[matched]) matched = back[matched - 1] as number;
    if (text[at] === words[matched]) matched++;
    if (matched < words.length) continue;
    found.push(at + 1 - words.length);
    if (found.length > MOST_COPIES) return [];
    matched = back[matched - 1] as number;
  }
  return found;
}

function compare(page: Page, sought: Sought, starts: readonly number[]): Copy[] {
  return starts.map((start) => copyAt(page, sought, start)).filter((copy) => copy !== null);
}

/** The copy whose folded words begin at `first`; null where words at its edges are not the quoted ones. */
function copyAt(page: Page, sought: Sought, first: number): Copy | null {
  const last = first + sought.words.length;
  const rawStart = page.folded.rawStart(first);
  const rawEnd = page.folded.rawEnd(last);
  if (rawStart === null || rawEnd === null || !sameEdges(page, sought, first, last)) return null;
  const [start, end] = withBlanks(page, sought, rawStart, rawEnd);
  const before = sideBefore(page, sought, first);
  const after = sideAfter(page, sought, last);
  const weight = before.weight + after.weight;
  return {
    start,
    end,
    position: page.start(start),
    agrees: before.agrees && after.agrees,
    neighbourAgrees: before.neighbourAgrees || after.neighbourAgrees,
    complete: before.complete && after.complete && weight >= TELLING,
    weight,
  };
}

/** Whether the words at both edges are the ones that were quoted: "21" is not found in "210" or "21.5". */
function sameEdges(page: Page, sought: Sought, first: number, last: number): boolean {
  const before = wordBefore(page.text, first);
  const after = wordAfter(page.text, last);
  const same = sought.knowsBefore ? before === sought.cutBefore : before.endsWith(sought.cutBefore);
  return same && (sought.knowsAfter ? after === sought.cutAfter : after.startsWith(sought.cutAfter));
}

/** The raw span grown over white space and unseen characters that the quote had at its edges. */
function withBlanks(page: Page, { lead, trail }: Sought, rawStart: number, rawEnd: number): [number, number] {
  const { raw } = page.folded;
  let start = rawStart;
  for (let at = lead.length - 1; at >= 0 && sameBlank(lead[at], raw[start - 1]); at--) start--;
  let end = rawEnd;
  for (let at = 0; at < trail.length && sameBlank(trail[at], raw[end]); at++) end++;
  return [start, end];
}

function sameBlank(wanted: number | undefined, found: number | undefined): boolean {
  if (wanted === undefined || found === undefined) return false;
  return wanted === found || (isSpace(wanted) && isSpace(found));
}

function sideBefore(page: Page, sought: Sought, first: number): Side {
  const { before: context, ownBefore: own } = sought;
  const { text } = page;
  let weight = 0;
  const most = Math.min(context.length, first);
  while (weight < most && text[first - weight - 1] === context[context.length - weight - 1]) weight++;
  const ownStart = first - own;
  let agrees = weight >= own && (own === 0 || page.paragraph(ownStart) === page.paragraph(first));
  if (agrees && sought.beganParagraph) agrees = page.beginsParagraph(ownStart);
  const atEdge = first === 0 || (first === 1 && text[0] === SPACE);
  if (sought.quote.prefix === "" && atEdge) return pageEnded(agrees);
  return side(context.subarray(0, context.length - own), agrees, weight, context.length);
}

function sideAfter(page: Page, sought: Sought, last: number): Side {
  const { after: context, ownAfter: own } = sought;
  const { text } = page;
  let weight = 0;
  const most = Math.min(context.length, text.length - last);
  while (weight < most && text[last + weight] === context[weight]) weight++;
  const ownLast = last + own - 1;
  let agrees = weight >= own && (own === 0 || page.paragraph(ownLast) === page.paragraph(last - 1));
  if (agrees && sought.endedParagraph) agrees = page.endsParagraph(ownLast);
  const atEdge = last === text.length || (last === text.length - 1 && text[last] === SPACE);
  if (sought.quote.suffix === "" && atEdge) return pageEnded(agrees);
  return side(context.subarray(own), agrees, weight, context.length);
}

/** The page ended here and still does. */
function pageEnded(agrees: boolean): Side {
  return { agrees, neighbourAgrees: true, complete: true, weight: CONTEXT_LENGTH };
}

function side(beyond: Uint32Array, agrees: boolean, weight: number, length: number): Side {
  const complete = agrees && weight === length;
  return { agrees, neighbourAgrees: complete && beyond.some((point) => point !== SPACE), complete, weight };
}
