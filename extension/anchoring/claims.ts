/** Which new words an old paragraph already explains: for any other quote they are worth next to nothing. */

import type { Alignment } from "./align-paragraphs.ts";
import { alignWords, type Pairing } from "./align-words.ts";
import type { Budget } from "./budget.ts";
import type { Page } from "./page.ts";
import type { Passage } from "./passage.ts";
import type { Wanted } from "./survivors.ts";
import type { Lexicon } from "./words.ts";

/** How much such a word is believed. */
const DISTRUST = 0.1;
/** Worth from which a pair of words counts as explained. */
const EXPLAINED = 0.5;

/** An old passage aligned with a new one; `text` is the new one. */
export interface Aligned {
  readonly text: Passage;
  readonly pairing: Pairing;
}

interface Pages {
  readonly old: Page;
  readonly fresh: Page;
  readonly lexicon: Lexicon;
  readonly budget: Budget;
  readonly alignment: Alignment;
}

export class Claims {
  private readonly pages: Pages;
  private readonly known = new Map<number, Uint8Array>();

  constructor(pages: Pages) {
    this.pages = pages;
  }

  /** How much each word of a new passage is believed to be of the old paragraphs first..last. */
  trust(text: Passage, first: number, last: number): Float32Array {
    const trust = new Float32Array(text.ids.length).fill(1);
    let at = 0;
    while (at < trust.length) {
      const paragraph = text.paragraphs[at] as number;
      const by = this.pages.alignment.owner[paragraph] as number;
      const claimed = by >= 0 && (by < first || by > last) ? this.on(paragraph, by) : null;
      for (let word = 0; at < trust.length && text.paragraphs[at] === paragraph; at++, word++) {
        if (claimed?.[word] === 1) trust[at] = DISTRUST;
      }
    }
    return trust;
  }

  /** Which words of a new paragraph its own old paragraph explains. */
  private on(paragraph: number, by: number): Uint8Array {
    const known = this.known.get(paragraph);
    if (known !== undefined) return known;
    const { old, fresh, lexicon, budget, alignment } = this.pages;
    const { ids } = fresh.words(paragraph);
    const claimed = new Uint8Array(ids.length);
    if (alignment.same[paragraph] === 1) claimed.fill(1);
    else {
      const sides = { old: old.words(by).ids, new: ids, trust: null, skip: 0 };
      for (const there of alignWords(sides, lexicon, budget)?.to ?? []) if (there >= 0) claimed[there] = 1;
    }
    this.known.set(paragraph, claimed);
    return claimed;
  }
}

/** Words that the rest of the quote's own paragraph explains are not the quote's either. */
export function distrustOwn(text: Passage, trust: Float32Array, wanted: Wanted, near: Aligned): void {
  const taken = new Set<string>();
  const name = (of: Passage, word: number): string => `${of.paragraphs[word]} ${of.starts[word]}`;
  for (const [at, there] of near.pairing.to.entries()) {
    const ownWord = at >= wanted.from && at < wanted.to;
    if (there < 0 || ownWord || (near.pairing.worth[at] as number) < EXPLAINED) continue;
    taken.add(name(near.text, there));
  }
  if (taken.size === 0) return;
  for (let at = 0; at < trust.length; at++) if (taken.has(name(text, at))) trust[at] = DISTRUST;
}
