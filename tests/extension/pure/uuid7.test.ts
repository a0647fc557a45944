/** Ids of version 7: in order within a process, and recognised by version and variant alone. */
import { afterEach, expect, it, vi } from "vitest";
import { isUuid7, uuid7 } from "../../../extension/uuid7.ts";

afterEach(() => void vi.useRealTimers());

it("makes ids that rise, also within a millisecond", () => {
  const made = Array.from({ length: 20_000 }, uuid7);
  expect(new Set(made).size).toBe(made.length);
  expect(made).toEqual([...made].sort());
  expect(made.filter((id) => !isUuid7(id))).toEqual([]);
});

it("makes ids that rise while the clock goes back", () => {
  const before = uuid7();
  vi.useFakeTimers({ now: 1000 });
  expect(uuid7() > before).toBe(true);
});

it("tells the milliseconds in the first 48 bits", () => {
  const earliest = Date.now();
  const told = Number.parseInt(uuid7().replaceAll("-", "").slice(0, 12), 16);
  expect(told).toBeGreaterThanOrEqual(earliest);
  expect(told).toBeLessThanOrEqual(Date.now() + 1000);
});

it.each([
  "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", // RFC 9562, appendix A.6
  "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
  "00000000-0000-7000-8000-000000000000",
  "ffffffff-ffff-7fff-bfff-ffffffffffff",
])("accepts any time: %s", (text) => {
  expect(isUuid7(text)).toBe(true);
});

it.each([
  "",
  "919108f7-52d1-4320-9bac-f847db4148a8",
  "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
  "017f22e2-79b0-8cc3-98c4-dc0c0c07398f",
  "017f22e279b07cc398c4dc0c0c07398f",
  "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
  "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
  "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
])("refuses anything else: %s", (text) => {
  expect(isUuid7(text)).toBe(false);
});
