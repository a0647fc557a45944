/**
 * A page's text at one moment, with the way back: DOM points -> positions -> Ranges.
 * Inside this file offsets count UTF-16 units, as the DOM does; positions that leave it count code points.
 */

import type { Position, Span } from "../anchoring/types.ts";
import type { DraftTarget } from "../model.ts";
import { comparePositions, quoteAt, toCodePoints, toUtf16 } from "../paragraphs.ts";
import type { Composed, Run } from "./composer.ts";
import { comparerAt, outwards, type Point } from "./points.ts";

/** A place in UTF-16 units. */
interface Place {
  readonly paragraph: number;
  readonly at: number;
}

/** Where the runs of one text node stand: all in one paragraph, next to each other. */
interface Home {
  readonly paragraph: number;
  readonly first: number;
  count: number;
}

export class Reading {
  readonly paragraphs: readonly Composed[];
  readonly roots: readonly (Document | ShadowRoot)[];
  private homes: Map<Text, Home> | null = null;

  constructor(paragraphs: readonly Composed[], roots: readonly (Document | ShadowRoot)[]) {
    this.paragraphs = paragraphs;
    this.roots = roots;
  }

  /** What was selected, without the white space at its edges; null where it holds no text of the page. */
  span(start: Point, end: Point): Span | null {
    const from = this.placeInText(start, "start") ?? this.firstBetween(start, end);
    const to = this.placeInText(end, "end") ?? this.lastBetween(start, end);
    const trimmed = from === null || to === null ? null : this.trim(from, to);
    if (trimmed === null) return null;
    return { start: this.position(trimmed.from), end: this.position(trimmed.to) };
  }

  target(start: Point, end: Point): DraftTarget | null {
    const span = this.span(start, end);
    return span === null ? null : { ...span, quote: quoteAt(this.paragraphs, span) };
  }

  /**
   * The Ranges that show a span: one for each paragraph, more where a paragraph goes through shadow roots, since no
   * Range crosses their border, and since what lies between two paragraphs is no part of the text. Empty where the page
   * has changed there since it was read: better no highlight than one on other words.
   */
  ranges(span: Span): Range[] {
    const ranges: Range[] = [];
    if (comparePositions(span.start, span.end) >= 0) return ranges;
    for (let index = span.start.paragraph; index <= span.end.paragraph; index++) {
      const paragraph = this.paragraphs[index];
      if (paragraph === undefined) return [];
      const from = index === span.start.paragraph ? toUtf16(paragraph.text, span.start.offset) : 0;
      const to =
        index === span.end.paragraph ? toUtf16(paragraph.text, span.end.offset) : paragraph.text.length;
      const runs = paragraph.runs.slice(firstEndingAfter(paragraph.runs, from)).filter((run) => run.at < to);
      if (!runs.every((run) => stands(run, paragraph.text))) return [];
      ranges.push(...rangesOf(runs, from, to));
    }
    return ranges;
  }

  private position({ paragraph, at }: Place): Position {
    return { paragraph, offset: toCodePoints(this.paragraphs[paragraph]?.text ?? "", at) };
  }

  /** Null where the text node is none of the page's text, or holds none on the side that counts. */
  private placeInText({ node, offset }: Point, side: "start" | "end"): Place | null {
    if (node.nodeType !== Node.TEXT_NODE) return null;
    const home = this.homeOf(node as Text);
    if (home === undefined) return null;
    const runs = (this.paragraphs[home.paragraph] as Composed).runs.slice(
      home.first,
      home.first + home.count,
    );
    if (side === "start") {
      const run = runs.find((candidate) => offset < candidate.from + candidate.size);
      return run ? { paragraph: home.paragraph, at: run.at + Math.max(0, offset - run.from) } : null;
    }
    const run = runs.findLast((candidate) => candidate.from < offset);
    return run ? { paragraph: home.paragraph, at: run.at + Math.min(run.size, offset - run.from) } : null;
  }

  private homeOf(node: Text): Home | undefined {
    if (this.homes === null) {
      this.homes = new Map();
      for (const [paragraph, { runs }] of this.paragraphs.entries()) {
        for (const [first, run] of runs.entries()) {
          const home = this.homes.get(run.node);
          if (home === undefined) this.homes.set(run.node, { paragraph, first, count: 1 });
          else if (home.paragraph === paragraph) home.count = first - home.first + 1;
        }
      }
    }
    return this.homes.get(node);
  }

  /** The first text after a point that is not after the other: slots can show text in another order than its tree has. */
  private firstBetween(start: Point, end: Point): Place | null {
    const beforeEnd = comparerAt(end);
    for (const here of outwards(start, 1)) {
      const compare = comparerAt(here);
      for (const [paragraph, { runs }] of this.paragraphs.entries()) {
        const run = runs.find(
          (candidate) => compare(candidate) === "after" && beforeEnd(candidate) !== "after",
        );
        if (run !== undefined) return { paragraph, at: run.at };
      }
    }
    return null;
  }

  private lastBetween(start: Point, end: Point): Place | null {
    const afterStart = comparerAt(start);
    for (const here of outwards(end, 0)) {
      const compare = comparerAt(here);
      for (let paragraph = this.paragraphs.length - 1; paragraph >= 0; paragraph--) {
        const runs = (this.paragraphs[paragraph] as Composed).runs;
        const run = runs.findLast(
          (candidate) => compare(candidate) === "before" && afterStart(candidate) !== "before",
        );
        if (run !== undefined) return { paragraph, at: run.at + run.size };
      }
    }
    return null;
  }

  private trim(from: Place, to: Place): { from: Place; to: Place } | null {
    let { paragraph, at } = from;
    let text = this.text(paragraph);
    for (;;) {
      const skipped = text.slice(at).search(/\S/);
      if (skipped >= 0) {
        at += skipped;
        break;
      }
      if (++paragraph >= this.paragraphs.length) return null;
      at = 0;
      text = this.text(paragraph);
    }
    const last = this.trimEnd(to);
    if (last === null || last.paragraph < paragraph) return null;
    if (last.paragraph === paragraph && last.at <= at) return null;
    return { from: { paragraph, at: wholePair(text, at, -1) }, to: last };
  }

  private trimEnd({ paragraph, at }: Place): Place | null {
    for (let index = paragraph, end = at; index >= 0; index--) {
      const text = this.text(index);
      const kept = text.slice(0, index === paragraph ? end : text.length).trimEnd().length;
      if (kept > 0) return { paragraph: index, at: wholePair(text, kept, 1) };
      end = 0;
    }
    return null;
  }

  private text(paragraph: number): string {
    return this.paragraphs[paragraph]?.text ?? "";
  }
}

const WHITE = /[ \t\n\r\f]/g;

/** Whether the text node still holds what was read from it. */
function stands({ node, from, at, size }: Run, text: string): boolean {
  if (!node.isConnected) return false;
  const now = node.data.slice(from, from + size);
  const then = text.slice(at, at + size);
  return now === then || now.replace(WHITE, " ") === then.replace(WHITE, " ");
}

/** Moves an offset out of the middle of a surrogate pair. */
function wholePair(text: string, at: number, step: 1 | -1): number {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff && at > 0 ? at + step : at;
}

function rangesOf(runs: readonly Run[], from: number, to: number): Range[] {
  const ranges: Range[] = [];
  let group: Run[] = [];
  for (const run of runs) {
    const first = group[0];
    if (first !== undefined && first.node.getRootNode() !== run.node.getRootNode()) {
      ranges.push(...rangesOfGroup(group, from, to));
      group = [];
    }
    group.push(run);
  }
  return [...ranges, ...rangesOfGroup(group, from, to)];
}

/** Runs of one tree: one Range, or one for each run where slots show them in another order than the tree has. */
function rangesOfGroup(runs: readonly Run[], from: number, to: number): Range[] {
  const first = runs[0];
  const last = runs[runs.length - 1];
  if (first === undefined || last === undefined) return [];
  const range = first.node.ownerDocument.createRange();
  const startAt = first.from + Math.max(0, from - first.at);
  const endAt = last.from + Math.min(last.size, to - last.at);
  range.setStart(first.node, startAt);
  range.setEnd(last.node, endAt);
  if (!range.collapsed) return [range];
  return runs.length === 1 ? [] : runs.flatMap((run) => rangesOfGroup([run], from, to));
}

function firstEndingAfter(runs: readonly Run[], at: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const run = runs[middle] as Run;
    if (run.at + run.size <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
