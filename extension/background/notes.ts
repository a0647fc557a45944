/** Opens the place where a note is typed: the side panel beside the page, or a small window of the extension's own. */

import { browser, sidePanel } from "../browser.ts";
import { announce } from "../messaging.ts";
import { optional } from "../optional-browser.ts";

const WIDTH = 460;
const HEIGHT = 560;
const WANTED = "note:";
/** Milliseconds; a panel that takes longer to open has its own reasons. */
const FRESH = 15_000;

/**
 * Must be called in the listener itself, before any `await`: the browser opens a side panel only for a deed of the user.
 * Firefox has no panel that a message may open, and a panel may be refused (in a popup window, say): then it is a window.
 */
export function openNote(id: string, tabId: number): Promise<{ opened: "panel" | "window" }> {
  const panel = sidePanel();
  if (panel === undefined) return openWindow(id);
  return noteIn(panel.open({ tabId }), id, tabId);
}

/** In a panel that is being opened, or in a window where that is refused. */
export function noteIn(
  opening: Promise<void>,
  id: string,
  tabId: number,
): Promise<{ opened: "panel" | "window" }> {
  return opening.then(
    async () => {
      // A panel that is open hears it now; one that is just opening is told when it asks for the page.
      await browser.storage.session.set({ [WANTED + tabId]: { id, asked: Date.now() } });
      announce("note.show", { id, tabId });
      return { opened: "panel" as const };
    },
    () => openWindow(id),
  );
}

/** A panel asked for this tab's page: does it have to show a note? Each wish is told once. */
export async function tellWantedNote(tabId: number): Promise<void> {
  const key = WANTED + tabId;
  const wanted = (await browser.storage.session.get(key))[key] as { id: string; asked: number } | undefined;
  if (wanted === undefined) return;
  await browser.storage.session.remove(key);
  if (Math.abs(Date.now() - wanted.asked) < FRESH) announce("note.show", { id: wanted.id, tabId });
}

/** The small window; a tab where there are no windows. */
export async function openWindow(id: string): Promise<{ opened: "window" }> {
  const url = `${browser.runtime.getURL("/note.html")}?id=${encodeURIComponent(id)}`;
  const { windows } = optional();
  if (windows === undefined) await browser.tabs.create({ url });
  else await windows.create({ type: "popup", url, width: WIDTH, height: HEIGHT });
  return { opened: "window" };
}
