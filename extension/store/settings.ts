/** The few settings that are no secret, in `storage.local`. */

import { browser } from "../browser.ts";
import { COLORS, type Color } from "../model.ts";

export interface Settings {
  /** Minutes between two looks at the server's changes; 0: only when something is written here, or on demand. */
  readonly syncMinutes: number;
  /** The user has paused Annotator on all pages. */
  readonly paused: boolean;
  /** The colour that was used last. */
  readonly color: Color;
}

const DEFAULTS: Settings = { syncMinutes: 5, paused: false, color: "yellow" };

export async function readSettings(): Promise<Settings> {
  const { syncMinutes, paused, color } = await browser.storage.local.get<Settings>({ ...DEFAULTS });
  const minutes = typeof syncMinutes === "number" && syncMinutes >= 0 ? syncMinutes : DEFAULTS.syncMinutes;
  return {
    syncMinutes: minutes,
    paused: paused === true,
    color: COLORS.includes(color) ? color : DEFAULTS.color,
  };
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  await browser.storage.local.set(change);
}
