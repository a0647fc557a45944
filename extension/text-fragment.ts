/**
 * The address of a passage on a page, after the WICG's draft "Text Fragments": browsers scroll to it and mark it,
 * without any extension. Pure.
 */

import type { Quote } from "./anchoring/types.ts";

/** Characters; a longer passage, or one of several blocks, is named by how it begins and ends. */
const LONGEST_WHOLE = 200;
/** Words at each end of such a passage. */
const EDGE = 5;
/** Characters; a shorter passage may stand in several places, and takes words from before and after it along. */
const SHORT = 40;
const CONTEXT = 3;

/** `url` with the fragment that leads to the quote; `url` alone where there is nothing to quote. */
export function passageAddress(url: string, quote: Quote | null): string {
  const words = wordsOf(quote?.exact ?? "");
  if (quote === null || words.length === 0) return url;
  const whole = words.join(" ");
  const oneBlock = !/\n\s*\n/.test(quote.exact.trim());
  const text =
    (oneBlock && whole.length <= LONGEST_WHOLE) || words.length <= EDGE
      ? encoded(whole)
      : `${encoded(words.slice(0, EDGE).join(" "))},${encoded(words.slice(-EDGE).join(" "))}`;
  const before = whole.length < SHORT ? wordsOf(quote.prefix).slice(-CONTEXT).join(" ") : "";
  const after = whole.length < SHORT ? wordsOf(quote.suffix).slice(0, CONTEXT).join(" ") : "";
  const prefix = before === "" ? "" : `${encoded(before)}-,`;
  const suffix = after === "" ? "" : `,-${encoded(after)}`;
  return `${url}${url.includes("#") ? "" : "#"}:~:text=${prefix}${text}${suffix}`;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter(Boolean);
}

/** A dash would be read as the mark of a prefix or suffix. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll("-", "%2D");
}
