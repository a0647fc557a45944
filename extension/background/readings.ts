/**
 * What the content script of each tab last read: which page, and where its annotations stand. In `storage.session`,
 * since the worker forgets; it is gone with the browser and never leaves this machine.
 */

import type { AnchorState, Position } from "../anchoring/types.ts";
import { browser } from "../browser.ts";
import { setHidden } from "./hidden.ts";

/** Where one annotation stands on a tab's page. */
export interface Placed {
  readonly state: AnchorState;
  readonly start: Position | null;
  readonly end: Position | null;
  readonly text: string;
  /** What was sought, where the engine sought it; the same question about the same text is not asked twice. */
  readonly of?: string;
}

export interface Reading {
  readonly url: string;
  readonly canonical: string;
  readonly title: string;
  /** The keys of `pageKeys`. */
  readonly keys: readonly string[];
  /** Of the text that was read; "" before. */
  readonly digest: string;
  /** By annotation; empty until the page's text was read. */
  readonly placed: Readonly<Record<string, Placed>>;
}

const PREFIX = "reading:";

export async function readingOf(tabId: number): Promise<Reading | null> {
  const key = PREFIX + tabId;
  return ((await browser.storage.session.get(key))[key] as Reading | undefined) ?? null;
}

/** Changes a tab's reading; two messages of one tab do not lose each other's change. Answers whether it differs now. */
export async function changeReading(
  tabId: number,
  change: (reading: Reading | null) => Reading | null,
): Promise<boolean> {
  const key = PREFIX + tabId;
  return navigator.locks.request(key, async () => {
    const before = await readingOf(tabId);
    const after = change(before);
    if (after === before || JSON.stringify(after) === JSON.stringify(before)) return false;
    await (after === null
      ? browser.storage.session.remove(key)
      : browser.storage.session.set({ [key]: after }));
    return true;
  });
}

/** All tabs with a content script, by tab. */
export async function allReadings(): Promise<ReadonlyMap<number, Reading>> {
  const stored = Object.entries(await browser.storage.session.get(null));
  const readings = stored.filter(([key]) => key.startsWith(PREFIX));
  return new Map(readings.map(([key, reading]) => [Number(key.slice(PREFIX.length)), reading as Reading]));
}

/** A tab that is closed is forgotten. Call once, at the top level. */
export function forgetClosedTabs(): void {
  browser.tabs.onRemoved.addListener((tabId) => {
    const forgotten = Promise.all([changeReading(tabId, () => null), setHidden(tabId, false)]);
    forgotten.catch((error: unknown) => console.error(error));
  });
}
