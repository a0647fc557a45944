import { describe, expect, test } from "vitest";
import { anchor, anchorInSlices } from "../../../extension/anchoring/anchor.ts";
import { Budget } from "../../../extension/anchoring/budget.ts";
import type { Anchor, AnchorTarget, Paragraph } from "../../../extension/anchoring/types.ts";
import { page, targetOf } from "./page.ts";

const STORY = page(
  "Prices rise again",
  "The central bank said on Monday that prices rose 21 % over the year, more than anyone had expected.",
  "Farmers blame the drought. Shops blame the farmers. Nobody blames the weather forecast.",
  "The minister was not available for comment, her office told reporters in the capital.",
  "Related: how to save water at home",
);

function one(old: readonly Paragraph[] | null, fresh: readonly Paragraph[], target: AnchorTarget): Anchor {
  const [found] = anchor(old, fresh, [target]);
  if (!found) throw new Error("no answer");
  return found;
}

function changed(...changes: [string, string][]): Paragraph[] {
  return STORY.map(({ kind, text }) => ({
    kind,
    text: changes.reduce((said, [from, to]) => said.replace(from, to), text),
  }));
}

const RISE = targetOf(STORY, "prices rose 21 % over the year");
const SHOPS = targetOf(STORY, "Shops blame the farmers.");

describe.each([
  ["with the old paragraphs", STORY],
  ["from quote and context", null],
])("%s", (_, old) => {
  test("an unchanged page keeps a highlight exact, at its place", () => {
    expect(one(old, STORY, RISE)).toEqual({
      state: "exact",
      start: RISE.start,
      end: RISE.end,
      text: RISE.quote.exact,
    });
  });

  test("an advertisement above it does not make it moved", () => {
    const found = one(old, page("Advertisement", ...STORY.map(({ text }) => text)), RISE);
    expect(found.state).toBe("exact");
    expect(found.start).toEqual({ paragraph: 2, offset: RISE.start.offset });
  });

  test.each([
    ["a number", "21 %", "12 %"],
    ["a verb and a number", "rose 21 %", "fell 12 %"],
    ["one letter", "rose", "rises"],
    ["a negation", "prices rose", "prices never rose"],
    ["a capital", "over the year", "over the Year"],
  ])("%s changed is edited, with the new words", (_, from, to) => {
    const found = one(old, changed([from, to]), RISE);
    expect(found).toMatchObject({ state: "edited", text: RISE.quote.exact.replace(from, to) });
  });

  test("other quotation marks, dashes and spaces are the same words", () => {
    const before = page("He said “well-known facts” are “rare” in this part of the country these days.");
    const after = page(
      'He said "well\u2010known\u00a0facts" are "rare" in this part of the country these days.',
    );
    const target = targetOf(before, "“well-known facts” are “rare”");
    expect(one(old && before, after, target).state).toBe("exact");
  });

  test("a deleted sentence is orphaned", () => {
    const fresh = changed(["Shops blame the farmers. ", ""]);
    expect(one(old, fresh, SHOPS)).toEqual({ state: "orphaned", start: null, end: null, text: "" });
  });

  test("words behind an emoji are counted in code points", () => {
    const before = page("😀😀 The quick brown fox jumps over the lazy dog 😀 every day.");
    const target = targetOf(before, "lazy dog 😀 every");
    const found = one(old && before, page("😀 Hello", `😀${before[0]?.text}`), target);
    expect(found).toMatchObject({
      start: { paragraph: 1, offset: target.start.offset + 1 },
      text: "lazy dog 😀 every",
    });
  });

  test("a highlight across paragraphs is found across paragraphs", () => {
    const target = targetOf(STORY, "Nobody blames the weather forecast.", "The minister was not available");
    const found = one(old, page("Advertisement", ...STORY.map(({ text }) => text)), target);
    expect(found).toMatchObject({
      state: "exact",
      text: target.quote.exact,
      start: { paragraph: 3 },
      end: { paragraph: 4 },
    });
  });

  test("an empty page and an empty list of targets are answered", () => {
    expect(one(old, [], RISE).state).toBe("orphaned");
    expect(anchor(old, STORY, [])).toEqual([]);
  });

  test("a quote without words is found where it stands, or not at all", () => {
    const before = page("Well 😀🎉 then, so be it.", "And that was that.");
    const target = targetOf(before, "😀🎉");
    expect(one(old && before, before, target)).toMatchObject({ state: "exact", text: "😀🎉" });
    expect(one(old && before, page("Well then, so be it."), target).state).toBe("orphaned");
  });
});

test("a paragraph that went elsewhere is moved", () => {
  const [title, prices, farmers, minister, related] = STORY as [
    Paragraph,
    Paragraph,
    Paragraph,
    Paragraph,
    Paragraph,
  ];
  const found = one(
    STORY,
    [title, farmers, minister, related, prices],
    targetOf(STORY, "more than anyone had expected"),
  );
  expect(found).toMatchObject({ state: "moved", start: { paragraph: 4 } });
});

test("a sentence that moved inside its paragraph is moved, not edited", () => {
  const fresh = changed([
    "Farmers blame the drought. Shops blame the farmers.",
    "Shops blame the farmers. Farmers blame the drought.",
  ]);
  expect(one(STORY, fresh, SHOPS)).toMatchObject({ text: "Shops blame the farmers." });
});

test("a look-alike that was always there is not taken for a deleted sentence", () => {
  const before = page(
    "The museum opens at nine on weekdays and closes at five in the afternoon.",
    "The museum opens at ten on Sundays and closes at four in the afternoon.",
    "Tickets are sold at the door.",
  );
  const fresh = before.slice(1);
  expect(one(before, fresh, targetOf(before, "opens at nine on weekdays and closes at five")).state).toBe(
    "orphaned",
  );
});

test("copies that nothing tells apart are ambiguous", () => {
  const before = page("The same long sentence stands here once and says all there is to say.");
  const copies = page(...Array.from({ length: 4 }, () => before[0]?.text ?? ""));
  expect(one(before, copies, targetOf(before, "The same long sentence stands here")).state).toBe("ambiguous");
});

test("a number cut out of a longer one is not the same number", () => {
  const before = page("It fell by 5 % in the first quarter of the year, the office said.");
  const fresh = page("It fell by 1.5 % in the first quarter of the year, the office said.");
  const found = one(before, fresh, targetOf(before, "5 % in the first quarter"));
  expect(found.state).toBe("edited");
});

test("a target that does not fit its page is looked for by its quote", () => {
  const target = { ...RISE, start: { paragraph: 90, offset: 7 }, end: { paragraph: 91, offset: 2 } };
  expect(one(STORY, STORY, target)).toMatchObject({ start: RISE.start, text: RISE.quote.exact });
});

test("with no steps left it finds what stands word for word, and says that it did not look further", () => {
  const spent = (fresh: readonly Paragraph[]): Anchor | undefined =>
    anchor(STORY, fresh, [RISE], new Budget(0))[0];
  expect(
    spent(page("Advertisement", ...changed(["Farmers", "Growers"]).map(({ text }) => text))),
  ).toMatchObject({
    state: "exact",
    text: RISE.quote.exact,
  });
  expect(spent(changed(["21", "12"]))?.state).toBe("pending");
});

describe("in slices", () => {
  test("it answers the same", async () => {
    const fresh = changed(["rose", "fell"], ["drought", "rain"]);
    expect(await anchorInSlices(STORY, fresh, [RISE, SHOPS])).toEqual(anchor(STORY, fresh, [RISE, SHOPS]));
  });

  test("it tells early what it knows, once, while the rest is still sought", async () => {
    const texts = Array.from({ length: 400 }, (_, at) =>
      Array.from({ length: 60 }, (_, word) => `word${(at * 31 + word * 17) % 997}`).join(" "),
    );
    const old = page(...texts);
    const fresh = page(...texts.map((text) => text.replace(/^(\S+ \S+) \S+/, "$1 another")));
    const targets = old.map(({ text }, paragraph) => ({
      start: { paragraph, offset: 0 },
      end: { paragraph, offset: 40 },
      quote: { exact: text.slice(0, 40), prefix: "", suffix: "" },
    }));
    const told: ReadonlyMap<number, Anchor>[] = [];
    const early = (found: ReadonlyMap<number, Anchor>) => told.push(new Map(found));
    const anchors = await anchorInSlices(old, fresh, targets, { early });
    expect(told).toHaveLength(1);
    const [first] = told as [ReadonlyMap<number, Anchor>];
    expect(first.size).toBeGreaterThan(0);
    expect(first.size).toBeLessThan(targets.length);
    for (const [at, anchor] of first) expect(anchor).toEqual(anchors[at]);
  });

  test("it stops when told to, with the reason", async () => {
    const stop = new AbortController();
    stop.abort(new Error("the page went away"));
    await expect(anchorInSlices(STORY, STORY, [RISE], { signal: stop.signal })).rejects.toThrow(
      "the page went away",
    );
  });
});
