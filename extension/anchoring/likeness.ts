/** How alike two different words are: a fixed typo or another ending still counts, another number never does. */

import type { Lexicon } from "./words.ts";

const SLIP = 0.8;
const TWO_SLIPS = 0.65;
const ENDING = 0.6;
const SHORTEST = 4;
const DIGIT = /\p{N}/u;

/** Edits between two short strings, a swap of neighbours counted once; anything above `limit` is `limit + 1`. */
function edits(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let above: number[] = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const row: number[] = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      let best = Math.min(
        (above[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (above[j - 1] as number) + same,
      );
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        best = Math.min(best, (before[j - 2] as number) + 1);
      row.push(best);
      least = Math.min(least, best);
    }
    if (least > limit) return limit + 1;
    before = above;
    above = row;
  }
  return above[right.length] as number;
}

/** In: two folded words. Out: 1 for the same word, 0 for another one, between for a slip or another ending. */
export function likeness(left: string, right: string): number {
  if (left === right) return 1;
  const short = Math.min(left.length, right.length);
  const long = Math.max(left.length, right.length);
  if (short < SHORTEST || long > 40 || long > 2 * short) return 0;
  let head = 0;
  while (head < short && left[head] === right[head]) head++;
  let tail = 0;
  while (tail < short - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail++;
  if (head + tail < short - 4 && head < 4) return 0;
  if (DIGIT.test(left) || DIGIT.test(right)) return 0;
  const limit = short >= 7 ? 2 : 1;
  const slips = edits(left.slice(head, left.length - tail), right.slice(head, right.length - tail), limit);
  if (slips === 1) return SLIP;
  if (slips === 2 && limit === 2) return TWO_SLIPS;
  return head >= 4 && head >= 0.6 * long ? ENDING : 0;
}

/** For each word of one side that the other side lacks, the words there that are like it. */
export type Alike = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** Steps to compare two words. */
const TO_COMPARE = 12;
const MOST_COMPARISONS = 30_000;

/** Pairs of like words between two texts, and the steps it took. Above a bound only identical words count. */
export function alikeWords(
  left: Int32Array,
  right: Int32Array,
  lexicon: Lexicon,
): { alike: Alike; steps: number } {
  const inLeft = new Set(left);
  const inRight = new Set(right);
  const spelling = (id: number): string => lexicon.spellings[id] as string;
  const there = new Map<string, number[]>();
  for (const id of inRight) {
    if (inLeft.has(id) || spelling(id).length < SHORTEST) continue;
    for (const key of keysOf(spelling(id))) there.set(key, [...(there.get(key) ?? []), id]);
  }
  const alike = new Map<number, Map<number, number>>();
  let compared = 0;
  for (const id of inLeft) {
    if (inRight.has(id) || spelling(id).length < SHORTEST || compared > MOST_COMPARISONS) continue;
    const row = new Map<number, number>();
    for (const key of keysOf(spelling(id))) {
      const others = there.get(key) ?? [];
      compared += others.length;
      for (const other of others) {
        const score = likeness(spelling(id), spelling(other));
        if (score > 0) row.set(other, score);
      }
    }
    if (row.size > 0) alike.set(id, row);
  }
  return { alike, steps: TO_COMPARE * compared + 4 * (left.length + right.length) };
}

/** Words that share neither their first two letters nor their last two are not compared. */
function keysOf(word: string): string[] {
  return [`${word.slice(0, 2)}-`, `-${word.slice(-2)}`];
}
