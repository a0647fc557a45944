/** Which paragraphs of two versions are alike, by the rarer words they share. */

import { type Budget, STRIDE, type Steps } from "./budget.ts";
import type { Page } from "./page.ts";
import type { Lexicon } from "./words.ts";

/** Likeness from which two paragraphs may be the same one. */
const WEAKEST_IN_ORDER = 0.25;
const NEARLY_SAME = 0.75;
const CONTAINED = 0.95;
/** Mass from which a paragraph says enough to be found inside a longer one. */
const INFORMATIVE = 2.5;
const PARTNERS_TRIED = 6;
/** New paragraphs that one old one is compared with in full, and entries of the index read to find them. */
const PARTNERS_COMPARED = 8;
const MOST_READ = 600;
/** A term that stands in more paragraphs than this finds nothing. */
const LONGEST_POSTING = 150;

export interface Edge {
  readonly old: number;
  readonly new: number;
  readonly likeness: number;
  readonly weight: number;
  /** Nearly all of the old paragraph stands in the new one. */
  readonly contained: boolean;
}

/** Long paragraphs bind more than short ones, but ten short ones outweigh one. */
export function importance(text: string): number {
  return Math.sqrt(Math.min(text.length, 900)) + 0.5;
}

interface Comparison {
  readonly old: Page;
  readonly fresh: Page;
  readonly looseOld: readonly number[];
  readonly postings: ReadonlyMap<number, readonly number[]>;
  readonly lexicon: Lexicon;
  readonly budget: Budget;
}

/** The different terms of a paragraph and their weight in all. */
interface Profile {
  readonly terms: ReadonlySet<number>;
  readonly mass: number;
}

function profileOf(page: Page, paragraph: number, lexicon: Lexicon): Profile {
  const terms = new Set(page.termsOf(paragraph));
  let mass = 0;
  for (const term of terms) mass += lexicon.weight(term);
  return { terms, mass };
}

export function* similarEdges(comparison: Comparison): Steps<Edge[]> {
  const { old, fresh, looseOld, lexicon, budget } = comparison;
  const profiles = new Map<number, Profile>();
  const shared = new Float64Array(fresh.length);
  const edges: Edge[] = [];
  for (const [rank, from] of looseOld.entries()) {
    if (rank % STRIDE === 0) yield;
    const own = profileOf(old, from, lexicon);
    const ranked: Edge[] = [];
    for (const to of sharers(own, comparison, shared)) {
      const other = profiles.get(to) ?? profileOf(fresh, to, lexicon);
      profiles.set(to, other);
      if (!budget.spend(2 * own.terms.size)) return edges;
      const edge = edgeBetween(own, other, lexicon);
      if (edge.likeness < WEAKEST_IN_ORDER || old.text(from) === fresh.text(to)) continue;
      const weight = edge.likeness ** 2 * Math.min(importance(old.text(from)), importance(fresh.text(to)));
      ranked.push({ old: from, new: to, weight, ...edge });
    }
    ranked.sort((left, right) => right.likeness - left.likeness || left.new - right.new);
    edges.push(...ranked.slice(0, PARTNERS_TRIED));
  }
  return edges;
}

/** Loose new paragraphs that share the rarest terms, most first. `shared` is all zero, before and after. */
function sharers(own: Profile, { postings, lexicon, budget }: Comparison, shared: Float64Array): number[] {
  const lists: (readonly number[])[] = [];
  const weights = new Map<readonly number[], number>();
  for (const term of own.terms) {
    const list = postings.get(term);
    if (list === undefined || list.length > LONGEST_POSTING) continue;
    lists.push(list);
    weights.set(list, lexicon.weight(term));
  }
  lists.sort((left, right) => left.length - right.length);
  const touched: number[] = [];
  let read = 0;
  for (const list of lists) {
    read += list.length;
    if (read > MOST_READ && touched.length > 0) break;
    const weight = weights.get(list) as number;
    for (const to of list) {
      if (shared[to] === 0) touched.push(to);
      shared[to] = (shared[to] as number) + weight;
    }
  }
  const best = strongest(touched, shared);
  for (const to of touched) shared[to] = 0;
  return budget.spend(4 * own.terms.size + 2 * Math.min(read, MOST_READ)) ? best : [];
}

/** The few with the highest scores, best first. */
function strongest(among: readonly number[], scores: Float64Array): number[] {
  const best: number[] = [];
  const before = (one: number, other: number): boolean =>
    (scores[one] as number) > (scores[other] as number) || (scores[one] === scores[other] && one < other);
  for (const candidate of among) {
    const last = best[best.length - 1];
    if (best.length === PARTNERS_COMPARED && last !== undefined && !before(candidate, last)) continue;
    let at = best.length;
    while (at > 0 && before(candidate, best[at - 1] as number)) at--;
    best.splice(at, 0, candidate);
    if (best.length > PARTNERS_COMPARED) best.pop();
  }
  return best;
}

function edgeBetween(
  own: Profile,
  other: Profile,
  lexicon: Lexicon,
): { likeness: number; contained: boolean } {
  let both = 0;
  for (const term of own.terms) if (other.terms.has(term)) both += lexicon.weight(term);
  const likeness = 0.999 * paragraphLikeness(both, own.mass, other.mass);
  const contained = likeness >= NEARLY_SAME || (own.mass >= INFORMATIVE && both >= CONTAINED * own.mass);
  return { likeness, contained };
}

/** Shared mass over the mean; a paragraph that swallowed another, or was cut from it, counts three quarters. */
function paragraphLikeness(both: number, own: number, other: number): number {
  const smaller = Math.min(own, other);
  if (smaller === 0) return 0;
  const contained = smaller >= INFORMATIVE ? (0.75 * both) / smaller : 0;
  return Math.max((2 * both) / (own + other), contained);
}
