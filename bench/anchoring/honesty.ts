/** Whether the states are true: `exact` and `moved` only where every word is the same. Words are cut anew here. */

import { anchor } from "../../extension/anchoring/anchor.ts";
import type { Anchor } from "../../extension/anchoring/types.ts";
import type { Case } from "./cases.ts";

/** The words of a text, without typography: neither marks of direction nor soft hyphens nor tatweel are letters. */
export function wordsOf(text: string): string {
  const plain = text.normalize("NFC").replace(/[\p{Cf}\u0640]/gu, "");
  return (
    plain.replace(/[ﬀ-ﬆ]/gu, (letters) => letters.normalize("NFKC")).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  ).join(" ");
}

/** `exact` or `moved`, but other words. */
export function isDishonest(one: Case, { state, text }: Anchor): boolean {
  return (state === "exact" || state === "moved") && wordsOf(one.target.quote.exact) !== wordsOf(text);
}

/** `edited`, though nothing at all differs. */
export function isOverCautious(one: Case, { state, text }: Anchor): boolean {
  return state === "edited" && one.target.quote.exact === text;
}

export interface Falsified {
  readonly what: "number" | "name" | "negation";
  readonly answer: Anchor;
}

/** Change one number, one name, or add a negation inside a quote that stands verbatim, and ask the engine again. */
export function falsify(one: Case): Falsified[] {
  const { exact } = one.target.quote;
  const results: Falsified[] = [];
  for (const [what, change] of Object.entries(CHANGES)) {
    const changed = change(exact);
    if (changed === null || changed === exact) continue;
    const after = one.after.map((paragraph) => ({
      ...paragraph,
      text: paragraph.text.replaceAll(exact, changed),
    }));
    if (after.every(({ text }, at) => text === one.after[at]?.text)) continue;
    for (const before of [one.before, null]) {
      const [answer] = anchor(before, after, [one.target]);
      if (answer) results.push({ what: what as Falsified["what"], answer });
    }
  }
  return results;
}

const CHANGES = {
  number: (text: string): string | null =>
    /\d/.test(text) ? text.replace(/\d/, (digit) => String((Number(digit) + 3) % 10)) : null,
  name: (text: string): string | null =>
    /\s\p{Lu}\p{Ll}{3,}/u.test(text) ? text.replace(/\s\p{Lu}\p{Ll}{3,}/u, " Montgomery") : null,
  negation: (text: string): string | null => {
    const words = text.split(" ");
    return words.length < 4 ? null : [...words.slice(0, 2), "not", ...words.slice(2)].join(" ");
  },
};
