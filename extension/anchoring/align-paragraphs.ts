/** Paragraph alignment: which paragraph of the new page is which of the old one, in order first, then out of order. */

import type { Budget } from "./budget.ts";
import { heaviestChain } from "./chain.ts";
import type { Page } from "./page.ts";
import type { Lexicon } from "./words.ts";

export interface Alignment {
  /** For each old paragraph its new one, or -1; and back. */
  readonly partner: Int32Array;
  readonly owner: Int32Array;
  /** For each old paragraph: its partner stands in the common order. */
  readonly inOrder: Uint8Array;
  /** For each new paragraph: its owner has the very same text. */
  readonly same: Uint8Array;
  /** For old paragraphs: new ones that say nearly all of it, whoever claimed them. */
  readonly rivals: ReadonlyMap<number, readonly number[]>;
  /** New paragraphs without a paragraph of the same text that they alone could be. */
  readonly looseNew: readonly number[];
  /** Which loose new paragraphs contain a term. */
  readonly postings: ReadonlyMap<number, readonly number[]>;
}

interface Edge {
  readonly old: number;
  readonly new: number;
  readonly likeness: number;
  readonly weight: number;
  /** Nearly all of the old paragraph stands in the new one. */
  readonly contained: boolean;
}

const WEAKEST_IN_ORDER = 0.25;
const WEAKEST_MOVED = 0.5;
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
/** Copies of one text: up to this many pairs are all tried, beyond it they are paired by rank from both ends. */
const MOST_TWIN_PAIRS = 36;
const SAMPLE = 20_000;

export function alignParagraphs(old: Page, fresh: Page, lexicon: Lexicon, budget: Budget): Alignment {
  const identical = identicalEdges(old, fresh);
  const looseOld = without(old.length, identical.certainOld);
  const looseNew = without(fresh.length, identical.certainNew);
  learnRarity(old, looseOld, lexicon, budget);
  learnRarity(fresh, looseNew, lexicon, budget);
  const postings = budget.left > 0 ? index(fresh, looseNew) : new Map<number, number[]>();
  const similar = similarEdges({ old, fresh, looseOld, postings, lexicon, budget });
  const edges = favourNeighbours([...identical.edges, ...similar]);
  const result = {
    partner: new Int32Array(old.length).fill(-1),
    owner: new Int32Array(fresh.length).fill(-1),
    inOrder: new Uint8Array(old.length),
    same: new Uint8Array(fresh.length),
    rivals: rivals(edges),
    looseNew,
    postings,
  };
  for (const edge of heaviestChain(edges, fresh.length)) claim(edge, result, true);
  const leftOver = edges.filter((edge) => edge.likeness >= WEAKEST_MOVED);
  leftOver.sort((left, right) => right.weight * right.likeness - left.weight * left.likeness);
  for (const edge of leftOver) {
    if (result.partner[edge.old] === -1 && result.owner[edge.new] === -1) claim(edge, result, false);
  }
  return result;
}

function claim(edge: Edge, result: Alignment, inOrder: boolean): void {
  result.partner[edge.old] = edge.new;
  result.owner[edge.new] = edge.old;
  result.inOrder[edge.old] = inOrder ? 1 : 0;
  result.same[edge.new] = edge.likeness >= 1 ? 1 : 0;
}

function rivals(edges: readonly Edge[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const edge of edges) {
    if (!edge.contained) continue;
    const list = found.get(edge.old);
    if (list === undefined) found.set(edge.old, [edge.new]);
    else list.push(edge.new);
  }
  return found;
}

function without(length: number, taken: ReadonlySet<number>): number[] {
  const left: number[] = [];
  for (let at = 0; at < length; at++) if (!taken.has(at)) left.push(at);
  return left;
}

function places(texts: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [at, text] of texts.entries()) {
    const list = found.get(text);
    if (list === undefined) found.set(text, [at]);
    else list.push(at);
  }
  return found;
}

interface Identical {
  readonly edges: Edge[];
  readonly certainOld: Set<number>;
  readonly certainNew: Set<number>;
}

/** Long paragraphs bind more than short ones, but ten short ones outweigh one. */
function importance(text: string): number {
  return Math.sqrt(Math.min(text.length, 900)) + 0.5;
}

function identicalEdges(old: Page, fresh: Page): Identical {
  const there = places(fresh.texts);
  const edges: Edge[] = [];
  const certainOld = new Set<number>();
  const certainNew = new Set<number>();
  for (const [text, here] of places(old.texts)) {
    const others = there.get(text);
    if (others === undefined) continue;
    const weight = importance(text);
    for (const [from, to] of twinPairs(here, others))
      edges.push({ old: from, new: to, likeness: 1, weight, contained: true });
    if (others.length !== here.length) continue;
    for (const at of here) certainOld.add(at);
    for (const at of others) certainNew.add(at);
  }
  return { edges, certainOld, certainNew };
}

function twinPairs(here: readonly number[], there: readonly number[]): [number, number][] {
  const pairs: [number, number][] = [];
  if (here.length * there.length <= MOST_TWIN_PAIRS) {
    for (const from of here) for (const to of there) pairs.push([from, to]);
    return pairs;
  }
  const shift = there.length - here.length;
  for (const [rank, from] of here.entries()) {
    const other = there[rank];
    if (other !== undefined) pairs.push([from, other]);
    const fromEnd = there[rank + shift];
    if (shift !== 0 && fromEnd !== undefined) pairs.push([from, fromEnd]);
  }
  return pairs;
}

/** Count words in all loose paragraphs, and in a sample of the others so that common words are known as common. */
function learnRarity(page: Page, loose: readonly number[], lexicon: Lexicon, budget: Budget): void {
  const isLoose = new Set(loose);
  let sample = SAMPLE;
  const stride = Math.max(1, Math.floor(page.length / 200));
  for (let at = 0; at < page.length; at++) {
    const size = page.text(at).length;
    if (!isLoose.has(at)) {
      if (at % stride !== 0 || sample <= 0 || size > SAMPLE) continue;
      sample -= size;
    }
    if (!budget.spend(4 * size)) return;
    lexicon.count(page.words(at).ids);
    if (page.termsOf(at) !== page.words(at).ids) lexicon.count(page.termsOf(at));
  }
}

function index(page: Page, paragraphs: readonly number[]): Map<number, number[]> {
  const postings = new Map<number, number[]>();
  for (const paragraph of paragraphs) {
    for (const term of page.termsOf(paragraph)) {
      const list = postings.get(term);
      if (list === undefined) postings.set(term, [paragraph]);
      else if (list[list.length - 1] !== paragraph) list.push(paragraph);
    }
  }
  return postings;
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

function similarEdges(comparison: Comparison): Edge[] {
  const { old, fresh, looseOld, lexicon, budget } = comparison;
  const profiles = new Map<number, Profile>();
  const shared = new Float64Array(fresh.length);
  const edges: Edge[] = [];
  for (const from of looseOld) {
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

/** Between copies of one text, those whose neighbours are neighbours too come first. */
function favourNeighbours(edges: readonly Edge[]): Edge[] {
  const present = new Map<number, Set<number>>();
  for (const edge of edges) {
    const row = present.get(edge.old);
    if (row === undefined) present.set(edge.old, new Set([edge.new]));
    else row.add(edge.new);
  }
  return edges.map((edge) => {
    const before = present.get(edge.old - 1)?.has(edge.new - 1) ? 1 : 0;
    const after = present.get(edge.old + 1)?.has(edge.new + 1) ? 1 : 0;
    return { ...edge, weight: edge.weight * (1 + 0.15 * (before + after)) };
  });
}
