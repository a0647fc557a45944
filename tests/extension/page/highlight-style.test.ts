import { expect, test } from "vitest";
import { INKS, STRENGTH } from "../../../extension/page/highlight-style.ts";

type Rgb = readonly [number, number, number];

/** WCAG 2.2: relative luminance and contrast. */
function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function over(ink: Rgb, paper: Rgb): Rgb {
  return ink.map((part, at) => part * STRENGTH + (paper[at] as number) * (1 - STRENGTH)) as unknown as Rgb;
}

const PAGES: readonly (readonly [string, Rgb, Rgb])[] = [
  ["black on white", [0, 0, 0], [255, 255, 255]],
  ["dark grey on cream", [51, 51, 51], [251, 246, 233]],
  ["white on black", [255, 255, 255], [0, 0, 0]],
  ["light grey on night blue", [232, 234, 238], [20, 23, 28]],
];

test.each(
  Object.entries(INKS).flatMap(([color, ink]) => PAGES.map((page) => [color, page[0], ink, page] as const)),
)("%s leaves %s readable", (_color, _page, ink, [, text, paper]) => {
  expect(contrast(text, over(ink, paper))).toBeGreaterThanOrEqual(4.5);
});

test("no two colours look the same, on white or on black", () => {
  const inks = Object.values(INKS);
  for (const paper of [
    [255, 255, 255],
    [0, 0, 0],
  ] as const) {
    for (const [index, one] of inks.entries()) {
      for (const other of inks.slice(index + 1)) {
        const [a, b] = [over(one, paper), over(other, paper)];
        expect(Math.hypot(...a.map((part, at) => part - (b[at] as number)))).toBeGreaterThan(25);
      }
    }
  }
});
