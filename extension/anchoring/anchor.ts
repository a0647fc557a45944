/**
 * Where highlights stand now. Pure strings: no DOM, no network, and no clock in the answers.
 * `docs/anchoring.md` tells the method and its limits.
 */

import { pause, SLICE } from "../slices.ts";
import { Budget, type Steps } from "./budget.ts";
import { type CommonEnds, commonEnds, inCommonEnds } from "./common-ends.ts";
import { KnownPage } from "./known-page.ts";
import { Page, type PlaceSpan } from "./page.ts";
import { placeAll } from "./place.ts";
import {
  type Anchor,
  type AnchorTarget,
  type LostState,
  PARAGRAPH_BREAK,
  type Paragraph,
  type Quote,
} from "./types.ts";
import { UnknownPage } from "./unknown-page.ts";
import { VerbatimText } from "./verbatim.ts";
import type { Verdict } from "./verdict.ts";
import { sameWording } from "./wording.ts";
import { Lexicon } from "./words.ts";

/** The version that travels with every anchor; another one may answer otherwise. */
export const ENGINE_VERSION = 1;

/** Characters looked at on either side of a place to see whether its edge cuts a word. */
const AROUND = 80;
/** Characters read in all when placing word for word. */
const MOST_READ = 60_000_000;
/**
 * Place every target in the new paragraphs.
 * In: the paragraphs the targets were made on, or null where they are not known; the new ones; the targets.
 * Out: one anchor for each target, in their order. `exact`: word for word, in its place. `moved`: word for word,
 * elsewhere. `edited`: some words differ. `ambiguous`: several places are equally good. `orphaned`: it is gone.
 * Never throws for bad positions: a target that does not fit the old paragraphs is looked for by its quote.
 * The work is bounded by counted steps; past them, only what stands word for word is found, and the others are `pending`:
 * asked for alone, they have all the steps to themselves.
 */
export function anchor(
  oldParagraphs: readonly Paragraph[] | null,
  newParagraphs: readonly Paragraph[],
  targets: readonly AnchorTarget[],
  budget = new Budget(),
): Anchor[] {
  const work = inSteps(oldParagraphs, newParagraphs, targets, budget);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** What a caller of `anchorInSlices` may want beside the answer. */
interface Slicing {
  readonly signal?: AbortSignal;
  /** Called once, when the first slice ends that has answers while others are still sought: with those, by target. */
  readonly early?: (found: ReadonlyMap<number, Anchor>) => void;
}

/** The same in short slices, for a worker that has other things to do. Rejects with the signal's reason when aborted. */
export async function anchorInSlices(
  oldParagraphs: readonly Paragraph[] | null,
  newParagraphs: readonly Paragraph[],
  targets: readonly AnchorTarget[],
  { signal, early }: Slicing = {},
): Promise<Anchor[]> {
  const found = new Map<number, Anchor>();
  const answered = (target: number, anchor: Anchor) => found.set(target, anchor);
  const work = inSteps(oldParagraphs, newParagraphs, targets, new Budget(), answered);
  let since = performance.now();
  let isTold = early === undefined;
  for (;;) {
    signal?.throwIfAborted();
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - since < SLICE) continue;
    if (!isTold && found.size > 0) {
      isTold = true;
      early?.(found);
    }
    await pause();
    since = performance.now();
  }
}

/** The same, stopping now and then, at places that depend on the pages alone; `answered` hears each answer when it is known. */
export function* inSteps(
  oldParagraphs: readonly Paragraph[] | null,
  newParagraphs: readonly Paragraph[],
  targets: readonly AnchorTarget[],
  budget: Budget,
  answered: (target: number, anchor: Anchor) => void = () => undefined,
): Steps<Anchor[]> {
  const engine = new Engine(oldParagraphs, newParagraphs, budget);
  const anchors: (Anchor | null)[] = [];
  for (const [at, target] of targets.entries()) {
    yield;
    const found = yield* engine.answer(target);
    if (found !== null) answered(at, found);
    anchors.push(found);
  }
  const left = targets.filter((_, at) => anchors[at] === null);
  const placed = left.length === 0 ? [] : wordForWord(newParagraphs, left, budget);
  return anchors.map((found) => found ?? (placed.shift() as Anchor));
}

class Engine {
  private readonly lexicon = new Lexicon();
  private readonly budget: Budget;
  private readonly old: Page | null;
  private readonly fresh: Page;
  private ends: CommonEnds | null = null;
  private known: KnownPage | null = null;
  private unknown: UnknownPage | null = null;
  private readonly paragraphs: readonly Paragraph[];
  private verbatim: VerbatimText | null = null;

  constructor(old: readonly Paragraph[] | null, fresh: readonly Paragraph[], budget: Budget) {
    this.budget = budget;
    this.paragraphs = fresh;
    this.old = old === null ? null : new Page(old, this.lexicon);
    this.fresh = new Page(fresh, this.lexicon);
  }

  /** Null where the budget is spent, or the quote has no words to look for. */
  *answer(target: AnchorTarget): Steps<Anchor | null> {
    const span = this.spanInOld(target);
    if (span !== null && this.old !== null) {
      this.ends ??= commonEnds(this.old.texts, this.fresh.texts);
      const quote = this.old.quote(span, AROUND);
      const untouched = inCommonEnds(this.ends, span);
      if (untouched !== null) return this.put({ found: untouched }, quote);
      this.known ??= yield* KnownPage.prepare(this.old, this.fresh, this.lexicon, this.budget);
      return this.put(this.known.find(span), quote);
    }
    const verbatim = this.wholeText().find(target.quote);
    if (verbatim !== null) return verbatim;
    this.unknown ??= yield* UnknownPage.prepare(this.fresh, this.lexicon, this.budget);
    return this.put(this.unknown.find(target.quote, target.start.paragraph), target.quote);
  }

  private wholeText(): VerbatimText {
    this.verbatim ??= new VerbatimText(this.paragraphs, this.budget);
    return this.verbatim;
  }

  /** Where the target stands in the old paragraphs; null if it does not fit them. */
  private spanInOld(target: AnchorTarget): PlaceSpan | null {
    const start = this.old?.place(target.start, false);
    const end = this.old?.place(target.end, true);
    if (!start || !end || this.old === null) return null;
    const backwards =
      end.paragraph < start.paragraph || (end.paragraph === start.paragraph && end.at <= start.at);
    if (backwards) return null;
    const { exact } = target.quote;
    const stands = this.old.quote({ start, end }).exact;
    const plain = (text: string): Quote => ({ exact: text, prefix: "", suffix: "" });
    return stands === exact || sameWording(plain(stands), plain(exact)) ? { start, end } : null;
  }

  private put(verdict: Verdict, quote: Quote): Anchor | null {
    if (verdict.found !== null) {
      const { span, inPlace } = verdict.found;
      const found = this.fresh.quote(span, AROUND);
      const state = !sameWording(quote, found) ? "edited" : inPlace ? "exact" : "moved";
      const start = this.fresh.position(span.start);
      return { state, start, end: this.fresh.position(span.end), text: found.exact };
    }
    if (verdict.twins) return lost("ambiguous");
    return verdict.unread || this.budget.isSpent ? null : lost("orphaned");
  }
}

/**
 * What is left where no words can be aligned, or no steps are left: the very words, or none.
 * Bounded in its turn: of very many on a very long page, the later ones are not looked for any more.
 */
function wordForWord(
  paragraphs: readonly Paragraph[],
  targets: readonly AnchorTarget[],
  budget: Budget,
): Anchor[] {
  const size = paragraphs.reduce((sum, { text }) => sum + text.length + PARAGRAPH_BREAK.length, 1);
  const within = targets.slice(0, Math.ceil(MOST_READ / size));
  const placed = placeAll(
    paragraphs,
    within.map(({ quote, start }) => ({ quote, hint: start })),
  );
  return targets.map(({ quote: { exact } }, at) => {
    const found = placed[at];
    if (found !== undefined && found.state !== "pending") return found;
    const stands = found !== undefined && exact !== "" && paragraphs.some(({ text }) => text.includes(exact));
    // Nobody has looked for other words: that is not the same as being gone.
    return lost(stands ? "ambiguous" : budget.isSpent ? "pending" : "orphaned");
  });
}

function lost(state: LostState | "pending"): Anchor {
  return { state, start: null, end: null, text: "" };
}
