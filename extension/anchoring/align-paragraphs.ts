/** Paragraph alignment: which paragraph of the new page is which of the old one, in order first, then out of order. */

import { type Budget, STRIDE, type Steps } from "./budget.ts";
import { heaviestChain } from "./chain.ts";
import type { Page } from "./page.ts";
import { type Edge, importance, similarEdges } from "./similar-paragraphs.ts";
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
  /** For new paragraphs: old ones that are like them, and how much. */
  readonly claimants: ReadonlyMap<number, readonly { readonly old: number; readonly likeness: number }[]>;
  /** New paragraphs without a paragraph of the same text that they alone could be. */
  readonly looseNew: readonly number[];
  /** Which loose new paragraphs contain a term. */
  readonly postings: ReadonlyMap<number, readonly number[]>;
}

const WEAKEST_MOVED = 0.5;
/** Copies of one text: up to this many pairs are all tried, beyond it they are paired by rank from both ends. */
const MOST_TWIN_PAIRS = 36;
const SAMPLE = 20_000;

export function* alignParagraphs(old: Page, fresh: Page, lexicon: Lexicon, budget: Budget): Steps<Alignment> {
  const identical = identicalEdges(old, fresh);
  yield;
  const looseOld = without(old.length, identical.certainOld);
  const looseNew = without(fresh.length, identical.certainNew);
  yield* learnRarity(old, looseOld, lexicon, budget);
  yield* learnRarity(fresh, looseNew, lexicon, budget);
  const postings = budget.left > 0 ? yield* index(fresh, looseNew) : new Map<number, number[]>();
  const similar = yield* similarEdges({ old, fresh, looseOld, postings, lexicon, budget });
  const edges = favourNeighbours([...identical.edges, ...similar]);
  yield;
  const result = {
    partner: new Int32Array(old.length).fill(-1),
    owner: new Int32Array(fresh.length).fill(-1),
    inOrder: new Uint8Array(old.length),
    same: new Uint8Array(fresh.length),
    rivals: rivals(edges),
    claimants: claimants(edges),
    looseNew,
    postings,
  };
  yield;
  for (const edge of heaviestChain(edges, fresh.length)) claim(edge, result, true);
  yield;
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

function claimants(edges: readonly Edge[]): Map<number, Edge[]> {
  const found = new Map<number, Edge[]>();
  for (const edge of edges) {
    const list = found.get(edge.new);
    if (list === undefined) found.set(edge.new, [edge]);
    else list.push(edge);
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
function* learnRarity(page: Page, loose: readonly number[], lexicon: Lexicon, budget: Budget): Steps<void> {
  const isLoose = new Set(loose);
  let sample = SAMPLE;
  const stride = Math.max(1, Math.floor(page.length / 200));
  for (let at = 0; at < page.length; at++) {
    if (at % STRIDE === 0) yield;
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

function* index(page: Page, paragraphs: readonly number[]): Steps<Map<number, number[]>> {
  const postings = new Map<number, number[]>();
  for (const [rank, paragraph] of paragraphs.entries()) {
    if (rank % STRIDE === 0) yield;
    for (const term of page.termsOf(paragraph)) {
      const list = postings.get(term);
      if (list === undefined) postings.set(term, [paragraph]);
      else if (list[list.length - 1] !== paragraph) list.push(paragraph);
    }
  }
  return postings;
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
