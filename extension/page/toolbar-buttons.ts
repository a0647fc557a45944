/** The toolbar's buttons, built node by node: pages with Trusted Types refuse markup. */

import type { Color } from "../model.ts";

const SVG = "http://www.w3.org/2000/svg";

/** Drawn for this project on an 18 x 18 grid. */
const PATHS = {
  note: "M3 3h12v9H8l-3.5 3V12H3zM6 6.2h6M6 9h4",
  delete: "M3.5 5h11M7 5V3h4v2M5 5l.7 10h6.6L13 5M7.7 7.7v4.6M10.3 7.7v4.6",
  next: "M4 4h7v7H4zM7 11v3h7V7h-3",
  close: "M5 5l8 8M13 5l-8 8",
  shared:
    "M7 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM2 15c0-3 2-4.6 5-4.6S12 12 12 15M11.6 3.2a2.6 2.6 0 0 1 0 4.9M13.2 10.8c1.8.6 2.8 2.1 2.8 4.2",
  current: "M4 9.5l3.5 3.5L14 5.5",
} as const;
export type Icon = keyof typeof PATHS;

/** Without an icon the name itself is shown. */
export function button(document: Document, name: string, icon: Icon | null): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  if (icon === null) {
    element.className = "worded";
    element.textContent = name;
    return element;
  }
  element.title = name;
  element.setAttribute("aria-label", name);
  element.append(drawing(document, icon));
  return element;
}

/** A colour; the current one is marked by a tick and by its state, not by its colour alone. */
export function swatch(document: Document, color: Color, name: string, current: boolean): HTMLButtonElement {
  const element = button(document, name, "current");
  element.className = `swatch ${color}`;
  element.setAttribute("aria-pressed", String(current));
  return element;
}

/** Others read what is made here. Which library that is stays with the reader: a page may have found a way to look. */
export function sharedSign(document: Document, name: string): HTMLElement {
  const sign = document.createElement("span");
  sign.className = "shared";
  sign.title = name;
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", name);
  sign.append(drawing(document, "shared"));
  return sign;
}

function drawing(document: Document, icon: Icon): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 18 18");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[icon]);
  svg.append(path);
  return svg;
}
