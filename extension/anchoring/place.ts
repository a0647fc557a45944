/**
 * Places a quote in paragraphs, word for word; where it does not stand or cannot be decided, says `pending`.
 * White space and typography are folded by `annotator/shared/typography.json`; `docs/placing.md` tells the rules.
 * Pure; twin of `annotator/anchoring.py`; both run `tests/vectors/placing/`. Linear in the text.
 */

import { cut } from "../paragraphs.ts";
import { type Copy, copiesOf, copiesWithContext, Sought, TELLING } from "./copies.ts";
import { Page } from "./folded-page.ts";
import type { Anchor, Paragraph, Position, Quote } from "./types.ts";

/** Inserted paragraphs may have pushed one by so many that is still in its place. */
const NEAR = 10;
const PENDING: Anchor = { state: "pending", start: null, end: null, text: "" };

/** What to place: the quote, and where it stood in an earlier snapshot. */
export interface Placing {
  readonly quote: Quote;
  readonly hint: Position | null;
}

/**
 * Where the quote stands word for word. Never throws.
 * `exact`: in its place, with its context. `moved`: the same words, elsewhere or among other words.
 * `pending`: not there, or several copies that context and hint cannot tell apart. Never another state.
 */
export function place(paragraphs: readonly Paragraph[], quote: Quote, hint: Position | null): Anchor {
  return placeOne(new Page(paragraphs), { quote, hint });
}

/** `place` for many quotes of one page: the page is folded once. The answers come in the same order. */
export function placeAll(paragraphs: readonly Paragraph[], placings: readonly Placing[]): Anchor[] {
  const page = new Page(paragraphs);
  return placings.map((placing) => placeOne(page, placing));
}

function placeOne(page: Page, { quote, hint }: Placing): Anchor {
  const sought = new Sought(quote);
  if (sought.words.length === 0) return PENDING;
  const withContext = copiesWithContext(page, sought);
  const copies = withContext.length > 0 ? withContext : copiesOf(page, sought);
  const chosen = choose(copies, sought, hint);
  return chosen ? judge(page, sought, chosen, copies, hint) : PENDING;
}

function choose(copies: readonly Copy[], sought: Sought, hint: Position | null): Copy | undefined {
  const [first, another] = copies;
  if (!first || !another) return first;
  if (first.complete) {
    // All is as recorded around several copies. One at the very place is the one; else the only near one.
    const atHint = copies.find(
      ({ position }) => position.paragraph === hint?.paragraph && position.offset === hint.offset,
    );
    return atHint ?? onlyNear(copies, hint);
  }
  const [best, second] = copies.toSorted((a, b) => b.weight - a.weight) as [Copy, Copy];
  if (best.weight >= TELLING && best.weight >= 2 * second.weight) return best;
  return sought.isShort ? undefined : onlyNear(copies, hint);
}

function judge(
  page: Page,
  sought: Sought,
  chosen: Copy,
  copies: readonly Copy[],
  hint: Position | null,
): Anchor {
  const span = { start: page.start(chosen.start), end: page.end(chosen.end) };
  const text = cut(page.paragraphs, span);
  // A paragraph on its own stands in its place beside a neighbour it had, or near where it stood: what was
  // inserted between paragraphs does not move them.
  const inCompany = !sought.fillsParagraph || chosen.neighbourAgrees;
  const aloneThere = !sought.isShort && onlyNear(copies, hint) === chosen;
  if (chosen.agrees && (inCompany || aloneThere)) return { state: "exact", ...span, text };
  return sought.isShort ? PENDING : { state: "moved", ...span, text };
}

/** The one copy near the hint whose context in its own paragraph agrees. */
function onlyNear(copies: readonly Copy[], hint: Position | null): Copy | undefined {
  if (!hint) return undefined;
  const near = copies.filter(
    ({ agrees, position }) => agrees && Math.abs(position.paragraph - hint.paragraph) <= NEAR,
  );
  return near.length === 1 ? near[0] : undefined;
}
