/** Scoring: what an answer is worth against the gold span, and the rates of many. */

import type { Case, Stretch } from "./cases.ts";

export type Verdict = "right" | "partial" | "wrong" | "lost" | "gone" | "false";

/** Intersection over union from which an answer is right, and below which it is another place. */
const RIGHT = 0.8;
const WRONG = 0.2;

/** `right`, `partial`, `wrong` and `lost` for text that survives; `gone` (rightly) and `false` for text that does not. */
export function judge({ gold }: Case, found: Stretch | null): Verdict {
  if (gold.length === 0) return found === null ? "gone" : "false";
  if (found === null) return "lost";
  const best = Math.max(...gold.map((span) => overlap(found, span)));
  if (best >= RIGHT) return "right";
  return best < WRONG ? "wrong" : "partial";
}

function overlap(one: Stretch, other: Stretch): number {
  const shared = Math.min(one[1], other[1]) - Math.max(one[0], other[0]);
  return shared <= 0 ? 0 : shared / (Math.max(one[1], other[1]) - Math.min(one[0], other[0]));
}

/** Percentages; null where there is nothing to count. */
export interface Rates {
  readonly cases: number;
  readonly right: number | null;
  readonly recall: number | null;
  readonly partial: number | null;
  readonly wrong: number | null;
  readonly lost: number | null;
  readonly falseAnchor: number | null;
}

export function rates(verdicts: readonly Verdict[]): Rates {
  const count = (...which: Verdict[]): number => verdicts.filter((verdict) => which.includes(verdict)).length;
  const alive = count("right", "partial", "wrong", "lost");
  const gone = count("gone", "false");
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);
  return {
    cases: verdicts.length,
    right: share(count("right", "gone"), verdicts.length),
    recall: share(count("right"), alive),
    partial: share(count("partial"), alive),
    wrong: share(count("wrong"), alive),
    lost: share(count("lost"), alive),
    falseAnchor: share(count("false"), gone),
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
