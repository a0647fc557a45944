/** The fast path without the old page: a quote that stands once, character by character, with all its context. */

import type { Budget } from "./budget.ts";
import { toPoints } from "./page.ts";
import { type Anchor, PARAGRAPH_BREAK, type Paragraph, type Position, type Quote } from "./types.ts";

/** Characters of context without which a single copy says too little. */
const LEAST_CONTEXT = 16;
/** Characters that a search for one string passes in a step. */
const CHARACTERS_A_STEP = 16;

export class VerbatimText {
  private readonly paragraphs: readonly Paragraph[];
  private readonly text: string;
  private readonly starts: number[] = [];
  private readonly budget: Budget;

  constructor(paragraphs: readonly Paragraph[], budget: Budget) {
    this.paragraphs = paragraphs;
    this.budget = budget;
    this.text = paragraphs.map(({ text }) => text).join(PARAGRAPH_BREAK);
    let start = 0;
    for (const { text } of paragraphs) {
      this.starts.push(start);
      start += text.length + PARAGRAPH_BREAK.length;
    }
  }

  /** `exact` where quote and context stand once; null where they do not, or more often. */
  find({ exact, prefix, suffix }: Quote): Anchor | null {
    if (exact.trim() === "" || prefix.length + suffix.length < LEAST_CONTEXT) return null;
    if (!this.budget.spend((2 * this.text.length) / CHARACTERS_A_STEP)) return null;
    const sought = prefix + exact + suffix;
    const at = this.text.indexOf(sought);
    if (at < 0 || this.text.indexOf(sought, at + 1) >= 0) return null;
    const start = this.position(at + prefix.length, false);
    const end = this.position(at + prefix.length + exact.length, true);
    return { state: "exact", start, end, text: exact };
  }

  /** An end that falls on a border belongs to the paragraph it closes. */
  private position(offset: number, isEnd: boolean): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const start = this.starts[middle] as number;
      if (isEnd ? start < offset : start <= offset) low = middle;
      else high = middle - 1;
    }
    const { text } = this.paragraphs[low] as Paragraph;
    return {
      paragraph: low,
      offset: toPoints(text, Math.min(text.length, offset - (this.starts[low] as number))),
    };
  }
}
