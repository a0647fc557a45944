/**
 * How highlights look. The colours are translucent and leave the text's own colour alone, so that one rule serves light
 * pages, dark pages and pages with both: at this strength black text on white and white text on black keep a contrast
 * above 4.5 (`tests/extension/page/highlight-style.test.ts`).
 */

import { COLORS, type Color } from "../model.ts";

type Rgb = readonly [number, number, number];

export const INKS: Readonly<Record<Color, Rgb>> = {
  yellow: [255, 208, 0],
  green: [70, 190, 80],
  blue: [50, 150, 255],
  pink: [255, 85, 160],
  purple: [155, 100, 255],
  orange: [255, 130, 20],
};
export const STRENGTH = 0.4;
const FLASH_STRENGTH = 0.5;

/** Prefix of the only names in `CSS.highlights` that are ours. */
export const NAME = "annotator";
export const EDITED = `${NAME}-edited`;
export const FLASH = `${NAME}-flash`;

export function colorName(color: Color): string {
  return `${NAME}-${color}`;
}

export function ink(color: Color, strength = 1): string {
  return `rgb(${INKS[color].join(" ")} / ${strength})`;
}

function rules(): string {
  const colors = COLORS.map(
    (color) => `::highlight(${colorName(color)}) { background-color: ${ink(color, STRENGTH)}; }`,
  );
  const forced = COLORS.map(
    (color) => `::highlight(${colorName(color)}) { background-color: Mark; color: MarkText; }`,
  );
  return `
${colors.join("\n")}
::highlight(${EDITED}) { text-decoration: underline wavy 1.5px currentcolor; }
::highlight(${FLASH}) { background-color: ${ink("orange", FLASH_STRENGTH)}; text-decoration: underline 3px currentcolor; }
@media (forced-colors: active) {
${forced.join("\n")}
}`;
}

const sheets = new WeakMap<Window, CSSStyleSheet>();

/** Gives a tree our rules. A constructed sheet: no element is added, and a strict CSP has nothing against it. */
export function adoptStyle(tree: Document | ShadowRoot): void {
  const view = viewOf(tree);
  if (view === null) return;
  let sheet = sheets.get(view);
  if (sheet === undefined) {
    sheet = new view.CSSStyleSheet();
    sheet.replaceSync(rules());
    sheets.set(view, sheet);
  }
  if (!tree.adoptedStyleSheets.includes(sheet)) tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, sheet];
}

export function dropStyle(tree: Document | ShadowRoot): void {
  const view = viewOf(tree);
  const sheet = view === null ? undefined : sheets.get(view);
  if (sheet === undefined) return;
  tree.adoptedStyleSheets = tree.adoptedStyleSheets.filter((other) => other !== sheet);
}

export function viewOf(tree: Document | ShadowRoot): (Window & typeof globalThis) | null {
  return (tree.ownerDocument ?? (tree as Document)).defaultView;
}
