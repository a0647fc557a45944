/**
 * "A note on the linked page": what a link points to has no text before it was opened, and the extension asks no site
 * for a page that the reader does not open. So the page is opened, and its note begun as soon as its script answers.
 */

import { permissionPattern } from "../address.ts";
import { browser } from "../browser.ts";
import { openWindow } from "./notes.ts";
import { beginPageNote } from "./page-notes.ts";

const WANTED = "page-note:";
/** Milliseconds; who waits longer for a page to load has begun the note by hand. */
const FRESH = 60_000;

/**
 * Must be called in the listener itself: the browser asks for a site only for a deed of the user. Nothing is opened
 * where it is refused.
 */
export function openForNote(url: string): Promise<void> {
  const pattern = permissionPattern(url);
  if (pattern === null) return Promise.resolve();
  return mayEnter([pattern]).then(async (allowed) => {
    if (!allowed) return;
    const tab = await browser.tabs.create({ url });
    if (tab.id !== undefined) await browser.storage.session.set({ [WANTED + tab.id]: Date.now() });
  });
}

/** Where the browser does not let us ask, it may be allowed already. */
function mayEnter(origins: string[]): Promise<boolean> {
  const asked = browser.permissions.request({ origins });
  return asked.catch(() => browser.permissions.contains({ origins }));
}

/** A page has asked what is known of it: was it opened for a note? Each wish is fulfilled once. */
export async function beginWantedPageNote(tabId: number, soon: () => void): Promise<void> {
  const key = WANTED + tabId;
  const asked = (await browser.storage.session.get(key))[key];
  if (typeof asked !== "number") return;
  await browser.storage.session.remove(key);
  if (Math.abs(Date.now() - asked) < FRESH) await openWindow((await beginPageNote(tabId, soon)).id);
}
