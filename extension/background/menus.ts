/** The browser's own ways in: the icon, the context menu, the keys. Each lets us into the tab it was used on. */

import type { Browser } from "../browser.ts";
import { browser, openPanel } from "../browser.ts";
import { tell } from "../messaging.ts";
import { optional } from "../optional-browser.ts";
import { hideOrShow } from "./hiding.ts";
import { openForNote } from "./linked-pages.ts";
import { noteIn } from "./notes.ts";
import { beginPageNote } from "./page-notes.ts";
import { session } from "./session.ts";
import { inject } from "./sites.ts";

type Tab = Browser.tabs.Tab;
type MenuTitle = `menu_${"highlight" | "note" | "page_note" | "panel" | "toggle_highlights" | "link_note"}`;

const HIGHLIGHT = "highlight";
const NOTE = "note";
const PANEL = "panel";
const TOGGLE = "toggle-highlights";
const PAGE_NOTE = "page-note";
const LINK_NOTE = "link-note";

/** Call once, at the top level. `soon` asks for an exchange with the server. */
export function followTheBrowser(soon: () => void): void {
  browser.action.onClicked.addListener((tab) => panelFor(tab));
  optional().contextMenus?.onClicked.addListener(({ menuItemId, linkUrl }, tab) => {
    if (menuItemId === LINK_NOTE) quietly(openForNote(linkUrl ?? ""));
    else act(String(menuItemId), tab, soon);
  });
  optional().commands?.onCommand.addListener((command, tab) => act(command, tab, soon));
}

/** Menus outlive the worker: made when the extension is installed or updated. */
export async function makeMenus(): Promise<void> {
  const menus = optional().contextMenus;
  if (menus === undefined) return;
  await menus.removeAll();
  const pages = { documentUrlPatterns: ["http://*/*", "https://*/*"] };
  const make = (id: string, title: MenuTitle, where: Omit<Browser.contextMenus.CreateProperties, "id">) =>
    menus.create({ id, title: browser.i18n.getMessage(title), ...where });
  make(HIGHLIGHT, "menu_highlight", { contexts: ["selection"] });
  make(NOTE, "menu_note", { contexts: ["selection"] });
  make(PANEL, "menu_panel", { contexts: ["page"] });
  make(PAGE_NOTE, "menu_page_note", { contexts: ["page"], ...pages });
  make(TOGGLE, "menu_toggle_highlights", { contexts: ["page", "action"] });
  make(LINK_NOTE, "menu_link_note", { contexts: ["link"], targetUrlPatterns: pages.documentUrlPatterns });
}

/** Not `async`, nor is what opens a panel: it opens only in the listener itself. */
function act(deed: string, tab: Tab | undefined, soon: () => void): void {
  if (tab?.id === undefined) return;
  if (deed === PANEL) panelFor(tab);
  else if (deed === PAGE_NOTE) notePage(tab.id, soon);
  else if (deed === TOGGLE) quietly(hideOrShow(tab.id));
  else if (deed === HIGHLIGHT || deed === NOTE) quietly(highlight(tab.id, deed === NOTE));
}

function panelFor({ id }: Tab): void {
  if (id === undefined) return;
  quietly(openPanel(id));
  // A site that is not allowed yet is open to us in this tab since the click, until it is left.
  quietly(enter(id));
}

/** The panel, which also says why where nothing can be noted, and in it the note. */
function notePage(tabId: number, soon: () => void): void {
  const opening = openPanel(tabId);
  opening.catch(() => undefined);
  quietly(beginPageNote(tabId, soon).then(({ id }) => noteIn(opening, id, tabId)));
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
