/** Re-anchoring where the old paragraphs are known: align the pages, then the words. */

import { type Alignment, alignParagraphs } from "./align-paragraphs.ts";
import { alignWords, type Pairing } from "./align-words.ts";
import type { Budget, Steps } from "./budget.ts";
import { type Aligned, Claims, distrustOwn } from "./claims.ts";
import { type Candidate, decide } from "./decision.ts";
import { spanOf } from "./edges.ts";
import type { Page, PlaceSpan } from "./page.ts";
import { type Passage, part, passage, wordsWithin } from "./passage.ts";
import { survivors, type Wanted } from "./survivors.ts";
import { type Finding, GONE, TWINS, UNREAD, type Verdict } from "./verdict.ts";
import type { Lexicon } from "./words.ts";

/** Survival from which a copy of the whole paragraph, long there, is taken for the one that went. */
const LEAST_AT_COPY = 0.97;
/** Survival from which nobody looks elsewhere. */
const CERTAIN = 0.97;
/** Words from which a quote is more than a turn of phrase. */
const TELLING = 5;
/** A paragraph of fewer different words is not told from others that merely quote it. */
const FEWEST_TERMS = 8;
/** Share of its words that a copy has. */
const CONTAINED = 0.9;
/** Characters that a search for one string passes in a step. */
const CHARACTERS_A_STEP = 16;
/** How much more like its partner another old paragraph has to be to put it in doubt. */
const MORE_LIKE = 0.05;
const CANDIDATES = 4;
const WIDEST_WINDOW = 60;

export class KnownPage {
  private readonly alignment: Alignment;
  private readonly old: Page;
  private readonly fresh: Page;
  private readonly lexicon: Lexicon;
  private readonly budget: Budget;
  private readonly claims: Claims;
  /** UTF-16 units of the new page. */
  private readonly size: number;
  private readonly inPlace = new Map<string, Aligned | null>();

  /** Aligns the pages, which on long ones takes a while. */
  static *prepare(old: Page, fresh: Page, lexicon: Lexicon, budget: Budget): Steps<KnownPage> {
    const alignment = yield* alignParagraphs(old, fresh, lexicon, budget);
    return new KnownPage(old, fresh, lexicon, budget, alignment);
  }

  private constructor(old: Page, fresh: Page, lexicon: Lexicon, budget: Budget, alignment: Alignment) {
    this.old = old;
    this.fresh = fresh;
    this.lexicon = lexicon;
    this.budget = budget;
    this.size = fresh.texts.reduce((sum, text) => sum + text.length, 0);
    this.alignment = alignment;
    this.claims = new Claims({ old, fresh, lexicon, budget, alignment });
  }

  find(span: PlaceSpan): Verdict {
    const whole = this.inUnchanged(span);
    if (whole !== null) return this.hasRival(span.start.paragraph) ? TWINS : { found: whole };
    const first = span.start.paragraph;
    const last = span.end.paragraph;
    const text = passage(this.old, range(first, last));
    const wanted = { text, ...wordsWithin(text, span.start, span.end) };
    if (wanted.from === wanted.to) return UNREAD;
    const near = this.inPlacePairing(first, last, text);
    const here = near && this.judge(wanted, near.pairing, near.text, span);
    const others = (here?.survivors.survival ?? 0) > CERTAIN ? [] : this.elsewhere(wanted, span, near);
    const strayed = this.alignment.partner[first] !== -1 && this.alignment.inOrder[first] !== 1;
    if (here && here.survivors.survival < CERTAIN && this.isContested(first)) return TWINS;
    const verdict = decide({ words: wanted.to - wanted.from, strayed, here, others });
    return verdict.found === null && !verdict.twins && first === last ? this.atTwin(wanted, span) : verdict;
  }

  /** Another changed old paragraph is more like the partner: order alone put this one there. */
  private isContested(paragraph: number): boolean {
    const { partner, same, claimants } = this.alignment;
    const there = partner[paragraph] as number;
    const all = claimants.get(there) ?? [];
    const own = all.find(({ old }) => old === paragraph)?.likeness ?? 1;
    const changed = (old: number): boolean => partner[old] === -1 || same[partner[old] as number] !== 1;
    return all.some(({ old, likeness }) => old !== paragraph && changed(old) && likeness >= own + MORE_LIKE);
  }

  /** Copies of the whole paragraph, where this one went and another stayed: the words still stand there. */
  private atTwin(wanted: Wanted, span: PlaceSpan): Verdict {
    const found: Finding[] = [];
    for (const paragraph of this.copiesOf(span)) {
      const text = passage(this.fresh, [paragraph]);
      const pairing = alignWords(
        { old: wanted.text.ids, new: text.ids, trust: null, skip: 0 },
        this.lexicon,
        this.budget,
      );
      const candidate = pairing && this.judge(wanted, pairing, text, span);
      if (candidate && candidate.survivors.survival >= LEAST_AT_COPY)
        found.push({ span: candidate.span, survival: candidate.survivors.survival, inPlace: false });
    }
    const [only, another] = found;
    if (only) return another ? TWINS : { found: only };
    return wanted.to - wanted.from >= TELLING && this.standsSomewhere(span) ? TWINS : GONE;
  }

  /** The very words stand where another old text explains them: nobody but the reader can tell. */
  private standsSomewhere(span: PlaceSpan): boolean {
    const quote = this.old.quote(span).exact;
    return (
      this.budget.spend(this.size / CHARACTERS_A_STEP) &&
      this.fresh.texts.some((text) => text.includes(quote))
    );
  }

  /** New paragraphs that say nearly all of the quote's own, whoever explains them. */
  private copiesOf(span: PlaceSpan): number[] {
    const paragraph = span.start.paragraph;
    const found = new Set(this.alignment.rivals.get(paragraph));
    const quote = this.old.quote(span).exact;
    const terms = new Set(this.old.termsOf(paragraph));
    if (terms.size < FEWEST_TERMS || !this.budget.spend(this.size / CHARACTERS_A_STEP)) return [...found];
    for (const [at, text] of this.fresh.texts.entries()) {
      if (found.size >= CANDIDATES || !text.includes(quote)) continue;
      const there = new Set(this.fresh.termsOf(at));
      if (!this.budget.spend(there.size)) break;
      if (terms.intersection(there).size >= CONTAINED * terms.size) found.add(at);
    }
    return [...found];
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

  /** A paragraph that stands beside neither of its neighbours, while further copies of it, explained by nothing, do not either. */
  private hasRival(paragraph: number): boolean {
    const { partner, owner } = this.alignment;
    const chosen = partner[paragraph] as number;
    const beside = (there: number): boolean =>
      (paragraph > 0 && partner[paragraph - 1] === there - 1) ||
      (paragraph < this.old.length - 1 && partner[paragraph + 1] === there + 1);
    if (beside(chosen) || !this.budget.spend(this.fresh.length / CHARACTERS_A_STEP)) return false;
    const text = this.fresh.text(chosen);
    return this.fresh.texts.some((other, at) => at !== chosen && other === text && owner[at] === -1);
  }

  private judge(wanted: Wanted, pairing: Pairing, text: Passage, span: PlaceSpan): Candidate | null {
    const found = survivors(wanted, pairing, text, this.lexicon);
    if (found === null) return null;
    return {
      survivors: found,
      span: spanOf(wanted, found, text, { old: this.old, fresh: this.fresh, span }),
    };
  }

  private inPlacePairing(first: number, last: number, text: Passage): Aligned | null {
    const key = `${first} ${last}`;
    const known = this.inPlace.get(key);
    if (known !== undefined) return known;
    const there = passage(this.fresh, this.windowFor(first, last));
    const trust = this.claims.trust(there, first, last);
    const pairing = alignWords({ old: text.ids, new: there.ids, trust, skip: 0 }, this.lexicon, this.budget);
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

  /** The quote's words alone, against paragraphs anywhere that changed, best first. */
  private elsewhere(wanted: Wanted, span: PlaceSpan, near: Aligned | null): Candidate[] {
    const quote = part(wanted.text, wanted.from, wanted.to);
    const whole = { text: quote, from: 0, to: quote.ids.length };
    const found: Candidate[] = [];
    for (const paragraph of this.candidates(span)) {
      const text = passage(this.fresh, this.around(paragraph));
      const trust = this.claims.trust(text, span.start.paragraph, span.end.paragraph);
      if (near !== null) distrustOwn(text, trust, wanted, near);
      const pairing = alignWords(
        { old: quote.ids, new: text.ids, trust, skip: 0 },
        this.lexicon,
        this.budget,
      );
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

function samePlace(left: PlaceSpan, right: PlaceSpan): boolean {
  return left.start.paragraph === right.start.paragraph && Math.abs(left.start.at - right.start.at) < 3;
}
