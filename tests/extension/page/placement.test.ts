import { expect, test } from "vitest";
import { placed } from "../../../extension/page/placement.ts";

const bar = { width: 260, height: 42 };
const window = { width: 800, height: 600 };
const line = (top: number, left: number) => ({ left, right: left + 100, top, bottom: top + 20 });

test("it stands above the end of the selection with a mouse", () => {
  expect(placed(line(300, 300), bar, window, false)).toEqual({ x: 270, y: 248 });
});

test("it stands below where fingers select, clear of the handles", () => {
  expect(placed(line(300, 300), bar, window, true)).toEqual({ x: 220, y: 358 });
});

test("it changes sides where there is no room", () => {
  expect(placed(line(10, 300), bar, window, false).y).toBe(40);
  expect(placed(line(570, 300), bar, window, true).y).toBe(518);
});

test.each([
  [0, 0],
  [790, 590],
  [-500, -500],
  [5000, 5000],
])("it stays in the window for a selection that ends at %i, %i", (left, top) => {
  for (const touch of [false, true]) {
    const { x, y } = placed(line(top, left), bar, window, touch);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + bar.width).toBeLessThanOrEqual(window.width);
    expect(y + bar.height).toBeLessThanOrEqual(window.height);
  }
});

test("without a selection it stands at the lower edge", () => {
  expect(placed(null, bar, window, false)).toEqual({ x: 270, y: 534 });
});
