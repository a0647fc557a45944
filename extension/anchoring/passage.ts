/** Several paragraphs as one run of words. */

import type { Page, Place } from "./page.ts";

export interface Passage {
  readonly ids: Int32Array;
  readonly paragraphs: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export function passage(page: Page, paragraphs: readonly number[]): Passage {
  const parts = paragraphs.map((paragraph) => ({ paragraph, words: page.words(paragraph) }));
  const length = parts.reduce((sum, part) => sum + part.words.ids.length, 0);
  const result = {
    ids: new Int32Array(length),
    paragraphs: new Int32Array(length),
    starts: new Int32Array(length),
    ends: new Int32Array(length),
  };
  let at = 0;
  for (const { paragraph, words } of parts) {
    result.ids.set(words.ids, at);
    result.starts.set(words.starts, at);
    result.ends.set(words.ends, at);
    result.paragraphs.fill(paragraph, at, at + words.ids.length);
    at += words.ids.length;
  }
  return result;
}

/** The words from one position to another, clipped to what there is. */
export function part(text: Passage, from: number, to: number): Passage {
  const start = Math.max(0, from);
  const end = Math.min(text.ids.length, to);
  return {
    ids: text.ids.subarray(start, end),
    paragraphs: text.paragraphs.subarray(start, end),
    starts: text.starts.subarray(start, end),
    ends: text.ends.subarray(start, end),
  };
}

/** The words that a span touches, as a half-open range of positions in the passage. */
export function wordsWithin(text: Passage, start: Place, end: Place): { from: number; to: number } {
  let from = 0;
  while (from < text.ids.length && before(text, from, start)) from++;
  let to = from;
  while (to < text.ids.length && !startsAtOrAfter(text, to, end)) to++;
  return { from, to };
}

function before(text: Passage, word: number, place: Place): boolean {
  const paragraph = text.paragraphs[word] as number;
  return (
    paragraph < place.paragraph || (paragraph === place.paragraph && (text.ends[word] as number) <= place.at)
  );
}

function startsAtOrAfter(text: Passage, word: number, place: Place): boolean {
  const paragraph = text.paragraphs[word] as number;
  return (
    paragraph > place.paragraph ||
    (paragraph === place.paragraph && (text.starts[word] as number) >= place.at)
  );
}
