/** Where a bar goes so that it covers neither the end of the selection nor the window's edge. Pure; CSS pixels. */

import type { Box } from "./selection.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

const DISTANCE = 10;
const EDGE = 8;
/** Below the handles that a touch screen draws under a selection. */
const HANDLE = 28;

/**
 * Above the box with a mouse; below it where fingers select, since there the system's own menu stands above. On the
 * other side where there is no room, and always inside the window. Without a box: at the lower edge, in the middle.
 */
export function placed(box: Box | null, bar: Size, window: Size, touch: boolean): { x: number; y: number } {
  if (box === null) return { x: (window.width - bar.width) / 2, y: window.height - bar.height - 3 * EDGE };
  const above = box.top - DISTANCE - bar.height;
  const below = box.bottom + DISTANCE + (touch ? HANDLE : 0);
  const fitsAbove = above >= EDGE;
  const fitsBelow = below + bar.height <= window.height - EDGE;
  const y = touch ? (fitsBelow || !fitsAbove ? below : above) : fitsAbove || !fitsBelow ? above : below;
  const middle = touch ? (box.left + box.right) / 2 : box.right;
  return {
    x: within(middle - bar.width / 2, bar.width, window.width),
    y: within(y, bar.height, window.height),
  };
}

function within(at: number, length: number, window: number): number {
  return Math.max(EDGE, Math.min(at, window - length - EDGE));
}
