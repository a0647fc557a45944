/** The extension's own pages, each in a tab. */

import { browser } from "../browser.ts";

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
    if (tab?.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
  } catch {
    await browser.tabs.create({ url });
  }
}

function open(path: string): void {
  void browser.tabs.create({ url: new URL(path, browser.runtime.getURL("/")).href });
}
