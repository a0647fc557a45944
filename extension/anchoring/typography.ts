/** What counts as the same words: typography and white space aside, nothing else. */

const PAIRS: readonly [RegExp, string][] = [
  [/[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\u0640]/gu, ""],
  [/[‘’‚‛′ʼ＇`´]/gu, "'"],
  [/[“”„‟″«»＂]|''/gu, '"'],
  [/[‐‑‒–—―−－]/gu, "-"],
  [/…/gu, "..."],
  [/\s+/gu, " "],
];

/** A text with one spelling for each quotation mark, dash, space, ligature and way to write an accent. Case is kept. */
export function foldTypography(text: string): string {
  let folded = text.normalize("NFC").replace(/[ﬀ-ﬆ]/gu, (ligature) => ligature.normalize("NFKC"));
  for (const [from, to] of PAIRS) folded = folded.replace(from, to);
  return folded.trim();
}

/** Every word is the same. */
export function sameWords(left: string, right: string): boolean {
  return left === right || foldTypography(left) === foldTypography(right);
}
