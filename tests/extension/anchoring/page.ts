/** Small pages and targets for the tests. */

import type { AnchorTarget, Paragraph } from "../../../extension/anchoring/types.ts";
import { quoteAt } from "../../../extension/paragraphs.ts";

export function page(...texts: string[]): Paragraph[] {
  return texts.map((text) => ({ kind: "p", text }));
}

/** The target of words that stand once in the paragraphs; in several, `from` and `to` are its first and last words. */
export function targetOf(paragraphs: readonly Paragraph[], from: string, to = from): AnchorTarget {
  const first = paragraphs.findIndex(({ text }) => text.includes(from));
  const last = paragraphs.findIndex(({ text }, at) => at >= first && text.includes(to));
  const head = paragraphs[first]?.text;
  const tail = paragraphs[last]?.text;
  if (head === undefined || tail === undefined) throw new Error(`nothing says ${from} … ${to}`);
  const points = (text: string): number => [...text].length;
  const start = { paragraph: first, offset: points(head.slice(0, head.indexOf(from))) };
  const end = { paragraph: last, offset: points(tail.slice(0, tail.indexOf(to) + to.length)) };
  return { start, end, quote: quoteAt(paragraphs, { start, end }) };
}
