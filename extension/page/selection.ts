/** What the reader has selected, in the page, in its open shadow roots or in a frame of the same origin. */

import { isEditable } from "./blocks.ts";
import type { Point } from "./points.ts";
import { isShadowRoot } from "./reader.ts";

export interface Selected {
  readonly document: Document;
  readonly start: Point;
  readonly end: Point;
  /** The selection ends where the reader's hand is: at its start when it was drawn backwards. */
  readonly range: AbstractRange;
}

/** `roots`: open shadow roots in which the selection may end; browsers show only those that are named. */
export function selected(document: Document, roots: readonly ShadowRoot[]): Selected | null {
  const selection = document.getSelection();
  if (selection === null || selection.rangeCount === 0) return null;
  const range = rangeOf(selection, roots);
  if (range === null || range.collapsed || inEditor(range.startContainer) || inEditor(range.endContainer))
    return null;
  const start = { node: range.startContainer, offset: range.startOffset };
  const end = { node: range.endContainer, offset: range.endOffset };
  return { document, start, end, range };
}

function rangeOf(selection: Selection, roots: readonly ShadowRoot[]): AbstractRange | null {
  const here = roots.filter((root) => root.isConnected);
  if (here.length > 0 && typeof selection.getComposedRanges === "function") {
    return selection.getComposedRanges({ shadowRoots: here })[0] ?? null;
  }
  return selection.getRangeAt(0);
}

function inEditor(node: Node): boolean {
  for (let here: Node | null = node; here !== null; here = isShadowRoot(here) ? here.host : here.parentNode) {
    if (here.nodeType === Node.ELEMENT_NODE && isEditable(here as Element)) return true;
  }
  return node.ownerDocument?.designMode === "on";
}

/** The open shadow roots that an event came through. */
export function rootsOf(event: Event): ShadowRoot[] {
  return event
    .composedPath()
    .filter((step): step is ShadowRoot => step instanceof Node && isShadowRoot(step));
}

/** A box in the viewport of the top window. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The box of the last line of a selection; null where nothing of it is rendered. */
export function endBox({ document, range }: Selected): Box | null {
  const live = document.createRange();
  live.setStart(range.startContainer, range.startOffset);
  live.setEnd(range.endContainer, range.endOffset);
  // A StaticRange may span trees, which a Range does not: it has collapsed to the end.
  if (live.collapsed && range.endOffset > 0) live.setStart(range.endContainer, range.endOffset - 1);
  return lastBox([live], document);
}

/** The last line's box of painted ranges. */
export function lastBox(ranges: readonly Range[], document: Document): Box | null {
  const last = ranges[ranges.length - 1];
  if (last === undefined) return null;
  const box = [...last.getClientRects()].findLast(({ width, height }) => width > 0 && height > 0);
  return box === undefined ? null : inTopWindow(box, document);
}

/** From the viewport of a document in a frame to that of the top window. */
export function inTopWindow(box: Box, document: Document): Box {
  const frame = document.defaultView?.frameElement ?? null;
  if (frame === null) return box;
  const { left, top } = frame.getBoundingClientRect();
  const [x, y] = [left + frame.clientLeft, top + frame.clientTop];
  const moved = { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
  return inTopWindow(moved, frame.ownerDocument);
}
