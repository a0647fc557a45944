/**
 * The toolbar's keys. They are its own only while the reader has put the keyboard into it (the key for highlighting
 * pressed again, or Tab); until then every key is the page's.
 */

import type { Color } from "../model.ts";

export type KeyedDeed = Color | "note" | "delete" | "next" | "undo";

/** As `aria-keyshortcuts` writes them; the same in every language, so that the hand need not learn anew. */
const KEYS: Readonly<Record<KeyedDeed, readonly string[]>> = {
  yellow: ["1"],
  green: ["2"],
  blue: ["3"],
  pink: ["4"],
  purple: ["5"],
  orange: ["6"],
  note: ["N"],
  delete: ["D", "Delete"],
  next: ["O"],
  undo: ["Z"],
};

/** Tells assistive technology which keys press a button. */
export function announceKeys(button: HTMLElement, deed: KeyedDeed): void {
  button.setAttribute("aria-keyshortcuts", KEYS[deed].join(" "));
}

/** The deed that a key stands for; null for every other key and for what belongs to the browser. */
export function deedOf(event: KeyboardEvent): KeyedDeed | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return null;
  const key = keyOf(event);
  return (Object.keys(KEYS) as KeyedDeed[]).find((deed) => KEYS[deed].includes(key)) ?? null;
}

/** Digits by their place, for French keyboards want Shift for them; letters by their place only where there is no Latin. */
function keyOf({ key, code }: KeyboardEvent): string {
  const digit = /^(?:Digit|Numpad)(?<digit>\d)$/.exec(code)?.groups?.["digit"];
  if (digit !== undefined) return digit;
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const place = /^Key(?<letter>[A-Z])$/.exec(code)?.groups?.["letter"];
  return key.length === 1 && key > "\u007f" && place !== undefined ? place : key;
}

/** To which of `count` buttons a key goes from button `here`; undefined for a key that goes nowhere. */
export function stepTo(key: string, here: number, count: number, rightToLeft: boolean): number | undefined {
  const [forward, backward] = rightToLeft ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const last = count - 1;
  if (key === forward) return here === last ? 0 : here + 1;
  if (key === backward) return here <= 0 ? last : here - 1;
  if (key === "Home") return 0;
  return key === "End" ? last : undefined;
}
