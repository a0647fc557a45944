/** What the extension's own pages ask about annotations: panel, note window. */

import type { Browser } from "../browser.ts";
import { browser } from "../browser.ts";
import type { FromInterface } from "../messages.ts";
import type { InterfaceHandlers } from "../messaging.ts";
import { RequestFailed, tell } from "../messaging.ts";
import type { AnnotationView, PanelPage } from "../model.ts";
import { readConnection } from "../store/connection.ts";
import { deleteAnnotation, editAnnotation, restoreAnnotation, settleRefused } from "../store/deeds.ts";
import { refusedIds } from "../store/outbox.ts";
import { annotationsOf } from "../store/pages.ts";
import { bringBack } from "../store/refused.ts";
import { countReplies, repliesTo } from "../store/replies.ts";
import type { AnnotationRow } from "../store/rows.ts";
import { readSettings } from "../store/settings.ts";
import { tagsInUse } from "../store/tags.ts";
import { attach, reattach } from "./attaching.ts";
import { isHidden } from "./hidden.ts";
import { hide } from "./hiding.ts";
import { annotationsChanged, factsOf } from "./news.ts";
import { tellWantedNote } from "./notes.ts";
import { fromMirror } from "./old-pages.ts";
import { ownRow, reported, rowBy } from "./own-rows.ts";
import type { Reading } from "./readings.ts";
import { allReadings, readingOf } from "./readings.ts";
import type { Session } from "./session.ts";
import { needSession, session, sessions, sessionWith } from "./session.ts";
import { countAllUnsent, shownConnection } from "./shown-connection.ts";
import { inject } from "./sites.ts";
import { inPageOrder, viewOf } from "./views.ts";

/** How many refused annotations are listed at once. */
const MOST_REFUSED = 50;

type Names = Extract<
  keyof FromInterface,
  `panel.${string}` | `annotation.${string}` | `refused.${string}` | `tags.${string}`
>;

export function annotationHandlers(soon: () => void): Pick<InterfaceHandlers, Names> {
  const changed = async (
    id: string,
    deed: (there: Session) => Promise<AnnotationRow>,
  ): Promise<AnnotationView> => {
    const there = await sessionWith(id);
    await ownRow(there, id);
    const row = await reported(deed(there));
    await annotationsChanged(new Set([row.page]));
    soon();
    return viewAnywhere(there, row, await repliesTo(there.database, row));
  };
  return {
    "panel.page": ({ tabId }) => panelPage(tabId),
    "panel.show": ({ tabId, id }) => show(tabId, id),
    "panel.hide": async ({ tabId, hidden }) => ({ hidden: await hide(tabId, hidden) }),
    "annotation.get": async ({ id }) => {
      if ((await session()) === null) return { annotation: null, library: null };
      const there = await sessionWith(id);
      const row = await there.database.get("annotations", id);
      if (row === undefined || row.deleted !== null) return { annotation: null, library: null };
      const annotation = await viewAnywhere(there, row, await repliesTo(there.database, row));
      return { annotation, library: there.library };
    },
    "annotation.write": async ({ id, ...edit }) => ({
      annotation: await changed(id, ({ database }) => editAnnotation(database, id, edit, now())),
    }),
    "annotation.delete": async ({ id }) => {
      await changed(id, ({ database }) => deleteAnnotation(database, id, now()));
      return { deleted: true };
    },
    "annotation.restore": async ({ id }) => ({
      annotation: await changed(id, ({ database }) => restoreAnnotation(database, id, now())),
    }),
    "annotation.attach": async ({ id, tabId }) => {
      const there = await sessionWith(id);
      const before = (await ownRow(there, id)).written.target;
      return { annotation: await changed(id, () => attach(there, id, tabId)), before };
    },
    "annotation.reattach": async ({ id, target }) => ({
      annotation: await changed(id, (there) => reattach(there, id, target)),
    }),
    "refused.all": async () => ({ annotations: await allRefused() }),
    "refused.settle": async ({ id, deed }) => {
      const there = await sessionWith(id);
      // Also where the user may only read by now: what cannot be sent has to be given up somehow.
      const before = await rowBy(there, id);
      await reported(settleRefused(there.database, id, deed));
      await annotationsChanged(new Set([before.page]));
      soon();
      return { before };
    },
    "refused.bring_back": async ({ before }) => {
      const there = await needSession();
      if (before.author.id !== there.connection.user.id) throw new RequestFailed("trouble_not_mine");
      const row = await reported(bringBack(there.database, before));
      await annotationsChanged(new Set([row.page]));
      soon();
      return { annotation: await viewAnywhere(there, row, await repliesTo(there.database, row)) };
    },
    "tags.all": async () => ({ tags: await allTags() }),
  };
}

async function panelPage(asked: number | null): Promise<PanelPage> {
  const tab = await tabOf(asked);
  const reading = tab?.id === undefined ? null : await currentReading(tab.id, tab.url);
  const there = await session();
  const { unsent, refused } = await countAllUnsent();
  if (tab?.id !== undefined) await tellWantedNote(tab.id);
  return {
    connection: await shownConnection(),
    url: reading?.url ?? tab?.url ?? "",
    title: reading?.title || tab?.title || "",
    access: await accessTo(tab, reading),
    hidden: tab?.id !== undefined && (await isHidden(tab.id)),
    annotations: there === null ? [] : await shownOn(there, reading, tab),
    unsent,
    refused,
  };
}

async function shownOn(
  there: Session,
  reading: Reading | null,
  tab: { url?: string | undefined; title?: string | undefined } | null,
): Promise<AnnotationView[]> {
  // A site that is not allowed has no reading; its annotations are known by its address all the same.
  const page = reading ?? {
    url: tab?.url ?? "",
    canonical: "",
    title: tab?.title ?? "",
    keys: [],
    digest: "",
    placed: {},
  };
  if (page.url === "") return [];
  const rows = await annotationsOf(there.database, factsOf(page));
  const old = fromMirror(there);
  const replies = countReplies(rows);
  return inPageOrder(
    await Promise.all(
      rows.map((row) => viewOf(there, row, page.placed[row.id], old, replies.get(row.id) ?? 0)),
    ),
  );
}

async function tabOf(
  tabId: number | null,
): Promise<Pick<Browser.tabs.Tab, "id" | "url" | "title" | "status"> | null> {
  try {
    if (tabId !== null) return await browser.tabs.get(tabId);
    return (await browser.tabs.query({ active: true, lastFocusedWindow: true }))[0] ?? null;
  } catch {
    return null;
  }
}

/** A reading of another origin is of the page that was there before. */
async function currentReading(tabId: number, url: string | undefined): Promise<Reading | null> {
  const reading = await readingOf(tabId);
  if (reading === null || url === undefined || !URL.canParse(url)) return reading;
  return new URL(url).origin === new URL(reading.url).origin ? reading : null;
}

async function accessTo(
  tab: Awaited<ReturnType<typeof tabOf>>,
  reading: Reading | null,
): Promise<PanelPage["access"]> {
  const url = tab?.url ?? "";
  // The browser tells the address of a tab only where the site is allowed.
  if (url === "") return reading === null ? "unpermitted" : "ready";
  if (!/^https?:/i.test(url)) return "restricted";
  if (reading !== null) return "ready";
  const { protocol, hostname } = new URL(url);
  if (!(await browser.permissions.contains({ origins: [`${protocol}//${hostname}/*`] })))
    return "unpermitted";
  // Allowed, and nothing of ours is in it: put there now, unless the browser keeps everybody out, as of add-on stores.
  const loading = tab?.status !== "complete";
  const idle = loading || (await readConnection()) === null || (await readSettings()).paused;
  return idle || tab?.id === undefined || (await inject(tab.id)) ? "ready" : "restricted";
}

async function show(tabId: number, id: string): Promise<{ shown: boolean }> {
  try {
    const answer = await tell(tabId, "page.scroll", { id });
    return { shown: answer.shown };
  } catch (error) {
    if (error instanceof RequestFailed) return { shown: false };
    throw error;
  }
}

/** With its place on whichever open page has it. */
async function viewAnywhere(there: Session, row: AnnotationRow, replies: number): Promise<AnnotationView> {
  const readings = [...(await allReadings()).values()];
  const place = readings.find(({ placed }) => placed[row.id] !== undefined)?.placed[row.id];
  return viewOf(there, row, place, fromMirror(there), replies);
}

async function allRefused(): Promise<AnnotationView[]> {
  const refused: AnnotationView[] = [];
  for (const there of await sessions()) {
    const ids = await refusedIds(there.database, MOST_REFUSED - refused.length);
    const rows = await Promise.all(ids.map((id) => there.database.get("annotations", id)));
    for (const row of rows) if (row !== undefined) refused.push(await viewAnywhere(there, row, 0));
    if (refused.length === MOST_REFUSED) break;
  }
  return refused;
}

/** Every tag in use, in order of the alphabet. */
async function allTags(): Promise<string[]> {
  const there = await session();
  if (there === null) return [];
  return (await tagsInUse(there.database)).sort((a, b) => a.localeCompare(b));
}

function now(): string {
  return new Date().toISOString();
}
