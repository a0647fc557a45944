/** The quote of a new or moved highlight: cut out of the page's text here, so that what is stored is what stands there. */

import type { Quote } from "../anchoring/types.ts";
import { RequestFailed } from "../messaging.ts";
import type { DraftTarget, PageQuote, PageText } from "../model.ts";
import { cut, PositionOutside, quoteAt } from "../paragraphs.ts";
import type { AnnotationRow } from "../store/rows.ts";

/** Quotes that travel with the answer to a visit: more are painted a little later. Characters in all. */
const MOST_SOUGHT = 200_000;

/** Throws RequestFailed `toolbar_impossible` where the target does not fit the text or holds no word. */
export function quoteOf({ paragraphs }: PageText, { start, end }: DraftTarget): Quote {
  try {
    if (cut(paragraphs, { start, end }).trim() === "") throw new RequestFailed("toolbar_impossible");
    return quoteAt(paragraphs, { start, end });
  } catch (error) {
    if (error instanceof PositionOutside) throw new RequestFailed("toolbar_impossible", error.message);
    throw error;
  }
}

/** What a page is looked through for before its text is known. */
export function quotesOf(rows: readonly AnnotationRow[]): PageQuote[] {
  const quotes: PageQuote[] = [];
  let size = 0;
  for (const { id, written } of rows) {
    const { quote } = written.target;
    if (quote === null) continue;
    size += quote.exact.length;
    if (size > MOST_SOUGHT) break;
    quotes.push({ id, color: written.color, quote });
  }
  return quotes;
}
