/** Re-anchoring from the quote and its context alone, where the old paragraphs are not known. It abstains more. */

import { alignWords, type Pairing } from "./align-words.ts";
import { type Asked, ask } from "./asked.ts";
import { type Budget, STRIDE, type Steps } from "./budget.ts";
import { spanOf } from "./edges.ts";
import { EQUAL, LEAST, score, weigh } from "./evidence.ts";
import type { Page, PlaceSpan } from "./page.ts";
import { type Passage, part, passage } from "./passage.ts";
import { survivors } from "./survivors.ts";
import type { Quote } from "./types.ts";
import { GONE, TWINS, UNREAD, type Verdict } from "./verdict.ts";
import type { Lexicon } from "./words.ts";

/** Words to a unit of the index. */
const UNIT = 48;
/** Units looked at for one quote. */
const UNITS_TRIED = 6;
/** A term in more units than this finds nothing. */
const LONGEST_POSTING = 600;
/** Costs of a new word left out between paired ones: keeps a quote from being stretched over two copies of itself. */
const SKIP = 0.03;
/** Verbatim copies looked at, and words beside them where context is looked for. */
const COPIES_TRIED = 60;
const CONTEXT_WORDS = 16;
/** Steps to index one word. */
const TO_INDEX = 12;

type Postings = Map<number, number[]>;

interface Candidate {
  readonly span: PlaceSpan;
  readonly survival: number;
  readonly inPlace: boolean;
  readonly score: number;
}

export class UnknownPage {
  private readonly fresh: Page;
  private readonly lexicon: Lexicon;
  private readonly budget: Budget;
  private readonly text: Passage;
  private readonly byTerm: Postings = new Map();
  private readonly byWord: Postings = new Map();

  /** Files the page's words, which on long ones takes a while. */
  static *prepare(fresh: Page, lexicon: Lexicon, budget: Budget): Steps<UnknownPage> {
    for (let at = 0; at < fresh.length; at++) {
      fresh.words(at);
      if (at % STRIDE === 0) yield;
    }
    const page = new UnknownPage(fresh, lexicon, budget);
    if (!budget.spend(TO_INDEX * page.text.ids.length)) return page;
    const terms = new Int32Array(page.text.ids.length);
    let length = 0;
    for (let at = 0; at < fresh.length; at++) {
      const { ids } = fresh.words(at);
      const own = fresh.termsOf(at);
      lexicon.count(ids);
      if (own !== ids) lexicon.count(own);
      terms.set(own, length);
      length += own.length;
      if (at % STRIDE === 0) yield;
    }
    file(terms, page.byTerm);
    yield;
    file(page.text.ids, page.byWord);
    return page;
  }

  private constructor(fresh: Page, lexicon: Lexicon, budget: Budget) {
    this.fresh = fresh;
    this.lexicon = lexicon;
    this.budget = budget;
    const all = Array.from({ length: fresh.length }, (_, at) => at);
    this.text = passage(fresh, all);
  }

  /** Where the quote may stand; `hint` is the paragraph it stood in. */
  find(quote: Quote, hint: number): Verdict {
    const asked = ask(quote, hint, this.lexicon);
    if (asked.wanted.from === asked.wanted.to) return UNREAD;
    const found: Candidate[] = this.copies(asked).map((at) => this.atCopy(at, asked));
    for (const unit of this.units(asked)) {
      const candidate = this.atUnit(unit, asked);
      if (candidate && !found.some((other) => overlap(other.span, candidate.span))) found.push(candidate);
    }
    found.sort((left, right) => right.score - left.score);
    const [best, second] = found;
    if (best === undefined || best.score < LEAST) return GONE;
    if (second !== undefined && second.score > best.score - EQUAL) return TWINS;
    return { found: best };
  }

  /** Units where many of the rarer words stand together, best first. */
  private units({ old }: Asked): number[] {
    const votes = new Map<number, number>();
    const terms = new Set<number>();
    for (let at = 0; at < old.length; at++) for (const term of old.termsOf(at)) terms.add(term);
    for (const term of terms) {
      const list = this.byTerm.get(term);
      if (list === undefined || list.length > LONGEST_POSTING || !this.budget.spend(6 * list.length))
        continue;
      const weight = this.lexicon.weight(term);
      for (const unit of list) votes.set(unit, (votes.get(unit) ?? 0) + weight);
    }
    const beside = (unit: number): number => Math.max(votes.get(unit - 1) ?? 0, votes.get(unit + 1) ?? 0);
    const ranked = [...votes].map(([unit, own]): [number, number] => [unit, own + 0.6 * beside(unit)]);
    ranked.sort((left, right) => right[1] - left[1] || left[0] - right[0]);
    return ranked.slice(0, UNITS_TRIED).map(([unit]) => unit);
  }

  /** Where the quote's words stand one after the other, as positions in the page's words, nearest first. */
  private copies({ wanted, hint }: Asked): number[] {
    const quote = wanted.text.ids.subarray(wanted.from, wanted.to);
    const { units, rarest } = this.rarestOf(quote);
    const away = (unit: number): number =>
      Math.abs(this.fresh.paragraphOf(this.text.paragraphs[unit * UNIT] ?? 0) - hint);
    const found: number[] = [];
    if (!this.budget.spend(20 * units.length)) return found;
    for (const unit of [...units].sort((left, right) => away(left) - away(right) || left - right)) {
      if (found.length >= COPIES_TRIED || !this.budget.spend(2 * UNIT)) break;
      for (let at = unit * UNIT; at < Math.min(this.text.ids.length, (unit + 1) * UNIT); at++) {
        if (this.text.ids[at] === quote[rarest] && this.standsAt(quote, at - rarest)) found.push(at - rarest);
      }
    }
    return found;
  }

  /** The units of the quote's rarest word, and its place in the quote. */
  private rarestOf(quote: Int32Array): { units: readonly number[]; rarest: number } {
    let units: readonly number[] | null = null;
    let rarest = 0;
    for (const [at, id] of quote.entries()) {
      const list = this.byWord.get(id) ?? [];
      if (units !== null && list.length >= units.length) continue;
      units = list;
      rarest = at;
    }
    return { units: units ?? [], rarest };
  }

  private standsAt(quote: Int32Array, start: number): boolean {
    if (start < 0) return false;
    for (let at = 0; at < quote.length; at++) if (this.text.ids[start + at] !== quote[at]) return false;
    return true;
  }

  /** A verbatim copy; its context is looked for on either side. */
  private atCopy(start: number, asked: Asked): Candidate {
    const { wanted } = asked;
    const length = wanted.text.ids.length;
    const end = start + wanted.to - wanted.from;
    const pairing = { to: new Int32Array(length).fill(-1), worth: new Float32Array(length) };
    for (let at = wanted.from; at < wanted.to; at++) {
      pairing.to[at] = start + at - wanted.from;
      pairing.worth[at] = 1;
    }
    const before = this.pairUp(asked, [0, wanted.from], [Math.max(0, start - CONTEXT_WORDS), start]);
    const after = this.pairUp(asked, [wanted.to, length], [end, end + CONTEXT_WORDS]);
    pairing.to.set(before, 0);
    pairing.to.set(after, wanted.to);
    return this.judge(pairing, this.text, asked) as Candidate;
  }

  /** Which words of one side's context stand in a stretch of the page. */
  private pairUp({ wanted }: Asked, here: [number, number], there: [number, number]): Int32Array {
    const sides = {
      old: wanted.text.ids.subarray(...here),
      new: this.text.ids.subarray(...there),
      trust: null,
      skip: 0,
    };
    const to = alignWords(sides, this.lexicon, this.budget)?.to ?? new Int32Array(sides.old.length).fill(-1);
    return to.map((at) => (at < 0 ? -1 : at + there[0]));
  }

  private atUnit(unit: number, asked: Asked): Candidate | null {
    const reach = asked.wanted.text.ids.length + UNIT;
    const text = part(this.text, unit * UNIT - reach, (unit + 1) * UNIT + reach);
    const sides = { old: asked.wanted.text.ids, new: text.ids, trust: null, skip: SKIP };
    const pairing = alignWords(sides, this.lexicon, this.budget);
    return pairing && this.judge(pairing, text, asked);
  }

  private judge(pairing: Pairing, text: Passage, asked: Asked): Candidate | null {
    const { wanted, old, span } = asked;
    const found = survivors(wanted, pairing, text, this.lexicon);
    if (found === null) return null;
    const away = Math.abs(this.fresh.paragraphOf(text.paragraphs[found.first] ?? 0) - asked.hint);
    return {
      span: spanOf(wanted, found, text, { old, fresh: this.fresh, span }),
      survival: found.survival,
      inPlace: found.held === 2,
      score: score(weigh(wanted, found, pairing.to, away, this.lexicon)),
    };
  }
}

/** Note in which units each number stands. */
function file(ids: Int32Array, postings: Postings): void {
  for (let at = 0; at < ids.length; at++) {
    const unit = Math.floor(at / UNIT);
    const list = postings.get(ids[at] as number);
    if (list === undefined) postings.set(ids[at] as number, [unit]);
    else if (list[list.length - 1] !== unit) list.push(unit);
  }
}

function overlap(left: PlaceSpan, right: PlaceSpan): boolean {
  const before = (one: PlaceSpan["start"], other: PlaceSpan["start"]): boolean =>
    one.paragraph < other.paragraph || (one.paragraph === other.paragraph && one.at < other.at);
  return before(left.start, right.end) && before(right.start, left.end);
}
