/** Tells open pages, the panel and the icon what changed. Nothing waits for them, and none of them need be there. */

import { browser } from "../browser.ts";
import { announce, tell } from "../messaging.ts";
import type { Connection, PageFacts } from "../model.ts";
import { annotationsOf } from "../store/pages.ts";
import type { LibraryDatabase } from "../store/schema.ts";
import { isHidden } from "./hidden.ts";
import { forgetIndex } from "./library-index.ts";
import { paintedAgain } from "./places.ts";
import type { Reading } from "./readings.ts";
import { allReadings, readingOf } from "./readings.ts";
import type { Session } from "./session.ts";
import { session } from "./session.ts";
import { shownConnection } from "./shown-connection.ts";

const BADGE_COLOR = "#3b3b3b";

/** Annotations of these pages changed: by key (`urlKey`). `except` is the tab that knows already. */
export async function annotationsChanged(
  keys: ReadonlySet<string>,
  except: number | null = null,
): Promise<void> {
  forgetIndex();
  announce("changed", { what: "annotations" });
  const there = await session();
  for (const [tabId, reading] of await allReadings()) {
    if (!reading.keys.some((key) => keys.has(key))) continue;
    if (there !== null) await showCount(tabId, there.database, reading);
    if (tabId !== except) await repaint(tabId, there);
  }
}

/** Another library is shown, or what may be done in it has changed. */
export function libraryChanged(): void {
  forgetIndex();
  announce("changed", { what: "annotations" });
}

/** Signed in, signed out, or the server was heard or not heard. */
export async function connectionChanged(): Promise<void> {
  announce("changed", { what: "connection" });
  await showState();
}

/** Every tab with a content script looks again, as after signing in or resuming; or takes everything off. */
export async function everyPage(message: "page.repaint" | "page.leave"): Promise<void> {
  for (const tabId of (await allReadings()).keys()) {
    const told = message === "page.leave" ? tell(tabId, message, {}) : tell(tabId, message, { page: null });
    told.catch(() => undefined);
  }
}

/** The number of this page's annotations on the icon, and in words; a sign-in that is needed comes first. */
export async function showCount(tabId: number, database: LibraryDatabase, reading: Reading): Promise<void> {
  const { length } = await annotationsOf(database, factsOf(reading));
  const connection = await shownConnection();
  const state = iconState(connection);
  await setBadge(tabId, state === "signed_out" ? "!" : length === 0 ? "" : String(length));
  await quietly(browser.action.setTitle({ tabId, title: await titleFor(tabId, connection, length) }));
}

/** The same for a tab of which only the number is known; nothing where nothing was read. */
export async function showTab(tabId: number): Promise<void> {
  const [there, reading] = [await session(), await readingOf(tabId)];
  if (there !== null && reading !== null) await showCount(tabId, there.database, reading);
}

async function titleFor(tabId: number, connection: Connection, count: number): Promise<string> {
  const state = iconState(connection);
  const signedIn = state === "ready" || state === "offline";
  if (signedIn && (await isHidden(tabId))) return browser.i18n.getMessage("action_title_hidden");
  return inLibrary(
    connection,
    state === "ready" && count > 0
      ? browser.i18n.getMessage("action_title_count", String(count))
      : titleOf(state),
  );
}

/** Which library it is, wherever that is not the own one. */
function inLibrary(connection: Connection, title: string): string {
  if (connection.kind !== "signed_in" || connection.libraries.chosen.own) return title;
  return browser.i18n.getMessage("action_title_library", [title, connection.libraries.chosen.name]);
}

export async function setBadge(tabId: number, text: string): Promise<void> {
  await quietly(browser.action.setBadgeText({ tabId, text }));
}

/** The icon is grey while the server is out of reach or wants a sign-in; its title says which, in words. */
export async function showState(): Promise<void> {
  const connection = await shownConnection();
  const state = iconState(connection);
  const away = state === "ready" || state === "unset" ? "" : "-away";
  await browser.action.setIcon({ path: { 16: `/icon${away}-16.png`, 32: `/icon${away}-32.png` } });
  await browser.action.setTitle({ title: inLibrary(connection, titleOf(state)) });
  await browser.action.setBadgeText({ text: state === "signed_out" ? "!" : "" });
  await browser.action.setBadgeBackgroundColor({ color: BADGE_COLOR });
  // What a tab was told is stronger than what all are told.
  const there = await session();
  if (there === null) return;
  for (const [tabId, reading] of await allReadings()) await showCount(tabId, there.database, reading);
}

type IconState = "ready" | "unset" | "signed_out" | "offline";

function iconState(connection: Connection): IconState {
  if (connection.kind !== "signed_in") return connection.kind;
  return connection.online ? "ready" : "offline";
}

function titleOf(state: IconState): string {
  const key =
    state === "signed_out"
      ? "action_title_signed_out"
      : state === "offline"
        ? "action_title_offline"
        : "action_title";
  return browser.i18n.getMessage(key);
}

/** A tab may be gone. */
async function quietly(deed: Promise<unknown>): Promise<void> {
  await deed.catch(() => undefined);
}

/** What `annotationsOf` asks of a page that is not at hand. */
export function factsOf({ url, canonical, title }: Reading): PageFacts {
  return { url, canonical, title, language: "", site_name: "", byline: "", published: "" };
}

/**
 * Where all stands is told only of a text that was read and is still the latest. Before, which annotations are the
 * page's own is not known: told then, it would take off what it is about to paint. It looks for itself instead.
 */
async function repaint(tabId: number, there: Session | null): Promise<void> {
  const reading = await readingOf(tabId);
  if (reading === null) return;
  const rows = there === null ? [] : await annotationsOf(there.database, factsOf(reading));
  const isLatest = JSON.stringify(await readingOf(tabId)) === JSON.stringify(reading);
  const isTold = there === null || (isLatest && reading.digest !== "");
  const painted = there === null ? [] : isTold ? paintedAgain(there, rows, reading) : null;
  const page = painted && { url: reading.url, painted };
  tell(tabId, "page.repaint", { page }).catch(() => undefined);
}
