import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anchor } from "../../../extension/anchoring/anchor.ts";
import type { AnchorTarget, Paragraph, Span } from "../../../extension/anchoring/types.ts";
import { comparePositions, cut, quoteAt } from "../../../extension/paragraphs.ts";

const WORDS = [
  "the",
  "bank",
  "said",
  "21",
  "%",
  "naïve",
  "été",
  "😀",
  "👩‍👩‍👧",
  "مرحبا",
  "العالم",
  "שלום",
  "我们",
  "在家",
  "ไทย",
  "“quoted”",
  "-",
  "𝒜𝒷",
  "\u00adsoft",
  "e\u0301",
];

const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join(" "));
const paragraphs = fc.array(
  text.map((said): Paragraph => ({ kind: "p", text: said })),
  { minLength: 1, maxLength: 7 },
);

function points({ text: said }: Paragraph): number {
  return [...said].length;
}

/** A page with a target that is not empty; null where the page has no text at all. */
const pageWithTarget = fc
  .tuple(paragraphs, fc.nat(), fc.nat(), fc.nat(), fc.nat())
  .map(([old, ...numbers]): { old: Paragraph[]; target: AnchorTarget } | null => {
    const [first = 0, second = 0, third = 0, fourth = 0] = numbers;
    const at = (which: number, offset: number) => {
      const paragraph = which % old.length;
      return { paragraph, offset: offset % (points(old[paragraph] as Paragraph) + 1) };
    };
    const [start, end] = [at(first, second), at(third, fourth)].sort(comparePositions) as [
      Span["start"],
      Span["end"],
    ];
    if (comparePositions(start, end) === 0) return null;
    return { old, target: { start, end, quote: quoteAt(old, { start, end }) } };
  })
  .filter((made) => made !== null);

describe.each([
  ["with the old paragraphs", true],
  ["from quote and context", false],
])("%s", (_, known) => {
  test("an answer never lies outside the text, and says what stands there", () => {
    fc.assert(
      fc.property(pageWithTarget, paragraphs, ({ old, target }, fresh) => {
        const [found] = anchor(known ? old : null, fresh, [target]);
        expect(found).toBeDefined();
        if (!found?.start) return;
        expect(comparePositions(found.start, found.end)).toBeLessThan(0);
        expect(found.text).toBe(cut(fresh, found));
      }),
      { numRuns: 400 },
    );
  });

  test("the same question gets the same answer, alone or among others", () => {
    fc.assert(
      fc.property(pageWithTarget, paragraphs, ({ old, target }, fresh) => {
        const [first] = anchor(known ? old : null, fresh, [target]);
        expect(anchor(known ? old : null, fresh, [target, target])).toEqual([first, first]);
      }),
      { numRuns: 150 },
    );
  });

  test("exact and moved have the very words, typography aside", () => {
    const plain = (said: string): string => said.normalize("NFC").replace(/[\s\p{P}\p{Cf}]/gu, "");
    fc.assert(
      fc.property(pageWithTarget, paragraphs, ({ old, target }, fresh) => {
        const [found] = anchor(known ? old : null, fresh, [target]);
        if (found?.state === "exact" || found?.state === "moved")
          expect(plain(found.text)).toBe(plain(target.quote.exact));
      }),
      { numRuns: 400 },
    );
  });
});

test("on the page it was made on, a target is where it was", () => {
  fc.assert(
    fc.property(pageWithTarget, ({ old, target }) => {
      const { start, end, quote } = target;
      expect(anchor(old, old, [target])).toEqual([{ state: "exact", start, end, text: quote.exact }]);
    }),
    { numRuns: 400 },
  );
});

test("positions that make no sense are answered, not thrown", () => {
  const wild = fc.record({
    paragraph: fc.integer({ min: -2, max: 9 }),
    offset: fc.oneof(fc.integer({ min: -3, max: 99 }), fc.double()),
  });
  const target = fc.record({
    start: wild,
    end: wild,
    quote: fc.record({ exact: text, prefix: text, suffix: text }),
  });
  fc.assert(
    fc.property(paragraphs, paragraphs, target, (old, fresh, made) => {
      expect(anchor(old, fresh, [made])).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});
