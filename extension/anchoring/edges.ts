/** From words to characters: a quote that starts or ends inside a word, or with punctuation, keeps doing so. */

import { BREAK, classAt } from "./characters.ts";
import type { Page, PlaceSpan } from "./page.ts";
import type { Passage } from "./passage.ts";
import type { Survivors, Wanted } from "./survivors.ts";

/** Punctuation taken along at an edge, at most. */
const MOST_PUNCTUATION = 6;
const SPACE = /\s/u;

export interface Edges {
  readonly old: Page;
  readonly fresh: Page;
  /** The quote in the old page. */
  readonly span: PlaceSpan;
}

/** The span in UTF-16 for what survives. */
export function spanOf(wanted: Wanted, found: Survivors, text: Passage, edges: Edges): PlaceSpan {
  return { start: startOf(wanted, found, text, edges), end: endOf(wanted, found, text, edges) };
}

function startOf(
  wanted: Wanted,
  found: Survivors,
  text: Passage,
  { old, fresh, span }: Edges,
): PlaceSpan["start"] {
  const paragraph = text.paragraphs[found.first] as number;
  const wordStart = text.starts[found.first] as number;
  const oldStart = wanted.text.starts[wanted.from] as number;
  if (found.oldFirst === wanted.from && wanted.text.paragraphs[wanted.from] === span.start.paragraph) {
    const inside = span.start.at - oldStart;
    const sameWord = sameSpelling(old, wanted.text, wanted.from, fresh, text, found.first);
    if (inside > 0) return { paragraph, at: wordStart + (sameWord ? inside : 0) };
  }
  const lead = old.text(wanted.text.paragraphs[wanted.from] as number).slice(0, oldStart);
  const taken =
    wanted.text.paragraphs[wanted.from] === span.start.paragraph ? lead.slice(span.start.at) : lead;
  if (taken.trim() === "") return { paragraph, at: wordStart };
  return { paragraph, at: leadOf(fresh.text(paragraph), wordStart, taken) };
}

function endOf(
  wanted: Wanted,
  found: Survivors,
  text: Passage,
  { old, fresh, span }: Edges,
): PlaceSpan["end"] {
  const paragraph = text.paragraphs[found.last] as number;
  const wordEnd = text.ends[found.last] as number;
  const oldWord = wanted.to - 1;
  const oldEnd = wanted.text.ends[oldWord] as number;
  const oldParagraph = wanted.text.paragraphs[oldWord] as number;
  if (found.oldLast === oldWord && oldParagraph === span.end.paragraph) {
    const inside = oldEnd - span.end.at;
    const sameWord = sameSpelling(old, wanted.text, oldWord, fresh, text, found.last);
    if (inside > 0) return { paragraph, at: wordEnd - (sameWord ? inside : 0) };
  }
  const tail = old
    .text(oldParagraph)
    .slice(oldEnd, oldParagraph === span.end.paragraph ? span.end.at : undefined);
  if (tail.trim() === "") return { paragraph, at: wordEnd };
  return { paragraph, at: tailOf(fresh.text(paragraph), wordEnd, tail) };
}

function sameSpelling(
  old: Page,
  left: Passage,
  at: number,
  fresh: Page,
  right: Passage,
  there: number,
): boolean {
  const size = (left.ends[at] as number) - (left.starts[at] as number);
  if (size !== (right.ends[there] as number) - (right.starts[there] as number)) return false;
  const here = old.text(left.paragraphs[at] as number).slice(left.starts[at], left.ends[at]);
  return here === fresh.text(right.paragraphs[there] as number).slice(right.starts[there], right.ends[there]);
}

/** Where the leading punctuation starts: all of the old one if it stands there, else what touches the word. */
function leadOf(text: string, wordStart: number, lead: string): number {
  if (text.slice(0, wordStart).endsWith(lead)) return wordStart - lead.length;
  let at = wordStart;
  while (at > 0 && wordStart - at < MOST_PUNCTUATION && isMark(text, at - 1)) at--;
  return at;
}

function tailOf(text: string, wordEnd: number, tail: string): number {
  if (text.startsWith(tail, wordEnd)) return wordEnd + tail.length;
  let at = wordEnd;
  while (at < text.length && at - wordEnd < MOST_PUNCTUATION && isMark(text, at)) at++;
  return at;
}

function isMark(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit >= 0xd800 && unit <= 0xdfff) return false;
  return classAt(text, at) === BREAK && !SPACE.test(text[at] as string);
}
