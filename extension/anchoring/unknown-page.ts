/** Re-anchoring from the quote and its context alone, where the old paragraphs are not known. It abstains more. */

import { alignWords } from "./align-words.ts";
import type { Budget } from "./budget.ts";
import { spanOf } from "./edges.ts";
import type { Verdict } from "./known-page.ts";
import { Page, type PlaceSpan } from "./page.ts";
import { type Passage, passage, wordsWithin } from "./passage.ts";
import { type Survivors, survivors, type Wanted } from "./survivors.ts";
import { CONTEXT_LENGTH, PARAGRAPH_BREAK, type Quote } from "./types.ts";
import type { Lexicon } from "./words.ts";

/** Words to a unit of the index. */
const UNIT = 48;
/** Units looked at for one quote. */
const UNITS_TRIED = 6;
/** A term in more units than this finds nothing. */
const LONGEST_POSTING = 600;

/** What speaks for a place. */
export interface Evidence {
  /** Share of the quote's weight found, 0 to 1. */
  readonly survival: number;
  /** Share of the context's weight found right beside it, 0 to 1. */
  readonly context: number;
  /** Sides of the quote where the neighbouring word is still the neighbour: 0 to 2. */
  readonly held: number;
  readonly words: number;
  /** Weight of the quote's words: how much there is to recognise it by. */
  readonly weight: number;
}

interface Candidate {
  readonly evidence: Evidence;
  readonly span: PlaceSpan;
  readonly score: number;
}

export const RULES = { base: 0.62, context: 0.25, short: 0.1, twins: 0.03 };

/** How sure a place is; it counts from 1 on. */
export function score(evidence: Evidence): number {
  return (
    evidence.survival / RULES.base +
    RULES.context * (evidence.context - 0.5) -
    RULES.short / (evidence.weight + 0.3)
  );
}

export class UnknownPage {
  private readonly fresh: Page;
  private readonly lexicon: Lexicon;
  private readonly budget: Budget;
  private readonly text: Passage;
  private readonly postings = new Map<number, number[]>();

  constructor(fresh: Page, lexicon: Lexicon, budget: Budget) {
    this.fresh = fresh;
    this.lexicon = lexicon;
    this.budget = budget;
    this.text = passage(
      fresh,
      Array.from({ length: fresh.length }, (_, at) => at),
    );
    budget.spend(10 * this.text.ids.length);
    const terms: number[] = [];
    for (let at = 0; at < fresh.length; at++) {
      lexicon.count(fresh.words(at));
      if (fresh.termsOf(at) !== fresh.words(at).ids) lexicon.countTerms(fresh.termsOf(at));
      for (const term of fresh.termsOf(at)) terms.push(term);
    }
    for (const [at, term] of terms.entries()) {
      const unit = Math.floor(at / UNIT);
      const list = this.postings.get(term);
      if (list === undefined) this.postings.set(term, [unit]);
      else if (list[list.length - 1] !== unit) list.push(unit);
    }
  }

  find(quote: Quote): Verdict {
    const asked = this.asPage(quote);
    const { old, span, wanted } = asked;
    if (wanted.from === wanted.to) return { found: null, twins: false };
    const found: Candidate[] = [];
    for (const unit of this.units(old)) {
      const candidate = this.tryUnit(unit, wanted, old, span);
      if (candidate && !found.some((other) => overlaps(other.span, candidate.span))) found.push(candidate);
    }
    found.sort((left, right) => right.score - left.score);
    const best = found[0];
    if (best === undefined || best.score < 1) return { found: null, twins: false };
    const second = found[1];
    if (second !== undefined && second.score >= best.score - RULES.twins) return { found: null, twins: true };
    return {
      found: { span: best.span, survival: best.evidence.survival, inPlace: best.evidence.held === 2 },
    };
  }

  /** The quote with its context as a small page of its own; words cut in two at the outer ends are left out. */
  private asPage(quote: Quote): { old: Page; span: PlaceSpan; wanted: Wanted } {
    const before = cutStart(quote.prefix);
    const after = cutEnd(quote.suffix);
    const paragraphs = `${before}${quote.exact}${after}`.split(PARAGRAPH_BREAK);
    const old = new Page(
      paragraphs.map((text) => ({ kind: "p", text })),
      this.lexicon,
    );
    const span = {
      start: placeAt(old, before.length),
      end: placeAt(old, before.length + quote.exact.length),
    };
    const text = passage(
      old,
      paragraphs.map((_, at) => at),
    );
    return { old, span, wanted: { text, ...wordsWithin(text, span.start, span.end) } };
  }

  /** Where many of the rarer words stand together, best first. */
  private units(old: Page): number[] {
    const votes = new Map<number, number>();
    const terms = new Set<number>();
    for (let at = 0; at < old.length; at++) for (const term of old.termsOf(at)) terms.add(term);
    for (const term of terms) {
      const list = this.postings.get(term);
      if (list === undefined || list.length > LONGEST_POSTING || !this.budget.spend(6 * list.length))
        continue;
      const weight = this.lexicon.weight(term);
      for (const unit of list) votes.set(unit, (votes.get(unit) ?? 0) + weight);
    }
    const near = [...votes].map(([unit, own]): [number, number] => [
      unit,
      own + 0.6 * Math.max(votes.get(unit - 1) ?? 0, votes.get(unit + 1) ?? 0),
    ]);
    near.sort((left, right) => right[1] - left[1] || left[0] - right[0]);
    return near.slice(0, UNITS_TRIED).map(([unit]) => unit);
  }

  private tryUnit(unit: number, wanted: Wanted, old: Page, span: PlaceSpan): Candidate | null {
    const reach = wanted.text.ids.length + UNIT;
    const from = Math.max(0, unit * UNIT - reach);
    const to = Math.min(this.text.ids.length, (unit + 1) * UNIT + reach);
    const text = {
      ids: this.text.ids.subarray(from, to),
      paragraphs: this.text.paragraphs.subarray(from, to),
      starts: this.text.starts.subarray(from, to),
      ends: this.text.ends.subarray(from, to),
    };
    const pairing = alignWords(
      { old: wanted.text.ids, new: text.ids, trust: null },
      this.lexicon,
      this.budget,
    );
    const found = pairing && survivors(wanted, pairing, text, this.lexicon);
    if (!found) return null;
    const evidence = this.weigh(wanted, found, pairing.to);
    return {
      evidence,
      score: score(evidence),
      span: spanOf(wanted, found, text, { old, fresh: this.fresh, span }),
    };
  }

  private weigh(wanted: Wanted, found: Survivors, to: Int32Array): Evidence {
    const { ids } = wanted.text;
    let near = 0;
    let all = 0;
    let weight = 0;
    for (let at = 0; at < ids.length; at++) {
      const own = this.lexicon.weight(ids[at] as number);
      if (at >= wanted.from && at < wanted.to) {
        weight += own;
        continue;
      }
      all += own;
      const there = to[at] as number;
      if (there < 0) continue;
      const gap = at < wanted.from ? found.first - there : there - found.last;
      if (gap > 0 && gap <= 14) near += own;
    }
    return {
      survival: found.survival,
      context: all === 0 ? 0.5 : near / all,
      held: found.held,
      words: wanted.to - wanted.from,
      weight,
    };
  }
}

/** A prefix that was cut to length starts inside a word. */
function cutStart(prefix: string): string {
  if ([...prefix].length < CONTEXT_LENGTH) return prefix;
  return prefix.replace(/^[^\s]*\s(?=.)/u, "");
}

function cutEnd(suffix: string): string {
  if ([...suffix].length < CONTEXT_LENGTH) return suffix;
  return suffix.replace(/(?<=.)\s[^\s]*$/u, "");
}

/** A place in a small page by the offset in its joined text. */
function placeAt(page: Page, offset: number): PlaceSpan["start"] {
  let start = 0;
  for (let paragraph = 0; paragraph < page.length; paragraph++) {
    const end = start + page.text(paragraph).length;
    if (offset <= end) return { paragraph, at: Math.max(0, offset - start) };
    start = end + PARAGRAPH_BREAK.length;
  }
  return { paragraph: page.length - 1, at: page.text(page.length - 1).length };
}

function overlaps(left: PlaceSpan, right: PlaceSpan): boolean {
  const before = (one: PlaceSpan["start"], other: PlaceSpan["start"]): boolean =>
    one.paragraph < other.paragraph || (one.paragraph === other.paragraph && one.at < other.at);
  return before(left.start, right.end) && before(right.start, left.end);
}
