/** Where highlights stand now. Pure strings: no DOM, no network, no clock in the answers. */

import { Budget } from "./budget.ts";
import { KnownPage, type Verdict } from "./known-page.ts";
import { Page } from "./page.ts";
import type { Anchor, AnchorTarget, Paragraph } from "./types.ts";
import { sameWords } from "./typography.ts";
import { UnknownPage } from "./unknown-page.ts";
import { Lexicon } from "./words.ts";

const ORPHANED: Anchor = { state: "orphaned", start: null, end: null, text: "" };
const AMBIGUOUS: Anchor = { state: "ambiguous", start: null, end: null, text: "" };

export function anchor(
  oldParagraphs: readonly Paragraph[] | null,
  newParagraphs: readonly Paragraph[],
  targets: readonly AnchorTarget[],
): Anchor[] {
  const lexicon = new Lexicon();
  const budget = new Budget();
  const fresh = new Page(newParagraphs, lexicon);
  if (oldParagraphs === null) {
    const unknown = new UnknownPage(fresh, lexicon, budget);
    return targets.map((target) => answer(target, unknown.find(target.quote), fresh));
  }
  const old = new Page(oldParagraphs, lexicon);
  const known = new KnownPage(old, fresh, lexicon, budget);
  return targets.map((target) => {
    const start = old.place(target.start);
    const end = old.place(target.end);
    if (start === null || end === null) return ORPHANED;
    return answer(target, known.find({ start, end }), fresh);
  });
}

function answer(target: AnchorTarget, verdict: Verdict, fresh: Page): Anchor {
  if (verdict.found === null) return verdict.twins ? AMBIGUOUS : ORPHANED;
  const text = fresh.read(verdict.found.span);
  const same = sameWords(target.quote.exact, text);
  return {
    state: !same ? "edited" : verdict.found.inPlace ? "exact" : "moved",
    start: fresh.position(verdict.found.span.start),
    end: fresh.position(verdict.found.span.end),
    text,
  };
}
