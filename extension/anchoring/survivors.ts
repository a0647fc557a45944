/** From aligned words to the span that survives: its weight, its edges, and the words that replaced others there. */

import type { Pairing } from "./align-words.ts";
import type { Passage } from "./passage.ts";
import type { Lexicon } from "./words.ts";

/** Words that came between two surviving ones cost this much each, so that a stray word far away is left out. */
const COST_OF_DISTANCE = 0.09;
/** Where both ends of the quote still touch what stood beside them, something was put in between. */
const COST_BETWEEN_HELD_ENDS = 0.01;
/** Replacing words at an edge: at most this many for each replaced one. */
const REPLACED_TIMES = 1.3;

/** What every word counts, however common, beside what it counts for being rare. */
const FLAT = 0.3;

export interface Wanted {
  readonly text: Passage;
  /** The quote's words in it, half-open. */
  readonly from: number;
  readonly to: number;
}

/** What survives, as positions in the new passage, inclusive. */
export interface Survivors {
  readonly first: number;
  readonly last: number;
  /** Old words that `first` and `last` are; not those of the quote's own edges when these were replaced. */
  readonly oldFirst: number;
  readonly oldLast: number;
  /** Share of the quote's weight that is found, 0 to 1. */
  readonly survival: number;
  /** Words of the quote found. */
  readonly found: number;
  /** Weight of the longest stretch found word after word. */
  readonly stretch: number;
  /** Neighbours of the quote found right beside it: 0 to 2. */
  readonly held: number;
}

/** In: the quote in the old passage and where each old word went. Out: null when nothing of it is found. */
export function survivors(
  wanted: Wanted,
  pairing: Pairing,
  fresh: Passage,
  lexicon: Lexicon,
): Survivors | null {
  const { from, to } = wanted;
  let whole = 0;
  for (let at = from; at < to; at++) whole += worthOf(wanted, at, lexicon);
  const far = endsHeld(wanted, pairing, fresh) ? COST_BETWEEN_HELD_ENDS : COST_OF_DISTANCE;
  const core = heaviestRun(wanted, pairing, lexicon, far);
  if (core === null || whole === 0) return null;
  const first = pairing.to[core.first] as number;
  const last = pairing.to[core.last] as number;
  const widened = widen(wanted, pairing, fresh, core);
  return {
    first: Math.min(first, widened.first),
    last: Math.max(last, widened.last),
    oldFirst: core.first,
    oldLast: core.last,
    survival: core.weight / whole,
    found: core.found,
    stretch: longestStretch(wanted, pairing, core, lexicon),
    held: heldNeighbours(wanted, pairing, core),
  };
}

interface Run {
  readonly first: number;
  readonly last: number;
  readonly weight: number;
  readonly found: number;
}

/** A word's share in what survives: rare words more, but common ones too, since a short quote may have no others. */
function worthOf(wanted: Wanted, at: number, lexicon: Lexicon): number {
  return FLAT + lexicon.weight(wanted.text.ids[at] as number);
}

/** The heaviest run of surviving quote words, where distance between them costs. */
function heaviestRun(wanted: Wanted, pairing: Pairing, lexicon: Lexicon, far: number): Run | null {
  let best: (Run & { score: number }) | null = null;
  let run: (Run & { score: number }) | null = null;
  for (let at = wanted.from; at < wanted.to; at++) {
    const there = pairing.to[at] as number;
    if (there < 0) continue;
    const gain = worthOf(wanted, at, lexicon) * (pairing.worth[at] as number);
    const gap = run === null ? 0 : there - (pairing.to[run.last] as number) - 1;
    const carried: number = run === null ? 0 : run.score - far * gap;
    run =
      run !== null && carried > 0
        ? {
            first: run.first,
            last: at,
            weight: run.weight + gain,
            found: run.found + 1,
            score: carried + gain,
          }
        : { first: at, last: at, weight: gain, found: 1, score: gain };
    if (best === null || run.score > best.score) best = run;
  }
  return best;
}

function longestStretch(wanted: Wanted, pairing: Pairing, core: Run, lexicon: Lexicon): number {
  let longest = 0;
  let current = 0;
  let last = -2;
  for (let at = core.first; at <= core.last; at++) {
    const there = pairing.to[at] as number;
    if (there !== last + 1) current = 0;
    if (there >= 0) current += lexicon.weight(wanted.text.ids[at] as number) * (pairing.worth[at] as number);
    last = there >= 0 ? there : -2;
    longest = Math.max(longest, current);
  }
  return longest;
}

function endsHeld(wanted: Wanted, pairing: Pairing, fresh: Passage): boolean {
  const { from, to } = wanted;
  const first = pairing.to[from] as number;
  const last = pairing.to[to - 1] as number;
  if (first < 0 || last < 0) return false;
  return (
    touches(
      first,
      from > 0 ? (pairing.to[from - 1] as number) : -1,
      leftBorder(wanted, pairing, fresh, first),
      -1,
    ) &&
    touches(
      last,
      to < pairing.to.length ? (pairing.to[to] as number) : -1,
      rightBorder(wanted, pairing, fresh, last),
      1,
    )
  );
}

function touches(edge: number, neighbour: number, border: number, step: -1 | 1): boolean {
  return neighbour === edge + step || border === edge + step;
}

function heldNeighbours(wanted: Wanted, pairing: Pairing, core: Run): number {
  let held = 0;
  const before = wanted.from - 1;
  const after = wanted.to;
  const first = pairing.to[core.first] as number;
  const last = pairing.to[core.last] as number;
  if (
    before >= 0 &&
    (pairing.to[before] as number) >= 0 &&
    first - (pairing.to[before] as number) <= core.first - before + 1
  )
    held++;
  if (
    after < pairing.to.length &&
    (pairing.to[after] as number) >= 0 &&
    (pairing.to[after] as number) - last <= after - core.last + 1
  )
    held++;
  return held;
}

/** Take in the new words that stand where the quote's own edge words stood. */
function widen(wanted: Wanted, pairing: Pairing, fresh: Passage, core: Run): { first: number; last: number } {
  let first = pairing.to[core.first] as number;
  let last = pairing.to[core.last] as number;
  const lostBefore = core.first - wanted.from;
  const lostAfter = wanted.to - 1 - core.last;
  if (lostBefore > 0) {
    const room = first - leftBorder(wanted, pairing, fresh, first) - 1;
    if (room <= REPLACED_TIMES * lostBefore) first -= room;
  }
  if (lostAfter > 0) {
    const room = rightBorder(wanted, pairing, fresh, last) - last - 1;
    if (room <= REPLACED_TIMES * lostAfter) last += room;
  }
  return { first, last };
}

/** The new position of the old word right before the quote, or the paragraph's start if the quote started one. */
function leftBorder(wanted: Wanted, pairing: Pairing, fresh: Passage, first: number): number {
  const before = wanted.from - 1;
  const { paragraphs } = wanted.text;
  if (before >= 0 && paragraphs[before] === paragraphs[wanted.from]) {
    const there = pairing.to[before] as number;
    return there >= 0 && there < first ? there : Number.NEGATIVE_INFINITY;
  }
  let at = first - 1;
  while (at >= 0 && fresh.paragraphs[at] === fresh.paragraphs[first]) at--;
  return at;
}

function rightBorder(wanted: Wanted, pairing: Pairing, fresh: Passage, last: number): number {
  const { paragraphs } = wanted.text;
  if (wanted.to < paragraphs.length && paragraphs[wanted.to] === paragraphs[wanted.to - 1]) {
    const there = pairing.to[wanted.to] as number;
    return there > last ? there : Number.POSITIVE_INFINITY;
  }
  let at = last + 1;
  while (at < fresh.ids.length && fresh.paragraphs[at] === fresh.paragraphs[last]) at++;
  return at;
}
