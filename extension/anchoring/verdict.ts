/** What the engine found out about one quote, before it is put in the model's words. */

import type { PlaceSpan } from "./page.ts";

export interface Finding {
  readonly span: PlaceSpan;
  /** Share of the quote that survives there, 0 to 1. */
  readonly survival: number;
  /** It stands in the common order of both versions, or among its own words. */
  readonly inPlace: boolean;
}

/** Nothing found: since it is gone, since several places are equally good, or since it has no words to look for. */
export interface Nothing {
  readonly found: null;
  readonly twins: boolean;
  readonly unread: boolean;
}

export type Verdict = { readonly found: Finding } | Nothing;

export const GONE: Nothing = { found: null, twins: false, unread: false };
export const TWINS: Nothing = { found: null, twins: true, unread: false };
export const UNREAD: Nothing = { found: null, twins: false, unread: true };
