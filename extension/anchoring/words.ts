/** Text as numbered words: the same folded word has the same number in both versions of a page. */

import { ALONE, BREAK, classAt, foldWord, LETTER, SILENT } from "./characters.ts";

/** The words of one text; `starts` and `ends` are UTF-16 offsets, half-open. */
export interface Words {
  readonly ids: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Words per unit when rarity is counted: about a paragraph, so that one giant paragraph still tells rare from common. */
const UNIT = 40;

/** Numbers words and knows how rare each is. One lexicon serves one call of the engine. */
export class Lexicon {
  readonly spellings: string[] = [];
  private readonly byRaw = new Map<string, number>();
  private readonly byFolded = new Map<string, number>();
  private readonly counts: number[] = [];
  private readonly lastUnit: number[] = [];
  private units = 0;
  private weights: (number | undefined)[] = [];

  number(raw: string): number {
    const known = this.byRaw.get(raw);
    if (known !== undefined) return known;
    const folded = foldWord(raw);
    let id = this.byFolded.get(folded);
    if (id === undefined) {
      id = this.spellings.length;
      this.byFolded.set(folded, id);
      this.spellings.push(folded);
      this.counts.push(0);
      this.lastUnit.push(-1);
    }
    this.byRaw.set(raw, id);
    return id;
  }

  /** Count in which units the words stand. */
  count(ids: Int32Array): void {
    this.weights = [];
    for (let at = 0; at < ids.length; at++) {
      if (at % UNIT === 0) this.units++;
      const id = ids[at] as number;
      if (this.lastUnit[id] === this.units) continue;
      this.lastUnit[id] = this.units;
      this.counts[id] = (this.counts[id] as number) + 1;
    }
  }

  /** How much it tells to find this word: from about 0.1 for one that stands everywhere to 1 for one that stands once. */
  weight(id: number): number {
    const known = this.weights[id];
    if (known !== undefined) return known;
    const weight = this.weigh(id);
    this.weights[id] = weight;
    return weight;
  }

  private weigh(id: number): number {
    const spelling = this.spellings[id] as string;
    const rare = Math.log((this.units + 2) / ((this.counts[id] as number) + 1)) / Math.log(this.units + 2);
    const long = spelling.length >= 4 ? 1 : spelling.length >= 3 ? 0.8 : 0.6;
    return Math.max(0.1, rare) * (spelling.charCodeAt(0) > 0x2e7f ? 0.6 : long);
  }
}

/** Split a text into words. Out: numbers and UTF-16 offsets. Characters of scripts without spaces are words of their own. */
export function words(text: string, lexicon: Lexicon, from = 0, to = text.length): Words {
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const push = (start: number, end: number): void => {
    ids.push(lexicon.number(text.slice(start, end)));
    starts.push(start);
    ends.push(end);
  };
  let start = -1;
  let end = -1;
  for (let at = from; at < to; at++) {
    const kind = classAt(text, at);
    if (kind === LETTER) {
      if (start < 0) start = at;
      end = at + 1;
      continue;
    }
    if (kind === SILENT) continue;
    if (start >= 0) push(start, end);
    start = -1;
    if (kind === BREAK) continue;
    const size = text.charCodeAt(at) >= 0xd800 && text.charCodeAt(at) <= 0xdbff ? 2 : 1;
    if (kind === ALONE) push(at, Math.min(to, at + size));
    at += size - 1;
  }
  if (start >= 0) push(start, end);
  return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}
