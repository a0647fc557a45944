/**
 * The one seam to the browser's API: every other file imports `browser` from here, so that a test can put
 * another in its place and the differences between Chromium and Firefox are asked about in one file.
 */
import { browser } from "wxt/browser";

export type { Browser } from "wxt/browser";
export { browser };

/** The side panel, where the browser has one that a message may open (Chromium); undefined in Firefox. */
export function sidePanel(): typeof browser.sidePanel | undefined {
  return (browser as Partial<typeof browser>).sidePanel;
}

/** The extension's own origin, with the slash after it: `chrome-extension://…/`. */
export function ownOrigin(): string {
  return browser.runtime.getURL("/");
}

/** False once the extension was updated or removed while its content script lives on in an open page. */
export function stillInstalled(): boolean {
  return (browser.runtime as Partial<typeof browser.runtime> | undefined)?.id !== undefined;
}

/** Opens the panel beside a tab; in a tab of its own where nothing can stand beside one (Firefox for Android). To be called in the listener of the user's deed, before any `await`. */
export function openPanel(tabId: number): Promise<void> {
  const panel = sidePanel();
  if (panel !== undefined) return panel.open({ tabId });
  const { sidebarAction } = browser as unknown as { sidebarAction?: { open(): Promise<void> } };
  if (sidebarAction !== undefined) return sidebarAction.open();
  return browser.tabs
    .create({ url: browser.runtime.getURL(`/sidepanel.html?tab=${tabId}` as "/sidepanel.html") })
    .then(() => undefined);
}
