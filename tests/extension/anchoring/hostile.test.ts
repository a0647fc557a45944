import { describe, expect, test } from "vitest";
import { anchor, inSteps } from "../../../extension/anchoring/anchor.ts";
import { Budget, STEPS } from "../../../extension/anchoring/budget.ts";
import type { AnchorTarget, Paragraph } from "../../../extension/anchoring/types.ts";
import { page } from "./page.ts";

/** Numbers that look random and are the same at every run. */
function sequence(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 0x1000000;
  };
}

function words(count: number, random: () => number): string {
  return Array.from({ length: count }, () => `w${Math.floor(random() ** 2 * 4_000)}`).join(" ");
}

function targets(paragraphs: readonly Paragraph[], count: number, length: number): AnchorTarget[] {
  return Array.from({ length: count }, (_, at) => {
    const paragraph = Math.floor((at / count) * paragraphs.length);
    const text = paragraphs[paragraph]?.text ?? "";
    const from = paragraphs.length === 1 ? Math.floor((at / count) * (text.length - length)) : 0;
    const to = Math.min(text.length, from + length);
    return {
      start: { paragraph, offset: from },
      end: { paragraph, offset: to },
      quote: {
        exact: text.slice(from, to),
        prefix: text.slice(Math.max(0, from - 32), from),
        suffix: text.slice(to, to + 32),
      },
    };
  });
}

const random = sequence();
const giant = page(words(350_000, random));
const rewritten = page((giant[0]?.text ?? "").replace(/w\d*7/g, "x"));
const letters = page(...Array.from({ length: 100_000 }, () => "abcdefgh"[Math.floor(random() * 8)] ?? "a"));
const otherLetters = page(
  ...Array.from({ length: 100_000 }, () => "abcdefgh"[Math.floor(random() * 8)] ?? "a"),
);
const sentence = words(20, random);
const copies = page(...Array.from({ length: 5_000 }, () => sentence));

/** Steps, not seconds, are promised; the seconds are generous since other tests share the machine. */
describe("a hostile page ends soon, with an answer to everything", { timeout: 20_000 }, () => {
  test.each([
    ["2 MB in one paragraph, edited all over", giant, rewritten, targets(giant, 50, 150)],
    ["100,000 paragraphs of one letter", letters, otherLetters, targets(letters, 50, 1)],
    ["5,000 copies of the quote", page(sentence), copies, targets(page(sentence), 1, sentence.length)],
    ["5,000 copies, and 5,000 before", copies, copies, targets(copies, 50, sentence.length)],
  ])("%s", (_, old, fresh, wanted) => {
    for (const before of [old, null]) {
      const budget = new Budget();
      expect(anchor(before, fresh, wanted, budget)).toHaveLength(wanted.length);
      expect(budget.left).toBeGreaterThanOrEqual(0);
    }
  });
});

test("most of a giant paragraph's highlights are found again in their words", { timeout: 20_000 }, () => {
  const found = anchor(giant, rewritten, targets(giant, 50, 150));
  expect(found.filter(({ state }) => state === "edited" || state === "exact").length).toBeGreaterThan(45);
});

const many = page(...Array.from({ length: 3_000 }, () => words(60, random)));
const manyRewritten = many.map(
  ({ kind, text }): Paragraph => ({ kind, text: text.replace(/w\d*[37]/g, "x") }),
);

test("others get their turn while two long pages are aligned", { timeout: 20_000 }, () => {
  for (const [old, fresh] of [
    [many, manyRewritten],
    [giant, rewritten],
  ] as const) {
    const budget = new Budget();
    const work = inSteps(old, fresh, targets(old, 20, 150), budget);
    let longest = 0;
    for (let before = budget.left; !work.next().done; before = budget.left)
      longest = Math.max(longest, before - budget.left);
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(STEPS / 40);
  }
});

test("what it had no steps left for is not said to be gone, and is found when it is asked for alone", () => {
  const wanted = targets(many, 20, 150);
  const short = anchor(many, manyRewritten, wanted, new Budget(STEPS / 20));
  const open = wanted.filter((_, at) => short[at]?.state === "pending");
  expect(open.length).toBeGreaterThan(0);
  expect(anchor(many, manyRewritten, open).map(({ state }) => state)).not.toContain("pending");
});
