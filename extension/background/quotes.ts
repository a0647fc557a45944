/** The quote of a new or moved highlight: cut out of the page's text here, so that what is stored is what stands there. */

import type { Quote } from "../anchoring/types.ts";
import { RequestFailed } from "../messaging.ts";
import type { DraftTarget, PageText } from "../model.ts";
import { cut, PositionOutside, quoteAt } from "../paragraphs.ts";

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
