/** What others do with the same quote, its context and its old position. Each searches one text, paragraphs joined. */

import { type Chunk, type Chunker, textQuoteSelectorMatcher } from "@apache-annotator/selector";
import approximateMatches from "approx-string-match";
import { toTextPosition } from "dom-anchor-text-quote";

/** Offsets in UTF-16, half-open; null when nothing is painted. */
export type Found = { readonly start: number; readonly end: number } | null;

export interface Search {
  readonly text: string;
  readonly exact: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Where the quote began in the old text, in UTF-16. */
  readonly hint: number;
}

/** dom-anchor-text-quote 4.0.2. It reads nothing of its root but the text. */
export function domAnchorTextQuote({ text, exact, prefix, suffix, hint }: Search): Found {
  return toTextPosition({ textContent: text }, { exact, prefix, suffix }, { hint });
}

/** @apache-annotator/selector 0.2.0: the quote with its context, character by character; the first match. */
export async function apacheAnnotator({ text, exact, prefix, suffix }: Search): Promise<Found> {
  const only: Chunk<string> = { data: text };
  const chunker: Chunker<Chunk<string>> = {
    currentChunk: only,
    nextChunk: () => null,
    previousChunk: () => null,
    precedesCurrentChunk: () => false,
  };
  const matches = textQuoteSelectorMatcher({ type: "TextQuoteSelector", exact, prefix, suffix })(chunker);
  for await (const match of matches) return { start: match.startIndex, end: match.endIndex };
  return null;
}

/** How the Hypothesis client weighs what speaks for a place, as its published source states. */
const WEIGHTS = { quote: 50, prefix: 20, suffix: 20, position: 2 };
const MOST_ERRORS = 256;

interface Match {
  readonly start: number;
  readonly end: number;
  readonly errors: number;
}

/**
 * The Hypothesis client's quote matching: the library it uses (approx-string-match 2.0.0) with its published settings,
 * written anew. Up to half of the quote's characters may differ; verbatim matches exclude others; quote, context and
 * position are weighed 50 : 20 : 20 : 2, and the best match is taken, however bad.
 */
export function hypothesisClient({ text, exact, prefix, suffix, hint }: Search): Found {
  const score = ({ start, end, errors }: Match): number => {
    const before = likeness(text.slice(Math.max(0, start - prefix.length), start), prefix);
    const after = likeness(text.slice(end, end + suffix.length), suffix);
    const near = 1 - Math.abs(start - hint) / text.length;
    const parts = [
      WEIGHTS.quote * (1 - errors / exact.length),
      WEIGHTS.prefix * (prefix === "" ? 1 : before),
      WEIGHTS.suffix * (suffix === "" ? 1 : after),
      WEIGHTS.position * near,
    ];
    return parts.reduce((sum, part) => sum + part, 0);
  };
  let best: { match: Match; score: number } | null = null;
  for (const match of matches(text, exact, Math.min(MOST_ERRORS, exact.length / 2))) {
    const found = score(match);
    if (best === null || found > best.score) best = { match, score: found };
  }
  return best && { start: best.match.start, end: best.match.end };
}

function matches(text: string, sought: string, mostErrors: number): Match[] {
  const verbatim: Match[] = [];
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1))
    verbatim.push({ start: at, end: at + sought.length, errors: 0 });
  return verbatim.length > 0 ? verbatim : approximateMatches(text, sought, mostErrors);
}

function likeness(text: string, sought: string): number {
  if (text === "" || sought === "") return 0;
  const [first] = matches(text, sought, sought.length);
  return first ? 1 - first.errors / sought.length : 0;
}
