/** What counts as the same words: typography and white space aside, nothing else. */

import { Sought } from "./copies.ts";
import type { Quote } from "./types.ts";

/**
 * Whether every word of two quotes is the same, also those that their edges cut: "5 %" is not the "5 %" of "1.5 %".
 * Typography is folded as in placing; an accent is the same letter however it is encoded.
 */
export function sameWording(left: Quote, right: Quote): boolean {
  if (left.exact === right.exact && left.prefix === right.prefix && left.suffix === right.suffix) return true;
  const here = new Sought(composed(left));
  const there = new Sought(composed(right));
  if (here.words.length !== there.words.length) return false;
  if (here.words.some((point, at) => point !== there.words[at])) return false;
  const before = !here.knowsBefore || !there.knowsBefore || here.cutBefore === there.cutBefore;
  const after = !here.knowsAfter || !there.knowsAfter || here.cutAfter === there.cutAfter;
  return before && after;
}

function composed({ exact, prefix, suffix }: Quote): Quote {
  return { exact: exact.normalize("NFC"), prefix: prefix.normalize("NFC"), suffix: suffix.normalize("NFC") };
}
