import { describe, expect, test } from "vitest";
import { type Case, type Collection, offsetOf, readCases } from "../../../bench/anchoring/cases.ts";
import { falsify, isDishonest } from "../../../bench/anchoring/honesty.ts";
import { judge, rates } from "../../../bench/anchoring/score.ts";
import { anchor } from "../../../extension/anchoring/anchor.ts";
import type { Anchor } from "../../../extension/anchoring/types.ts";

function answers(collection: Collection, known: boolean): { one: Case; found: Anchor }[] {
  return readCases(collection).map((one) => {
    const [found] = anchor(known ? one.before : null, one.after, [one.target]);
    if (!found) throw new Error(`${one.id}: no answer`);
    return { one, found };
  });
}

function scored(all: readonly { one: Case; found: Anchor }[]) {
  return rates(
    all.map(({ one, found }) =>
      judge(one, found.start && [offsetOf(one.after, found.start), offsetOf(one.after, found.end)]),
    ),
  );
}

describe("on the development cases", { timeout: 60_000 }, () => {
  test("real revisions: 97 % right, recall 96.5, wrong place 0.5, false anchor 2.5", () => {
    const all = answers("real", true);
    const { cases, right, recall, wrong, falseAnchor } = scored(all);
    expect(cases).toBe(836);
    expect(right).toBeGreaterThanOrEqual(97);
    expect(recall).toBeGreaterThanOrEqual(96.5);
    expect(wrong).toBeLessThanOrEqual(0.5);
    expect(falseAnchor).toBeLessThanOrEqual(2.5);
    expect(all.filter(({ one, found }) => isDishonest(one, found))).toEqual([]);
  });

  test("real revisions without the old page: recall 96, false anchor 6.5", () => {
    const all = answers("real", false);
    const { recall, falseAnchor } = scored(all);
    expect(recall).toBeGreaterThanOrEqual(96);
    expect(falseAnchor).toBeLessThanOrEqual(6.5);
    expect(all.filter(({ one, found }) => isDishonest(one, found))).toEqual([]);
  });

  test("constructed changes: 98 % right, false anchor 1, look-alikes 98", () => {
    const all = answers("constructed", true);
    const { cases, right, falseAnchor } = scored(all);
    expect(cases).toBe(250);
    expect(right).toBeGreaterThanOrEqual(98);
    expect(falseAnchor).toBeLessThanOrEqual(1);
    expect(
      scored(all.filter(({ one }) => one.mutation === "deleted_distractor")).right,
    ).toBeGreaterThanOrEqual(98);
  });

  test("a changed number, name or negation is never called the same", () => {
    const falsified = readCases("constructed").flatMap(falsify);
    expect(falsified.length).toBeGreaterThan(100);
    expect(falsified.filter(({ answer }) => answer.state === "exact" || answer.state === "moved")).toEqual(
      [],
    );
  });
});
