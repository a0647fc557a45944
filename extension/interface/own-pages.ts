/** The extension's own pages, each in a tab. */

import { browser } from "../browser.ts";
import { focusWindow, optional } from "../optional-browser.ts";

export function openOptions(): void {
  void browser.runtime.openOptionsPage();
}

export function openHelp(): void {
  open("help.html");
}

/** The first minute; `page` is where the reader was, to be highlighted on at its end. */
export function openWelcome(page = "", tabId: number | null = null): void {
  const query = new URLSearchParams();
  if (/^https?:/.test(page)) query.set("page", page);
  if (tabId !== null) query.set("tab", String(tabId));
  open(`welcome.html?${query}`);
}

/** Goes to a tab, or opens the page anew where the tab is gone. */
export async function goTo(tabId: number | null, url: string): Promise<void> {
  try {
    if (tabId === null) throw new Error("no tab is known");
    const tab = await browser.tabs.update(tabId, { active: true });
    await focusWindow(tab?.windowId);
  } catch {
    await browser.tabs.create({ url });
  }
}

/** Closes this page, whether it is a small window or a tab: a tab may not close itself as a window may. */
export async function closeOwn(): Promise<void> {
  const tab = optional().windows === undefined ? await browser.tabs.getCurrent() : undefined;
  if (tab?.id === undefined) window.close();
  else await browser.tabs.remove(tab.id);
}

function open(path: string): void {
  void browser.tabs.create({ url: new URL(path, browser.runtime.getURL("/")).href });
}
