/** The parts of the browser's API that Firefox for Android does not have: whoever uses one says what happens without it. */

import { browser } from "./browser.ts";

type Optional = "commands" | "contextMenus" | "identity" | "windows";

export function optional(): Partial<Pick<typeof browser, Optional>> {
  return browser;
}

/** Brings the window of a tab forward; where there are no windows, the tab alone is all there is. */
export async function focusWindow(windowId: number | undefined): Promise<void> {
  if (windowId !== undefined) await optional().windows?.update(windowId, { focused: true });
}
