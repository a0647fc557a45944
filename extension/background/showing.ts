/** Opens the page that an annotation was made on, and scrolls to it as soon as it is painted there. */

import { browser } from "../browser.ts";
import { RequestFailed, tell } from "../messaging.ts";
import { focusWindow } from "../optional-browser.ts";
import type { AnnotationRow } from "../store/rows.ts";
import { passageAddress } from "../text-fragment.ts";
import { allReadings } from "./readings.ts";

const WANTED = "show:";
/** Milliseconds; who waits longer for a page to load has scrolled by hand. */
const FRESH = 60_000;
/** A page paints what it was just told a moment later: asked so often, so many milliseconds apart. */
const TRIES = 12;
const PAUSE = 150;

/**
 * `tab`: it was open already; `page`: it was opened and is scrolled once painted; `passage`: the site is not allowed,
 * so that the browser itself looks for the words.
 */
export type Opened = "tab" | "page" | "passage";

export async function openAt(row: AnnotationRow): Promise<Opened> {
  const { id, written, page } = row;
  for (const [tabId, reading] of await allReadings()) {
    if (reading.placed[id] === undefined && !reading.keys.includes(page)) continue;
    if (!(await bringForward(tabId))) continue;
    await scrollTo(tabId, id);
    return "tab";
  }
  const { protocol, hostname } = new URL(written.url);
  const allowed = await browser.permissions.contains({ origins: [`${protocol}//${hostname}/*`] });
  const url = allowed ? written.url : passageAddress(written.url, written.target.quote);
  const tab = await browser.tabs.create({ url });
  if (!allowed || tab.id === undefined) return "passage";
  await browser.storage.session.set({ [WANTED + tab.id]: { id, asked: Date.now() } });
  return "page";
}

/** A page was read and is being painted: was it opened to show something? Each wish is fulfilled once. */
export async function showWanted(tabId: number): Promise<void> {
  const key = WANTED + tabId;
  const wanted = (await browser.storage.session.get(key))[key] as { id: string; asked: number } | undefined;
  if (wanted === undefined) return;
  await browser.storage.session.remove(key);
  if (Math.abs(Date.now() - wanted.asked) < FRESH) await scrollTo(tabId, wanted.id);
}

async function scrollTo(tabId: number, id: string): Promise<boolean> {
  for (let tried = 0; tried < TRIES; tried++) {
    try {
      if ((await tell(tabId, "page.scroll", { id })).shown) return true;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return false;
}

/** False: the tab is gone. */
async function bringForward(tabId: number): Promise<boolean> {
  try {
    const tab = await browser.tabs.update(tabId, { active: true });
    await focusWindow(tab?.windowId);
    return true;
  } catch {
    return false;
  }
}
