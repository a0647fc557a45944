/** A quote with its context, as a small page of its own. */

import { Page, type PlaceSpan } from "./page.ts";
import { passage, wordsWithin } from "./passage.ts";
import type { Wanted } from "./survivors.ts";
import { CONTEXT_LENGTH, PARAGRAPH_BREAK, type Quote } from "./types.ts";
import type { Lexicon } from "./words.ts";

export interface Asked {
  readonly old: Page;
  /** The quote in that page. */
  readonly span: PlaceSpan;
  readonly wanted: Wanted;
  /** The paragraph it stood in, in the page it comes from. */
  readonly hint: number;
}

/** Words that the context's outer ends cut in two are left out. */
export function ask(quote: Quote, hint: number, lexicon: Lexicon): Asked {
  const before = cutStart(quote.prefix);
  const after = cutEnd(quote.suffix);
  const paragraphs = `${before}${quote.exact}${after}`.split(PARAGRAPH_BREAK);
  const old = new Page(
    paragraphs.map((text) => ({ kind: "p", text })),
    lexicon,
  );
  const end = before.length + quote.exact.length;
  const span = { start: placeAt(old, before.length, false), end: placeAt(old, end, true) };
  const text = passage(
    old,
    paragraphs.map((_, at) => at),
  );
  return { old, span, wanted: { text, ...wordsWithin(text, span.start, span.end) }, hint };
}

/** A prefix that was cut to length starts inside a word. */
function cutStart(prefix: string): string {
  return prefix.length < CONTEXT_LENGTH ? prefix : prefix.replace(/^\S*\s(?=.)/u, "");
}

function cutEnd(suffix: string): string {
  return suffix.length < CONTEXT_LENGTH ? suffix : suffix.replace(/(?<=.)\s\S*$/u, "");
}

/** A place by its offset in the joined text; an end belongs to the paragraph it closes. */
function placeAt(page: Page, offset: number, isEnd: boolean): PlaceSpan["start"] {
  let start = 0;
  for (let paragraph = 0; paragraph < page.length; paragraph++) {
    const end = start + page.text(paragraph).length;
    if (offset < end || (isEnd && offset === end)) return { paragraph, at: Math.max(0, offset - start) };
    start = end + PARAGRAPH_BREAK.length;
  }
  return { paragraph: page.length - 1, at: page.text(page.length - 1).length };
}
