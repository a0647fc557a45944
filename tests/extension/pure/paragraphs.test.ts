/** Digests, cuts and quotes, in code points. The server runs the same files of `tests/vectors/paragraphs/`. */
import { describe, expect, it } from "vitest";
import type { Paragraph } from "../../../extension/anchoring/types.ts";
import {
  codePointLength,
  cut,
  digest,
  digestInput,
  IllFormedText,
  PositionOutside,
  quoteAt,
  toCodePoints,
  toUtf16,
} from "../../../extension/paragraphs.ts";
import { vectors } from "./vectors.ts";

type Pair = readonly [paragraph: number, offset: number];
interface Cut {
  readonly name: string;
  readonly paragraphs: readonly string[];
  readonly start: Pair;
  readonly end: Pair;
}

const digests =
  vectors<{ name: string; paragraphs: Paragraph[]; digest: string }[]>("paragraphs/digests.json");
const quotes = vectors<(Cut & { exact: string; prefix: string; suffix: string })[]>("paragraphs/quotes.json");
const outside = vectors<(Cut & { field: string })[]>("paragraphs/outside.json");
const offsets = vectors<{ name: string; text: string; pairs: Pair[] }[]>("paragraphs/offsets.json");

const plain = (texts: readonly string[]) => texts.map((text): Paragraph => ({ kind: "p", text }));
const position = ([paragraph, offset]: Pair) => ({ paragraph, offset });
const span = ({ start, end }: Cut) => ({ start: position(start), end: position(end) });

it("has its vectors", () => {
  expect(digests.length).toBeGreaterThanOrEqual(9);
  expect(quotes.length).toBeGreaterThanOrEqual(15);
  expect(outside.length).toBeGreaterThanOrEqual(12);
  expect(offsets.length).toBeGreaterThanOrEqual(5);
});

describe("digest", () => {
  it.each(digests)("names kinds and texts in their order: $name", async (found) => {
    expect(await digest(found.paragraphs)).toBe(found.digest);
  });

  it("is taken over kind, tab, text and line feed", () => {
    expect(digestInput([{ kind: "h1", text: "a\tb" }, ...plain([""])])).toBe("h1\ta\tb\np\t\n");
  });

  it.each(["a\ud800b", "\udc00", "😀\ud83d"])("refuses half a surrogate pair", async (text) => {
    const refused = await digest(plain(["fine", text])).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(IllFormedText);
    expect((refused as IllFormedText).paragraph).toBe(1);
  });
});

describe("quoteAt and cut", () => {
  it.each(quotes)("cut a quote with its context: $name", (found) => {
    const { exact, prefix, suffix } = found;
    expect(cut(plain(found.paragraphs), span(found))).toBe(exact);
    expect(quoteAt(plain(found.paragraphs), span(found))).toEqual({ exact, prefix, suffix });
  });

  it.each(outside)("refuse by name a position outside the text: $name", (found) => {
    for (const deed of [cut, quoteAt]) {
      try {
        deed(plain(found.paragraphs), span(found));
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(PositionOutside);
        expect((error as PositionOutside).field).toBe(found.field);
      }
    }
  });

  it.each([
    [Number.NaN, 0, "start.paragraph"],
    [0.5, 0, "start.paragraph"],
    [0, Number.NaN, "start.offset"],
    [0, 0.5, "start.offset"],
  ])("refuse what is no whole number: %d, %d", (paragraph, offset, field) => {
    const start = { paragraph, offset };
    expect(() => cut(plain(["One"]), { start, end: { paragraph: 0, offset: 1 } })).toThrow(field);
  });
});

describe("code points and UTF-16", () => {
  it.each(offsets)("translate both ways: $name", ({ text, pairs }) => {
    for (const [points, units] of pairs) {
      expect(toUtf16(text, points)).toBe(units);
      expect(toCodePoints(text, units)).toBe(points);
    }
    expect(codePointLength(text)).toBe(pairs.at(-1)?.[0]);
  });

  it("counts an index inside a pair as before the pair", () => {
    expect(toCodePoints("a😀b", 2)).toBe(1);
  });

  it("stops at the ends of the text", () => {
    for (const text of ["abc", "a😀"]) {
      expect(toUtf16(text, 99)).toBe(3);
      expect(toUtf16(text, -1)).toBe(0);
      expect(toCodePoints(text, 99)).toBe(codePointLength(text));
      expect(toCodePoints(text, -1)).toBe(0);
    }
  });
});
