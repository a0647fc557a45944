/** Quotes placed word for word, with an honest state. The server runs the same files of `tests/vectors/placing/`. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { place, placeAll } from "../../../extension/anchoring/place.ts";
import type { Paragraph, Position, Quote } from "../../../extension/anchoring/types.ts";
import { codePointLength, cut, quoteAt } from "../../../extension/paragraphs.ts";
import { vectors } from "./vectors.ts";

interface Case {
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly state: string;
  readonly hint?: Position | null;
  readonly quote?: Quote;
}

const cases = readdirSync(new URL("../../vectors/placing/", import.meta.url))
  .filter((file) => file.endsWith(".json"))
  .flatMap((file) =>
    vectors<Case[]>(`placing/${file}`).map((found) => ({ ...found, id: `${file}: ${found.name}` })),
  );

/** The paragraphs without ⟦ and ⟧, and where these stood. */
function unmarked(texts: readonly string[]) {
  let start: Position | null = null;
  let end: Position | null = null;
  const paragraphs = texts.map((text, paragraph): Paragraph => {
    const [opened, opener] = text.split("⟦");
    if (opener !== undefined) start = { paragraph, offset: codePointLength(opened ?? "") };
    const plain = text.replace("⟦", "");
    const [closed, closer] = plain.split("⟧");
    if (closer !== undefined) end = { paragraph, offset: codePointLength(closed ?? "") };
    return { kind: "p", text: plain.replace("⟧", "") };
  });
  return { paragraphs, start: start as Position | null, end: end as Position | null };
}

function quoteAndHint({ quote, hint, before }: Case): [Quote, Position | null] {
  if (quote) return [quote, hint ?? null];
  const { paragraphs, start, end } = unmarked(before);
  if (!start || !end) throw new Error("the case marks nothing");
  return [quoteAt(paragraphs, { start, end }), hint === null ? null : start];
}

const plain = (texts: readonly string[]) => texts.map((text): Paragraph => ({ kind: "p", text }));

describe("place", () => {
  it("has its vectors", () => {
    expect(cases.length).toBeGreaterThanOrEqual(100);
  });

  it.each(cases)("$id", (found) => {
    const { paragraphs, start, end } = unmarked(found.after);
    const anchor = place(paragraphs, ...quoteAndHint(found));
    const text = start && end ? cut(paragraphs, { start, end }) : "";
    expect(anchor).toEqual({ state: found.state, start, end, text });
  });

  it("answers the same for many quotes at once", () => {
    const { paragraphs } = unmarked(cases[0]?.after ?? []);
    const placings = cases.map((found) => quoteAndHint(found)).map(([quote, hint]) => ({ quote, hint }));
    expect(placeAll(paragraphs, placings)).toEqual(
      placings.map(({ quote, hint }) => place(paragraphs, quote, hint)),
    );
  });

  const sentence = "La même phrase se répète ici.";
  it.each([
    ["5,000 copies", [`${sentence} `.repeat(5000)], sentence, "ici. ", " La même"],
    ["5,000 paragraphs alike", Array(5000).fill(sentence) as string[], sentence, "", ""],
    ["2 MB in one paragraph", ["le chat dort. ".repeat(140_000)], "le chat mange", "a", "b"],
    ["a quote that almost stands", ["a".repeat(2_000_000)], `${"a".repeat(16_000)}b`, "a", "a"],
    ["words that almost stand", ["a ".repeat(1_000_000)], `${"a ".repeat(8000)}b`, "a", "a"],
    ["nothing but gaps", ["a \u200b".repeat(500_000)], "a b", "a", "a"],
    ["nothing but ellipses", ["…".repeat(700_000)], "...x", "", ""],
    ["100,000 paragraphs of one letter", Array(100_000).fill("a") as string[], "a", "a\n\n", "\n\na"],
    ["a quote of nothing but spaces", ["a b"], " ".repeat(300_000), "a", "b"],
  ])("gives a hostile page its honest answer: %s", (_, page, exact, prefix, suffix) => {
    // A quadratic walk over these would take minutes; this only has to end.
    expect(place(plain(page), { exact, prefix, suffix }, null).state).toBe("pending");
  });
});
