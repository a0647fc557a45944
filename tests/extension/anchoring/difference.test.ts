import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DifferencePart, difference } from "../../../extension/anchoring/difference.ts";

interface Vector {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly parts: readonly DifferencePart[];
}

const file = new URL("../../vectors/difference/cases.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vector[];

test("there are vectors", () => expect(vectors.length).toBeGreaterThan(10));

test.each(vectors)("$name", ({ before, after, parts }) => {
  expect(difference(before, after)).toEqual(parts);
});

const sentence = fc
  .array(fc.constantFrom("a", "b", "not", "21", "%", "我们", "😀", ",", "  ", "é"), { maxLength: 12 })
  .map((words) => words.join(" "));

test("both texts can be read from it", () => {
  fc.assert(
    fc.property(sentence, sentence, (before, after) => {
      const parts = difference(before, after);
      const read = (left: "added" | "removed"): string =>
        parts
          .filter(({ kind }) => kind !== left)
          .map(({ text }) => text)
          .join("");
      expect(read("removed")).toBe(after);
      expect(read("added").replace(/\s+/g, " ")).toBe(before.replace(/\s+/g, " "));
    }),
  );
});

test("two long texts with nothing in common are one change", () => {
  const long = (word: string): string => Array.from({ length: 4_000 }, (_, at) => `${word}${at}`).join(" ");
  expect(difference(`x ${long("a")}`, `x ${long("b")}`).map(({ kind }) => kind)).toEqual([
    "same",
    "removed",
    "added",
  ]);
});
