/** What speaks for a place where only the quote and its context are known, and how much. */

import type { Survivors, Wanted } from "./survivors.ts";
import type { Lexicon } from "./words.ts";

export interface Evidence {
  /** Share of the quote's weight found, 0 to 1. */
  readonly survival: number;
  /** Share of the weight of the words before it, and of those after it, found near it: 0 to 1. */
  readonly before: number;
  readonly after: number;
  /** Sides of the quote where the neighbouring word is still the neighbour: 0 to 2. */
  readonly held: number;
  readonly words: number;
  /** Weight of the longest stretch of the quote found word after word. */
  readonly stretch: number;
  /** Paragraphs between it and where the quote stood. */
  readonly away: number;
}

/**
 * Weights of a logistic model, fitted to every place tried on the development cases (`bench/anchoring`) and checked
 * on pages left out of the fit. At LEAST and above a place is painted; raising it trades recall for false highlights.
 */
const MODEL = {
  constant: -3.49,
  survival: -0.58,
  context: 1.35,
  bothContexts: 0.97,
  held: 0.35,
  length: -2.09,
  survivalTimesLength: 2.15,
  stretch: 1.72,
  near: 2.54,
};
export const LEAST = -1.7;
/** Places whose scores differ by less are equally good. */
export const EQUAL = 0.1;
/** New words between the quote and a word of its context, at most. */
const REACH = 14;

/** How much speaks for a place, in log odds. */
export function score(evidence: Evidence): number {
  const length = Math.log(1 + evidence.words);
  return (
    MODEL.constant +
    MODEL.survival * evidence.survival +
    MODEL.context * (evidence.before + evidence.after) +
    MODEL.bothContexts * evidence.before * evidence.after +
    (evidence.held === 2 ? MODEL.held : 0) +
    MODEL.length * length +
    MODEL.survivalTimesLength * evidence.survival * length +
    MODEL.stretch * Math.log(0.3 + evidence.stretch) +
    MODEL.near / (1 + evidence.away)
  );
}

/** In: the quote in its context, what survives of it, where each word went, and the distance in paragraphs. */
export function weigh(
  wanted: Wanted,
  found: Survivors,
  to: Int32Array,
  away: number,
  lexicon: Lexicon,
): Evidence {
  const { ids } = wanted.text;
  const share = (from: number, end: number, distance: (there: number) => number): number => {
    let near = 0;
    let all = 0;
    for (let at = from; at < end; at++) {
      const own = lexicon.weight(ids[at] as number);
      const there = to[at] as number;
      all += own;
      if (there >= 0 && distance(there) > 0 && distance(there) <= REACH) near += own;
    }
    return all === 0 ? 0.5 : near / all;
  };
  return {
    survival: found.survival,
    before: share(0, wanted.from, (there) => found.first - there),
    after: share(wanted.to, ids.length, (there) => there - found.last),
    held: found.held,
    words: wanted.to - wanted.from,
    stretch: found.stretch,
    away,
  };
}
