/** The toolbar's look. All of it in constructed sheets inside the closed shadow root; the page can change none of it. */

import { COLORS } from "../model.ts";
import { ink } from "./highlight-style.ts";

const SWATCHES = COLORS.map((color) => `.${color} { --ink: ${ink(color)}; }`).join("\n");

/**
 * `!important` inside a shadow root wins over the page's, inline styles included: a page cannot make the host
 * transparent, move it, or lay it under something.
 */
export const TOOLBAR_STYLE = `
:host {
  all: initial !important;
  position: fixed !important;
  display: block !important;
  z-index: 2147483647 !important;
  color-scheme: light dark !important;
  font: 500 14px/1.3 system-ui, sans-serif !important;
}
.bar {
  --paper: #ffffff; --text: #1d2127; --quiet: #e9ecf0; --line: #c9ced6; --focus: #0b57d0;
  display: flex; align-items: center; gap: 2px; padding: 4px; max-width: calc(100vw - 16px); box-sizing: border-box;
  flex-wrap: wrap; color: var(--text); background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
  box-shadow: 0 4px 16px rgb(0 0 0 / .22); user-select: none; -webkit-user-select: none; cursor: default;
}
button {
  all: unset; box-sizing: border-box; min-width: 32px; height: 32px; display: inline-flex; align-items: center;
  justify-content: center; gap: 6px; border-radius: 7px; cursor: pointer; touch-action: manipulation;
}
button:hover { background: var(--quiet); }
button:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; }
button svg, .shared svg { width: 18px; height: 18px; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.swatch::before {
  content: ""; width: 20px; height: 20px; border-radius: 50%; background: var(--ink);
  box-shadow: inset 0 0 0 1px rgb(0 0 0 / .3); grid-area: 1 / 1;
}
.swatch { display: inline-grid; place-items: center; }
.swatch svg { grid-area: 1 / 1; width: 14px; height: 14px; color: #14171c; stroke-width: 3; visibility: hidden; }
.swatch[aria-pressed="true"] svg { visibility: visible; }
.shared { display: inline-flex; align-items: center; justify-content: center; width: 28px; min-height: 32px; color: var(--focus); }
.split { width: 1px; height: 22px; margin: 0 4px; background: var(--line); }
.text { padding: 0 8px; min-height: 32px; display: flex; align-items: center; }
.worded { padding: 0 10px; font-weight: 600; color: var(--focus); }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
${SWATCHES}
@media (prefers-color-scheme: dark) {
  .bar { --paper: #262b33; --text: #eceff4; --quiet: #3a414c; --line: #4a525f; --focus: #8ab8ff; }
  .swatch::before { box-shadow: inset 0 0 0 1px rgb(255 255 255 / .35); }
}
@media (pointer: coarse) { button { min-width: 44px; height: 44px; } .text { min-height: 44px; } }
@media (forced-colors: active) {
  .swatch::before { forced-color-adjust: none; }
  button { border: 1px solid ButtonBorder; }
  button[aria-pressed="true"] { border: 2px solid Highlight; }
}
@media print { :host { display: none !important; } }
`;

/** A rule that puts the host's left upper corner at a point of the viewport, in CSS pixels. */
export function placementRule(x: number, y: number): string {
  return `:host { left: ${Math.round(x)}px !important; top: ${Math.round(y)}px !important; }`;
}
