/** The development cases: highlights on two versions of a page, with where the text stands in the second. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { toPoints, toUnits } from "../../extension/anchoring/page.ts";
import type { AnchorTarget, Paragraph, Position } from "../../extension/anchoring/types.ts";
import { PARAGRAPH_BREAK } from "../../extension/anchoring/types.ts";

export type Status = "unchanged" | "edited" | "moved" | "ambiguous" | "deleted";

/** Half-open, in code points of the whole text, paragraphs joined by a blank line. */
export type Stretch = readonly [start: number, end: number];

export interface Case {
  readonly id: string;
  readonly source: string;
  readonly lang: string;
  readonly kind: string;
  readonly mutation: string | null;
  readonly status: Status;
  readonly before: readonly Paragraph[];
  readonly after: readonly Paragraph[];
  readonly target: AnchorTarget;
  /** Where the quote stands in the old text. */
  readonly stretch: Stretch;
  /** Any of these is a right answer; none when the text is gone. */
  readonly gold: readonly Stretch[];
}

interface Line {
  id: string;
  source: string;
  lang: string;
  kind: string;
  mutation?: string;
  quote: string;
  prefix: string;
  suffix: string;
  start: number;
  end: number;
  before_text: string[];
  after_text: string[];
  gold: {
    status: Status;
    start: number | null;
    end: number | null;
    core_start: number | null;
    core_end: number | null;
    alts?: Stretch[];
  };
}

export type Collection = "real" | "constructed";

export function readCases(collection: Collection): Case[] {
  const file = new URL(`cases/${collection}.jsonl.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  return lines.map((line) => toCase(JSON.parse(line) as Line));
}

function toCase(line: Line): Case {
  const { gold } = line;
  const spans: Stretch[] = [...(gold.alts ?? [])];
  if (gold.start !== null && gold.end !== null) spans.push([gold.start, gold.end]);
  if (gold.core_start !== null && gold.core_end !== null) spans.push([gold.core_start, gold.core_end]);
  return {
    id: line.id,
    source: line.source,
    lang: line.lang,
    kind: line.kind,
    mutation: line.mutation ?? null,
    status: gold.status,
    before: line.before_text.map((text) => ({ kind: "p", text })),
    after: line.after_text.map((text) => ({ kind: "p", text })),
    target: {
      start: positionAt(line.before_text, line.start, false),
      end: positionAt(line.before_text, line.end, true),
      quote: { exact: line.quote, prefix: line.prefix, suffix: line.suffix },
    },
    stretch: [line.start, line.end],
    gold: gold.start === null ? [] : spans,
  };
}

function points(text: string): number {
  return toPoints(text, text.length);
}

/** The paragraph and offset of an offset into the whole text; an end belongs to the paragraph it closes. */
function positionAt(texts: readonly string[], offset: number, isEnd: boolean): Position {
  let start = 0;
  for (const [paragraph, text] of texts.entries()) {
    const end = start + points(text);
    if (offset < end || (isEnd && offset === end)) return { paragraph, offset: offset - start };
    start = end + PARAGRAPH_BREAK.length;
  }
  throw new RangeError(`offset ${offset} is outside the text`);
}

/** The offset into the whole text of a position. */
export function offsetOf(paragraphs: readonly Paragraph[], position: Position): number {
  const before = paragraphs.slice(0, position.paragraph);
  return before.reduce((sum, { text }) => sum + points(text) + PARAGRAPH_BREAK.length, position.offset);
}

/** UTF-16 offset in a text to code points, for engines that count UTF-16; and back. */
export { toPoints, toUnits };
