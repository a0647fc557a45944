/** The engines of the table, behind one shape. */

import { anchor } from "../../extension/anchoring/anchor.ts";
import type { Anchor, Paragraph } from "../../extension/anchoring/types.ts";
import { PARAGRAPH_BREAK } from "../../extension/anchoring/types.ts";
import { type Case, offsetOf, type Stretch, toPoints, toUnits } from "./cases.ts";
import { apacheAnnotator, domAnchorTextQuote, type Found, hypothesisClient, type Search } from "./peers.ts";

export interface Answer {
  /** In code points of the whole new text. */
  readonly found: Stretch | null;
  readonly milliseconds: number;
  /** Only our engine says more than where. */
  readonly anchor: Anchor | null;
}

export interface Engine {
  readonly name: string;
  readonly answer: (one: Case) => Promise<Answer>;
}

export const ENGINES: readonly Engine[] = [
  { name: "Annotator, old paragraphs known", answer: async (one) => ours(one, one.before) },
  { name: "Annotator, quote and context only", answer: async (one) => ours(one, null) },
  { name: "Hypothesis client's quote matching", answer: peer(hypothesisClient) },
  { name: "dom-anchor-text-quote 4.0.2", answer: peer(domAnchorTextQuote) },
  { name: "@apache-annotator/selector 0.2.0", answer: peer(apacheAnnotator) },
];

function ours(one: Case, before: readonly Paragraph[] | null): Answer {
  const start = performance.now();
  const [found] = anchor(before, one.after, [one.target]);
  const milliseconds = performance.now() - start;
  if (!found?.start) return { found: null, milliseconds, anchor: found ?? null };
  const span = [offsetOf(one.after, found.start), offsetOf(one.after, found.end)] as const;
  return { found: span, milliseconds, anchor: found };
}

function peer(search: (what: Search) => Found | Promise<Found>): Engine["answer"] {
  return async (one) => {
    const join = (paragraphs: readonly Paragraph[]): string =>
      paragraphs.map(({ text }) => text).join(PARAGRAPH_BREAK);
    const text = join(one.after);
    const hint = toUnits(join(one.before), one.stretch[0]) ?? 0;
    const start = performance.now();
    const found = await search({ ...one.target.quote, text, hint });
    const milliseconds = performance.now() - start;
    return {
      found: found && [toPoints(text, found.start), toPoints(text, found.end)],
      milliseconds,
      anchor: null,
    };
  };
}
