/** Whether what survives is enough, and where: numbers measured on `bench/anchoring`. */

import type { PlaceSpan } from "./page.ts";
import type { Survivors } from "./survivors.ts";
import { GONE, TWINS, type Verdict } from "./verdict.ts";

/** Survival from which a quote is found in its place, by how many of its neighbours still stand beside it. */
const LEAST = [0.5, 0.5, 0.35] as const;
/** The same for a quote of three words or fewer: they find each other anywhere. */
const LEAST_SHORT = [0.7, 0.55, 0.35] as const;
const SHORT = 3;
/** What is asked more where the paragraph was found out of order. */
const STRAYED = 0.2;
/** Survival from which it is found elsewhere, among words that nothing else explains. */
const LEAST_ELSEWHERE = 0.7;
const LEAST_ELSEWHERE_SHORT = 0.95;
/** Elsewhere wins over its place only when so much more survives there. */
const BETTER_BY = 0.25;
/** Two places are equally good when their survival differs by less. */
const EQUAL = 0.02;

export interface Candidate {
  readonly survivors: Survivors;
  readonly span: PlaceSpan;
}

export interface Question {
  /** Words of the quote. */
  readonly words: number;
  /** Its paragraph was found, but out of order. */
  readonly strayed: boolean;
  /** What survives in its place, if anything does. */
  readonly here: Candidate | null;
  /** What survives elsewhere, best first. */
  readonly others: readonly Candidate[];
}

export function decide({ words, strayed, here, others }: Question): Verdict {
  const short = words <= SHORT;
  const held = here?.survivors.held ?? 0;
  const least = ((short ? LEAST_SHORT : LEAST)[held] as number) + (strayed ? STRAYED : 0);
  const [there, second] = others;
  const hereSurvival = here?.survivors.survival ?? 0;
  const thereSurvival = there?.survivors.survival ?? 0;
  const thereCounts = thereSurvival >= (short ? LEAST_ELSEWHERE_SHORT : LEAST_ELSEWHERE);
  if (here && hereSurvival >= least && !(thereCounts && thereSurvival > hereSurvival + BETTER_BY))
    return { found: { span: here.span, survival: hereSurvival, inPlace: !strayed } };
  if (!there || !thereCounts) return GONE;
  if (second && second.survivors.survival >= thereSurvival - EQUAL) return TWINS;
  return { found: { span: there.span, survival: thereSurvival, inPlace: false } };
}
