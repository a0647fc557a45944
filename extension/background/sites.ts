/**
 * Where the content script runs: on the sites that the user allowed, while connected and not paused. In private
 * windows only where the browser's own switch for this extension allows it.
 */

import { browser } from "../browser.ts";
import type { InterfaceHandlers } from "../messaging.ts";
import { announce, tell } from "../messaging.ts";
import { readConnection } from "../store/connection.ts";
import { changeSettings, readSettings } from "../store/settings.ts";
import { everyPage } from "./news.ts";

const CONTENT = "/content-scripts/content.js";
const ID = "annotator-content";
const ALL = ["http://*/*", "https://*/*"];

export const siteHandlers: Pick<InterfaceHandlers, "sites.get" | "sites.changed" | "sites.pause"> = {
  "sites.get": async () => {
    const origins = await allowedOrigins();
    const all = ALL.every((pattern) => origins.includes(pattern));
    return {
      all,
      origins: origins.filter((pattern) => !ALL.includes(pattern)),
      paused: (await readSettings()).paused,
    };
  },
  "sites.changed": async () => {
    await registerSites();
    return { registered: true };
  },
  "sites.pause": async ({ paused }) => {
    await changeSettings({ paused });
    await everyPage(paused ? "page.leave" : "page.repaint");
    await registerSites();
    return { paused };
  },
};

/**
 * Call once, at the top level: the browser's own settings can give and take sites too. `added` hears of every new one,
 * since the server may be among them.
 */
export function followPermissions(added: () => void): void {
  const follow = () => void registerSites().catch((error: unknown) => console.error(error));
  browser.permissions.onAdded.addListener(() => {
    follow();
    added();
  });
  browser.permissions.onRemoved.addListener(follow);
}

/** Makes the browser's list of content scripts what it has to be, and serves the tabs that are open already. */
export async function registerSites(): Promise<void> {
  await navigator.locks.request("sites", async () => {
    const matches = await wantedOrigins();
    const there = await browser.scripting.getRegisteredContentScripts({ ids: [ID] });
    if (matches.length === 0) {
      if (there.length > 0) await browser.scripting.unregisterContentScripts({ ids: [ID] });
      return;
    }
    const script = { id: ID, js: [CONTENT], matches, runAt: "document_idle" as const, allFrames: false };
    if (there.length > 0) await browser.scripting.updateContentScripts([script]);
    else await browser.scripting.registerContentScripts([script]);
    await injectIntoOpenTabs(matches);
  });
  announce("changed", { what: "sites" });
}

/** Puts the content script into a tab unless it is there; false where the browser does not let anyone in. */
export async function inject(tabId: number): Promise<boolean> {
  try {
    await tell(tabId, "page.repaint", { page: null });
    return true;
  } catch {
    // Nothing there that answers.
  }
  try {
    await browser.scripting.executeScript({ target: { tabId }, files: [CONTENT] });
    return true;
  } catch {
    return false;
  }
}

async function injectIntoOpenTabs(matches: string[]): Promise<void> {
  const tabs = await browser.tabs.query({ url: matches });
  await Promise.all(tabs.map(({ id, discarded }) => (id === undefined || discarded ? false : inject(id))));
}

async function wantedOrigins(): Promise<string[]> {
  if ((await readConnection()) === null || (await readSettings()).paused) return [];
  return allowedOrigins();
}

async function allowedOrigins(): Promise<string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  const patterns = origins.flatMap((origin) =>
    origin === "<all_urls>" || origin === "*://*/*" ? ALL : [origin],
  );
  return [...new Set(patterns.filter((pattern) => /^(https?|\*):\/\//.test(pattern)))].sort();
}
