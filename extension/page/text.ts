/** Reads a page's text without being felt: in slices, again when the page changed meanwhile, and the article only when asked. */

import type { PageFacts, PageParagraph, PageText } from "../model.ts";
import { pause, SLICE } from "../slices.ts";
import { Reader } from "./reader.ts";
import { Reading } from "./reading.ts";

/** Changes whenever the same page would be read otherwise; travels with every snapshot. */
export const EXTRACTOR = "annotator-2";

/** A page that never stands still is at last read in one piece. */
const MOST_ATTEMPTS = 3;

export function readAtOnce(document: Document, isOwn?: (node: Node) => boolean): Reading {
  const reader = new Reader(document, isOwn);
  reader.read();
  return new Reading(reader.paragraphs, reader.roots);
}

/**
 * Reads in slices. `changes` counts the page's mutations: when it moves during the reading, the reading begins anew.
 * Rejects with the signal's reason when the page is left.
 */
export async function readInSlices(
  document: Document,
  isOwn: (node: Node) => boolean,
  changes: () => number,
  signal: AbortSignal,
): Promise<Reading> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const before = changes();
    const reader = new Reader(document, isOwn);
    let done = reader.read(performance.now() + SLICE);
    while (!done && changes() === before) {
      await pause();
      signal.throwIfAborted();
      if (changes() === before) done = reader.read(performance.now() + SLICE);
    }
    if (done) return new Reading(reader.paragraphs, reader.roots);
  }
  return readAtOnce(document, isOwn);
}

/** What travels to the background: the text with the page's facts and with what belongs to its article. */
export function pageText(facts: PageFacts, reading: Reading, flags: readonly boolean[]): PageText {
  const paragraphs = reading.paragraphs.map(
    ({ kind, text }, index): PageParagraph => ({ kind, text, article: flags[index] ?? false }),
  );
  return { facts, extractor: EXTRACTOR, paragraphs };
}
