/** Re-anchoring where the old paragraphs are known: align the pages, then the words. */

import { type Alignment, alignParagraphs } from "./align-paragraphs.ts";
import { alignWords, type Pairing } from "./align-words.ts";
import type { Budget } from "./budget.ts";
import { spanOf } from "./edges.ts";
import type { Page, PlaceSpan } from "./page.ts";
import { type Passage, passage, wordsWithin } from "./passage.ts";
import { type Survivors, survivors, type Wanted } from "./survivors.ts";
import type { Lexicon } from "./words.ts";

/** Where a quote may stand now. */
export interface Finding {
  readonly span: PlaceSpan;
  readonly survival: number;
  readonly inPlace: boolean;
}

export type Verdict = { readonly found: Finding } | { readonly found: null; readonly twins: boolean };

export const TUNING = {
  least: [0.45, 0.45, 0.35],
  leastShort: [0.7, 0.55, 0.35],
  elsewhere: 0.7,
  elsewhereShort: 0.95,
  shortWords: 3,
  betterBy: 0.25,
  twin: 0.97,
  distrust: 0.1,
  twinsWithin: 0.02,
};

const CANDIDATES = 4;
const WIDEST_WINDOW = 60;

interface Candidate {
  readonly text: Passage;
  readonly survivors: Survivors;
  readonly span: PlaceSpan;
}

interface InPlace {
  readonly text: Passage;
  readonly pairing: Pairing;
}

export class KnownPage {
  private readonly alignment: Alignment;
  private readonly old: Page;
  private readonly fresh: Page;
  private readonly lexicon: Lexicon;
  private readonly budget: Budget;
  private readonly claims = new Map<number, Uint8Array>();
  private readonly inPlace = new Map<string, InPlace | null>();

  constructor(old: Page, fresh: Page, lexicon: Lexicon, budget: Budget) {
    this.old = old;
    this.fresh = fresh;
    this.lexicon = lexicon;
    this.budget = budget;
    this.alignment = alignParagraphs(old, fresh, lexicon, budget);
  }

  find(span: PlaceSpan): Verdict {
    const whole = this.inUnchanged(span);
    if (whole !== null) return { found: whole };
    const first = span.start.paragraph;
    const last = span.end.paragraph;
    const text = passage(this.old, range(first, last));
    const wanted = { text, ...wordsWithin(text, span.start, span.end) };
    if (wanted.from === wanted.to) return { found: null, twins: false };
    const near = this.inPlacePairing(first, last, text);
    const here = near && this.judge(wanted, near.pairing, near.text, span);
    const others = (here?.survivors.survival ?? 0) > 0.97 ? [] : this.elsewhere(wanted, span, near);
    const verdict = this.decide(wanted, here, others);
    return verdict.found === null && !verdict.twins && first === last ? this.atTwin(wanted, span) : verdict;
  }

  /** Copies of the whole paragraph, where this one went and another stayed: the words still stand there. */
  private atTwin(wanted: Wanted, span: PlaceSpan): Verdict {
    const found: Finding[] = [];
    for (const paragraph of this.alignment.rivals.get(span.start.paragraph) ?? []) {
      const text = passage(this.fresh, [paragraph]);
      const pairing = alignWords(
        { old: wanted.text.ids, new: text.ids, trust: null },
        this.lexicon,
        this.budget,
      );
      const candidate = pairing && this.judge(wanted, pairing, text, span);
      if (candidate && candidate.survivors.survival >= TUNING.twin)
        found.push({ span: candidate.span, survival: candidate.survivors.survival, inPlace: false });
    }
    const only = found[0];
    return only !== undefined && found.length === 1
      ? { found: only }
      : { found: null, twins: found.length > 1 };
  }

  /** The paragraph is there word for word: so is the quote. */
  private inUnchanged(span: PlaceSpan): Finding | null {
    const { partner, same, inOrder } = this.alignment;
    const first = partner[span.start.paragraph] as number;
    for (let at = span.start.paragraph; at <= span.end.paragraph; at++) {
      const there = partner[at] as number;
      if (there < 0 || same[there] !== 1 || there - first !== at - span.start.paragraph) return null;
    }
    const start = { paragraph: first, at: span.start.at };
    const end = { paragraph: partner[span.end.paragraph] as number, at: span.end.at };
    return { span: { start, end }, survival: 1, inPlace: inOrder[span.start.paragraph] === 1 };
  }

  private decide(wanted: Wanted, here: Candidate | null, others: readonly Candidate[]): Verdict {
    const short = wanted.to - wanted.from <= TUNING.shortWords;
    const held = here?.survivors.held ?? 0;
    const least = (short ? TUNING.leastShort : TUNING.least)[held] as number;
    const leastThere = short ? TUNING.elsewhereShort : TUNING.elsewhere;
    const there = others[0];
    const hereSurvival = here?.survivors.survival ?? 0;
    const thereSurvival = there?.survivors.survival ?? 0;
    const hereCounts = here !== null && hereSurvival >= least;
    const thereCounts = there !== undefined && thereSurvival >= leastThere;
    if (hereCounts && !(thereCounts && thereSurvival > hereSurvival + TUNING.betterBy))
      return { found: { span: here.span, survival: hereSurvival, inPlace: true } };
    if (!thereCounts) return { found: null, twins: false };
    const second = others[1];
    if (second !== undefined && second.survivors.survival >= thereSurvival - TUNING.twinsWithin)
      return { found: null, twins: true };
    return { found: { span: there.span, survival: thereSurvival, inPlace: false } };
  }

  private judge(wanted: Wanted, pairing: Pairing, text: Passage, span: PlaceSpan): Candidate | null {
    const found = survivors(wanted, pairing, text, this.lexicon);
    if (found === null) return null;
    return {
      text,
      survivors: found,
      span: spanOf(wanted, found, text, { old: this.old, fresh: this.fresh, span }),
    };
  }

  private inPlacePairing(first: number, last: number, text: Passage): InPlace | null {
    const key = `${first} ${last}`;
    const known = this.inPlace.get(key);
    if (known !== undefined) return known;
    const there = passage(this.fresh, this.windowFor(first, last));
    const trust = this.trust(there, first, last);
    const pairing = alignWords({ old: text.ids, new: there.ids, trust }, this.lexicon, this.budget);
    const result = pairing && { text: there, pairing };
    this.inPlace.set(key, result);
    return result;
  }

  /** New paragraphs between the partners of the neighbours, these included unless they are unchanged. */
  private windowFor(first: number, last: number): number[] {
    const { partner, inOrder, owner, same } = this.alignment;
    const own = partner[first] as number;
    if (own >= 0 && inOrder[first] !== 1 && first === last) {
      return [own - 1, own, own + 1].filter((at) => at === own || owner[at] === -1);
    }
    let before = first - 1;
    while (before >= 0 && inOrder[before] !== 1) before--;
    let after = last + 1;
    while (after < this.old.length && inOrder[after] !== 1) after++;
    const low = before < 0 ? 0 : (partner[before] as number);
    const high = after >= this.old.length ? this.fresh.length - 1 : (partner[after] as number);
    const window: number[] = [];
    for (let at = low; at <= high; at++) {
      const by = owner[at] as number;
      if (same[at] === 1 && (by < first || by > last)) continue;
      window.push(at);
    }
    if (window.length <= WIDEST_WINDOW) return window;
    const centre = own >= 0 && inOrder[first] === 1 ? window.indexOf(own) : WIDEST_WINDOW / 2;
    const from = Math.max(0, centre - WIDEST_WINDOW / 2);
    return window.slice(from, from + WIDEST_WINDOW);
  }

  /** How much each word of a passage is believed for old paragraphs first..last. */
  private trust(text: Passage, first: number, last: number): Float32Array {
    const trust = new Float32Array(text.ids.length).fill(1);
    let at = 0;
    while (at < trust.length) {
      const paragraph = text.paragraphs[at] as number;
      const by = this.alignment.owner[paragraph] as number;
      const claimed = by >= 0 && (by < first || by > last) ? this.claimsOn(paragraph) : null;
      for (let word = 0; at < trust.length && text.paragraphs[at] === paragraph; at++, word++) {
        if (claimed?.[word] === 1) trust[at] = TUNING.distrust;
      }
    }
    return trust;
  }

  /** Which words of a new paragraph its own old paragraph explains. */
  private claimsOn(paragraph: number): Uint8Array {
    const known = this.claims.get(paragraph);
    if (known !== undefined) return known;
    const ids = this.fresh.words(paragraph).ids;
    const claimed = new Uint8Array(ids.length);
    const by = this.alignment.owner[paragraph] as number;
    if (this.alignment.same[paragraph] === 1) claimed.fill(1);
    else {
      const sides = { old: this.old.words(by).ids, new: ids, trust: null };
      const pairing = alignWords(sides, this.lexicon, this.budget);
      for (const there of pairing?.to ?? []) if (there >= 0) claimed[there] = 1;
    }
    this.claims.set(paragraph, claimed);
    return claimed;
  }

  /** The quote's words alone, against paragraphs anywhere that changed, best first. */
  private elsewhere(wanted: Wanted, span: PlaceSpan, near: InPlace | null): Candidate[] {
    const quote = sliceWords(wanted);
    const whole = { text: quote, from: 0, to: quote.ids.length };
    const found: Candidate[] = [];
    for (const paragraph of this.candidates(span)) {
      const text = passage(this.fresh, this.around(paragraph));
      const trust = this.trust(text, span.start.paragraph, span.end.paragraph);
      this.distrustOwn(text, trust, wanted, near);
      const pairing = alignWords({ old: quote.ids, new: text.ids, trust }, this.lexicon, this.budget);
      const candidate = pairing && this.judge(whole, pairing, text, span);
      if (candidate && !found.some((other) => samePlace(other.span, candidate.span))) found.push(candidate);
    }
    return found.sort((left, right) => right.survivors.survival - left.survivors.survival);
  }

  private around(paragraph: number): number[] {
    const { same } = this.alignment;
    return [paragraph - 1, paragraph, paragraph + 1].filter(
      (at) => at === paragraph || (at >= 0 && at < this.fresh.length && same[at] !== 1),
    );
  }

  /** Words that the rest of the quote's own paragraph explains are not the quote's either. */
  private distrustOwn(text: Passage, trust: Float32Array, wanted: Wanted, near: InPlace | null): void {
    if (near === null) return;
    const taken = new Set<number>();
    for (let at = 0; at < near.pairing.to.length; at++) {
      const there = near.pairing.to[at] as number;
      if (there < 0 || (at >= wanted.from && at < wanted.to)) continue;
      if ((near.pairing.worth[at] as number) < 0.5) continue;
      taken.add((near.text.paragraphs[there] as number) * 0x1000000 + (near.text.starts[there] as number));
    }
    for (let at = 0; at < trust.length; at++) {
      const key = (text.paragraphs[at] as number) * 0x1000000 + (text.starts[at] as number);
      if (taken.has(key)) trust[at] = TUNING.distrust;
    }
  }

  private candidates(span: PlaceSpan): number[] {
    const votes = new Map<number, number>();
    const terms = new Set<number>();
    for (let at = span.start.paragraph; at <= span.end.paragraph; at++) {
      const { starts, ends } = this.old.words(at);
      this.old.termsOf(at).forEach((term, word) => {
        if (at === span.start.paragraph && (ends[word] as number) <= span.start.at) return;
        if (at === span.end.paragraph && (starts[word] as number) >= span.end.at) return;
        terms.add(term);
      });
    }
    for (const term of terms) {
      const list = this.alignment.postings.get(term);
      if (list === undefined || list.length > 400 || !this.budget.spend(4 * list.length)) continue;
      const weight = this.lexicon.weight(term);
      for (const paragraph of list) {
        if (this.alignment.same[paragraph] === 1) continue;
        votes.set(paragraph, (votes.get(paragraph) ?? 0) + weight);
      }
    }
    const ranked = [...votes].sort((left, right) => right[1] - left[1] || left[0] - right[0]);
    return ranked.slice(0, CANDIDATES).map(([paragraph]) => paragraph);
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function sliceWords({ text, from, to }: Wanted): Passage {
  return {
    ids: text.ids.slice(from, to),
    paragraphs: text.paragraphs.slice(from, to),
    starts: text.starts.slice(from, to),
    ends: text.ends.slice(from, to),
  };
}

function samePlace(left: PlaceSpan, right: PlaceSpan): boolean {
  return left.start.paragraph === right.start.paragraph && Math.abs(left.start.at - right.start.at) < 3;
}
