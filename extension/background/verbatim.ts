/**
 * Finds a highlight by its whole paragraphs: where they stand word for word, and once, in the page as it is now, the
 * highlight is at the same offsets. This tells twins apart that have the same words around them, such as a standfirst
 * that repeats the first paragraph. Pure.
 */

import type { PageParagraph } from "../model.ts";
import type { StoredTarget } from "../store/rows.ts";
import type { Placed } from "./readings.ts";

/** `before` is the text that the highlight was made on. Null where its paragraphs are changed, gone, or there twice. */
export function standsVerbatim(
  { start, end, quote }: StoredTarget,
  before: readonly PageParagraph[],
  now: readonly PageParagraph[],
): Placed | null {
  if (start === null || end === null || quote === null) return null;
  const old = before.slice(start.paragraph, end.paragraph + 1).map(({ text }) => text);
  const found = old.length === 0 || old.length > LONGEST_RUN ? [] : placesOfRun(old, now);
  const [first] = found;
  if (first === undefined || found.length > 1) return null;
  const last = first + old.length - 1;
  const stays =
    neighbour(before, start.paragraph, -1) === neighbour(now, first, -1) ||
    neighbour(before, end.paragraph, 1) === neighbour(now, last, 1);
  return {
    state: stays ? "exact" : "moved",
    start: { ...start, paragraph: first },
    end: { ...end, paragraph: last },
    text: quote.exact,
  };
}

/** Highlights over more paragraphs than this are left to their quote: a hostile page could make the search long. */
const LONGEST_RUN = 50;

function placesOfRun(run: readonly string[], paragraphs: readonly PageParagraph[]): number[] {
  const found: number[] = [];
  for (let index = 0; index + run.length <= paragraphs.length; index++) {
    if (run.every((text, offset) => paragraphs[index + offset]?.text === text)) found.push(index);
  }
  return found;
}

/** The next paragraph of the article on one side; advertisements in between come and go. "" at the article's end. */
function neighbour(paragraphs: readonly PageParagraph[], from: number, step: 1 | -1): string {
  for (let index = from + step; index >= 0 && index < paragraphs.length; index += step) {
    const paragraph = paragraphs[index];
    if (paragraph?.article) return paragraph.text;
  }
  return "";
}
