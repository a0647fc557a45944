/** Word alignment: which word of the new text is which word of the old one. */

import type { Budget } from "./budget.ts";
import { type Alike, alikeWords } from "./likeness.ts";
import type { Lexicon } from "./words.ts";

/** For each old word: its new one (or -1), and how much of it survives there (0 to 1, distrust included). */
export interface Pairing {
  readonly to: Int32Array;
  readonly worth: Float32Array;
}

export interface Sides {
  readonly old: Int32Array;
  readonly new: Int32Array;
  /** How much each new word is believed: low where another old paragraph already explains it. */
  readonly trust: Float32Array | null;
  /** What it costs to leave out one new word between two paired ones; a little keeps copies apart. */
  readonly skip: number;
}

/** Larger tables are cut at stretches that stand once on both sides. */
const LARGEST_TABLE = 300_000;
/** What neighbours that stay neighbours add, as a share of the word's own score, and a little for any. */
const NEIGHBOUR = 0.35;
const NEIGHBOUR_BASE = 0.08;

const FROM_ABOVE = 0;
const FROM_LEFT = 1;
const FROM_PAIR = 2;
const RUN = 4;

interface Block {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/** Align two texts word by word; gaps cost nothing, words that stay neighbours gain. Null when the budget is spent. */
export function alignWords(sides: Sides, lexicon: Lexicon, budget: Budget): Pairing | null {
  const pairing = {
    to: new Int32Array(sides.old.length).fill(-1),
    worth: new Float32Array(sides.old.length),
  };
  const whole = { oldFrom: 0, oldTo: sides.old.length, newFrom: 0, newTo: sides.new.length };
  return alignBlock(whole, { sides, lexicon, budget, pairing }, 0) ? pairing : null;
}

interface Work {
  readonly sides: Sides;
  readonly lexicon: Lexicon;
  readonly budget: Budget;
  readonly pairing: Pairing;
}

function alignBlock(block: Block, work: Work, depth: number): boolean {
  const height = block.oldTo - block.oldFrom;
  const width = block.newTo - block.newFrom;
  if (height === 0 || width === 0) return true;
  if (height * width <= LARGEST_TABLE) return alignTable(block, work);
  const inner = trimEnds(block, work);
  if (inner.oldTo - inner.oldFrom !== height) return alignBlock(inner, work, depth);
  if (!work.budget.spend(8 * (height + width))) return false;
  const cuts = depth < 12 ? commonStretches(block, work.sides) : [];
  if (cuts.length === 0) return true;
  let oldFrom = block.oldFrom;
  let newFrom = block.newFrom;
  for (const cut of [...cuts, { old: block.oldTo, new: block.newTo, length: 0 }]) {
    const gap = { oldFrom, oldTo: cut.old, newFrom, newTo: cut.new };
    if (!alignBlock(gap, work, depth + 1)) return false;
    for (let k = 0; k < cut.length; k++) pairUp(cut.old + k, cut.new + k, 1, work);
    oldFrom = cut.old + cut.length;
    newFrom = cut.new + cut.length;
  }
  return true;
}

function pairUp(oldAt: number, newAt: number, like: number, work: Work): void {
  work.pairing.to[oldAt] = newAt;
  work.pairing.worth[oldAt] = like * (work.sides.trust?.[newAt] ?? 1);
}

/** Pair equal words at both ends: exact enough where the texts are long, and linear. */
function trimEnds(block: Block, work: Work): Block {
  const { old, new: fresh } = work.sides;
  let { oldFrom, oldTo, newFrom, newTo } = block;
  while (oldFrom < oldTo && newFrom < newTo && old[oldFrom] === fresh[newFrom])
    pairUp(oldFrom++, newFrom++, 1, work);
  while (oldFrom < oldTo && newFrom < newTo && old[oldTo - 1] === fresh[newTo - 1])
    pairUp(--oldTo, --newTo, 1, work);
  return { oldFrom, oldTo, newFrom, newTo };
}

interface Cut {
  readonly old: number;
  readonly new: number;
  length: number;
}

const STRETCH = 3;

/** Positions of stretches of three words that stand exactly once in ids[from, to). */
function soleStretches(ids: Int32Array, from: number, to: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = from; at + STRETCH <= to; at++) {
    const key =
      Math.imul(Math.imul(ids[at] as number, 31_393) ^ (ids[at + 1] as number), 69_069) ^
      (ids[at + 2] as number);
    found.set(key, found.has(key) ? -1 : at);
  }
  return found;
}

/** Stretches that stand once on each side and keep their order, the longest such chain. */
function commonStretches(block: Block, sides: Sides): Cut[] {
  const here = soleStretches(sides.old, block.oldFrom, block.oldTo);
  const there = soleStretches(sides.new, block.newFrom, block.newTo);
  const pairs: { old: number; new: number }[] = [];
  for (const [key, at] of here) {
    const other = there.get(key);
    if (at < 0 || other === undefined || other < 0) continue;
    const same = [0, 1, 2].every((k) => sides.old[at + k] === sides.new[other + k]);
    if (same) pairs.push({ old: at, new: other });
  }
  pairs.sort((left, right) => left.old - right.old);
  const cuts: Cut[] = [];
  for (const pair of longestChain(pairs)) {
    const last = cuts.at(-1);
    const oldEnd = last ? last.old + last.length : -1;
    const newEnd = last ? last.new + last.length : -1;
    if (last && pair.old <= oldEnd && pair.old - last.old === pair.new - last.new)
      last.length = pair.old - last.old + STRETCH;
    else if (pair.old >= oldEnd && pair.new >= newEnd) cuts.push({ ...pair, length: STRETCH });
  }
  return cuts;
}

/** The longest run of pairs, sorted by `old`, whose `new` rises. */
function longestChain<P extends { new: number }>(pairs: readonly P[]): P[] {
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  for (const [at, pair] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number] as P).new < pair.new) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[at] = tails[low - 1] as number;
    tails[low] = at;
  }
  const chain: P[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] as number) chain.push(pairs[at] as P);
  return chain.reverse();
}

/** The full table: best total of word scores plus neighbour gains. */
function alignTable(block: Block, work: Work): boolean {
  const { sides, lexicon, budget } = work;
  const height = block.oldTo - block.oldFrom;
  const width = block.newTo - block.newFrom;
  const old = sides.old.subarray(block.oldFrom, block.oldTo);
  const fresh = sides.new.subarray(block.newFrom, block.newTo);
  const { alike, steps } = alikeWords(old, fresh, lexicon);
  if (!budget.spend(height * width + steps)) return false;
  const trust = sides.trust?.subarray(block.newFrom, block.newTo) ?? new Float32Array(width).fill(1);
  const choices = fillTable({ old, new: fresh, trust, skip: sides.skip }, alike, lexicon);
  let row = height;
  let column = width;
  let paired = false;
  while (row > 0 && column > 0) {
    const choice = choices[row * (width + 1) + column] as number;
    if (!paired && (choice & 3) === FROM_ABOVE) row--;
    else if (!paired && (choice & 3) === FROM_LEFT) column--;
    else {
      const id = old[row - 1] as number;
      const other = fresh[column - 1] as number;
      const like = id === other ? 1 : (alike.get(id)?.get(other) ?? 0);
      pairUp(block.oldFrom + row - 1, block.newFrom + column - 1, like, work);
      paired = (choice & RUN) !== 0;
      row--;
      column--;
    }
  }
  return true;
}

function fillTable(sides: Sides & { trust: Float32Array }, alike: Alike, lexicon: Lexicon): Uint8Array {
  const { old, new: fresh, trust } = sides;
  const width = fresh.length;
  const choices = new Uint8Array((old.length + 1) * (width + 1));
  let bestAbove = new Float32Array(width + 1);
  let pairAbove = new Float32Array(width + 1).fill(-1);
  let best = new Float32Array(width + 1);
  let pair = new Float32Array(width + 1);
  for (let row = 1; row <= old.length; row++) {
    const id = old[row - 1] as number;
    const weight = lexicon.weight(id);
    const near = alike.get(id);
    const skip = row < old.length ? sides.skip : 0;
    best[0] = 0;
    pair[0] = -1;
    for (let column = 1; column <= width; column++) {
      const other = fresh[column - 1] as number;
      const like = id === other ? 1 : near === undefined ? 0 : (near.get(other) ?? 0);
      let choice = FROM_ABOVE;
      let top = bestAbove[column] as number;
      const left = (best[column - 1] as number) - skip;
      if (left > top) {
        top = left;
        choice = FROM_LEFT;
      }
      if (like > 0) {
        const score = weight * like * (trust[column - 1] as number);
        const fromAny = (bestAbove[column - 1] as number) + score;
        const before = pairAbove[column - 1] as number;
        const fromRun =
          before < 0 ? -1 : before + score * (1 + NEIGHBOUR) + NEIGHBOUR_BASE * (trust[column - 1] as number);
        const reached = Math.max(fromRun, fromAny);
        pair[column] = reached;
        if (fromRun >= fromAny) choice |= RUN;
        if (reached >= top) {
          top = reached;
          choice = (choice & RUN) | FROM_PAIR;
        }
      } else pair[column] = -1;
      best[column] = top;
      choices[row * (width + 1) + column] = choice;
    }
    [bestAbove, best] = [best, bestAbove];
    [pairAbove, pair] = [pair, pairAbove];
  }
  return choices;
}
