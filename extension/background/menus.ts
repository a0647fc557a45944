/** The browser's own ways in: the icon, the context menu, the keys. Each lets us into the tab it was used on. */

import type { Browser } from "../browser.ts";
import { browser, openPanel } from "../browser.ts";
import { tell } from "../messaging.ts";
import { session } from "./session.ts";
import { inject } from "./sites.ts";

const HIGHLIGHT = "highlight";
const NOTE = "note";
const PANEL = "panel";

/** Call once, at the top level. */
export function followTheBrowser(): void {
  browser.action.onClicked.addListener((tab) => panelFor(tab));
  browser.contextMenus.onClicked.addListener(({ menuItemId }, tab) => act(String(menuItemId), tab));
  browser.commands.onCommand.addListener((command, tab) => act(command, tab));
}

/** Menus outlive the worker: made when the extension is installed or updated. */
export async function makeMenus(): Promise<void> {
  await browser.contextMenus.removeAll();
  const title = (key: "menu_highlight" | "menu_note" | "menu_panel") => browser.i18n.getMessage(key);
  browser.contextMenus.create({ id: HIGHLIGHT, title: title("menu_highlight"), contexts: ["selection"] });
  browser.contextMenus.create({ id: NOTE, title: title("menu_note"), contexts: ["selection"] });
  browser.contextMenus.create({ id: PANEL, title: title("menu_panel"), contexts: ["page"] });
}

function act(deed: string, tab: Browser.tabs.Tab | undefined): void {
  if (tab?.id === undefined) return;
  if (deed === PANEL) panelFor(tab);
  else if (deed === HIGHLIGHT || deed === NOTE) quietly(highlight(tab.id, deed === NOTE));
}

/** Not `async`: a panel opens only in the listener itself. */
function panelFor(tab: Browser.tabs.Tab): void {
  const { id } = tab;
  if (id === undefined) return;
  quietly(openPanel(id));
  // A site that is not allowed yet is open to us in this tab since the click, until it is left.
  quietly(enter(id));
}

async function enter(tabId: number): Promise<boolean> {
  return (await session()) !== null && (await inject(tabId));
}

async function highlight(tabId: number, note: boolean): Promise<void> {
  if (await enter(tabId)) await tell(tabId, "page.highlight", { color: null, note });
}

function quietly(deed: Promise<unknown>): void {
  deed.catch((error: unknown) => console.warn(error));
}
