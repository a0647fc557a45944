/** Milliseconds for fifty highlights of one page, ours and the Hypothesis client's quote matching, in this process. */

import { anchor } from "../../extension/anchoring/anchor.ts";
import { type AnchorTarget, PARAGRAPH_BREAK, type Paragraph } from "../../extension/anchoring/types.ts";
import { quoteAt } from "../../extension/paragraphs.ts";
import { readCases } from "./cases.ts";
import { hypothesisClient } from "./peers.ts";
import { quantile } from "./score.ts";

const SIZES = [47_000, 470_000, 1_900_000];
const HIGHLIGHTS = 50;
const RUNS = 3;
/** Characters of a highlight. */
const LENGTH = 150;

interface Change {
  readonly name: string;
  readonly make: (page: readonly Paragraph[], highlighted: ReadonlySet<number>) => Paragraph[];
}

const CHANGES: readonly Change[] = [
  { name: "unchanged", make: (page) => [...page] },
  { name: "shifted", make: (page) => [{ kind: "p", text: "Advertisement" }, ...page] },
  {
    name: "edited",
    make: (page, highlighted) =>
      page.map((one, at) => (highlighted.has(at) ? { ...one, text: edited(one.text) } : one)),
  },
  { name: "missing", make: (page, highlighted) => page.filter((_, at) => !highlighted.has(at)) },
];

/** Every seventh word is another one. */
function edited(text: string): string {
  return text
    .split(" ")
    .map((word, at) => (at % 7 === 3 ? `${[...word].reverse().join("")}x` : word))
    .join(" ");
}

/** Different long paragraphs of the real cases, up to the size; the stock is used again with its words turned round. */
function pageOf(size: number): Paragraph[] {
  const stock = [...new Set(readCases("real").flatMap(({ before }) => before.map(({ text }) => text)))];
  const page: Paragraph[] = [];
  let length = 0;
  for (let turn = 0; length < size; turn++) {
    for (const text of stock) {
      if (length >= size) break;
      const words = text.split(" ");
      page.push({ kind: "p", text: [...words.slice(turn), ...words.slice(0, turn)].join(" ") });
      length += text.length;
    }
  }
  return page;
}

function highlights(page: readonly Paragraph[]): AnchorTarget[] {
  const long = [...page.keys()].filter((at) => [...(page[at]?.text ?? "")].length > 2 * LENGTH);
  const stride = long.length / HIGHLIGHTS;
  return Array.from({ length: HIGHLIGHTS }, (_, rank) => {
    const paragraph = long[Math.floor(rank * stride)] as number;
    const span = { start: { paragraph, offset: 20 }, end: { paragraph, offset: 20 + LENGTH } };
    return { ...span, quote: quoteAt(page, span) };
  });
}

function milliseconds(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return quantile(times, 0.5);
}

export function printSpeed(): void {
  console.log("### Fifty highlights of one page, ms\n");
  console.log(
    "| page | change | old paragraphs known | quote and context only | Hypothesis client's quote matching |",
  );
  console.log("| ---: | --- | ---: | ---: | ---: |");
  for (const size of SIZES) {
    const page = pageOf(size);
    const targets = highlights(page);
    const highlighted = new Set(targets.map(({ start }) => start.paragraph));
    for (const { name, make } of CHANGES) {
      const fresh = make(page, highlighted);
      const times = [
        milliseconds(() => anchor(page, fresh, targets)),
        milliseconds(() => anchor(null, fresh, targets)),
        milliseconds(() => searchAll(page, fresh, targets)),
      ];
      console.log(
        `| ${Math.round(size / 1000)} kB | ${name} | ${times.map((time) => time.toFixed(0)).join(" | ")} |`,
      );
    }
  }
}

function searchAll(
  page: readonly Paragraph[],
  fresh: readonly Paragraph[],
  targets: readonly AnchorTarget[],
): void {
  const text = fresh.map((one) => one.text).join(PARAGRAPH_BREAK);
  const starts: number[] = [];
  let length = 0;
  for (const one of page) {
    starts.push(length);
    length += one.text.length + PARAGRAPH_BREAK.length;
  }
  for (const { quote, start } of targets)
    hypothesisClient({ ...quote, text, hint: (starts[start.paragraph] ?? 0) + start.offset });
}
