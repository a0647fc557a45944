/** The fast path with the old page: what stands before the first change or after the last one stands where it stood. */

import type { PlaceSpan } from "./page.ts";
import type { Finding } from "./verdict.ts";

/** How many paragraphs two versions share from the start, and how many more from the end. */
export interface CommonEnds {
  readonly head: number;
  readonly tail: number;
  readonly old: number;
  readonly fresh: number;
}

export function commonEnds(old: readonly string[], fresh: readonly string[]): CommonEnds {
  const most = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < most && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
  return { head, tail, old: old.length, fresh: fresh.length };
}

/**
 * The span where it stands in the common ends; null where it does not. The paragraph next to a change is left to the
 * alignment: a copy of it may have been put beside it.
 */
export function inCommonEnds({ head, tail, old, fresh }: CommonEnds, span: PlaceSpan): Finding | null {
  const unchanged = head === old && head === fresh;
  if (unchanged || span.end.paragraph < head - 1) return { span, survival: 1, inPlace: true };
  if (span.start.paragraph <= old - tail) return null;
  const move = fresh - old;
  const start = { ...span.start, paragraph: span.start.paragraph + move };
  return {
    span: { start, end: { ...span.end, paragraph: span.end.paragraph + move } },
    survival: 1,
    inPlace: true,
  };
}
