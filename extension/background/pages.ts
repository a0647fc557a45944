/** What content scripts ask. Their answers hold nothing that a reader wrote. */

import { browser } from "../browser.ts";
import type { FromPage, PageVisit } from "../messages.ts";
import type { PageHandlers, PageSender } from "../messaging.ts";
import { RequestFailed, tell } from "../messaging.ts";
import type { PageText, Painted } from "../model.ts";
import { digest } from "../paragraphs.ts";
import { addAnnotation, deleteAnnotation, editAnnotation, restoreAnnotation } from "../store/deeds.ts";
import { annotationsAt, annotationsOf, isKnown, pageKeys } from "../store/pages.ts";
import type { AnnotationRow, Written } from "../store/rows.ts";
import { changeSettings, readSettings } from "../store/settings.ts";
import { isWebAddress } from "../url-key.ts";
import { uuid7 } from "../uuid7.ts";
import { isHidden, setHidden } from "./hidden.ts";
import { keepIfWorthIt, sendAnchors, snapshotOf } from "./keeping.ts";
import { beginWantedPageNote } from "./linked-pages.ts";
import { annotationsChanged, setBadge, showCount } from "./news.ts";
import { openNote } from "./notes.ts";
import { fromMirrorOrServer } from "./old-pages.ts";
import { needToWrite, ownRow, reported } from "./own-rows.ts";
import { paintedFrom, placesOf } from "./places.ts";
import { quoteOf, quotesOf } from "./quotes.ts";
import type { Placed, Reading } from "./readings.ts";
import { changeReading, readingOf } from "./readings.ts";
import type { Session } from "./session.ts";
import { needSession, session, sessionWith } from "./session.ts";
import { showWanted } from "./showing.ts";

type Ask<Name extends keyof FromPage> = FromPage[Name]["ask"];
const NOWHERE: Placed = { state: "pending", start: null, end: null, text: "" };

/** `soon` asks for an exchange with the server. */
export function pageHandlers(soon: () => void): PageHandlers {
  return {
    "page.visit": async (ask, from) => {
      const visited = await visit(ask, from);
      void beginWantedPageNote(from.tabId, soon).catch((error: unknown) => console.warn(error));
      return visited;
    },
    "page.read": (ask, from) => read(ask, from, soon),
    "page.article": (_, { tabId }) => loadArticleFinder(tabId),
    "highlight.create": async (ask, from) => {
      const painted = await create(ask, from);
      await changeSettings({ color: ask.color });
      soon();
      return { painted };
    },
    "highlight.color": async ({ id, color }, from) => {
      const painted = await changed(id, from, ({ database }) =>
        editAnnotation(database, id, { color }, now()),
      );
      await changeSettings({ color });
      soon();
      return { painted };
    },
    "highlight.delete": async ({ id }, from) => {
      await changed(id, from, ({ database }) => deleteAnnotation(database, id, now()));
      soon();
      return { deleted: true };
    },
    "highlight.restore": async ({ id }, from) => {
      const painted = await changed(id, from, ({ database }) => restoreAnnotation(database, id, now()));
      soon();
      return { painted };
    },
    // Not `async`: the side panel opens only while the click still counts.
    "note.open": ({ id }, { tabId }) => openNote(id, tabId),
  };
}

async function visit({ url, canonical }: Ask<"page.visit">, from: PageSender): Promise<PageVisit> {
  checkAddress(url, from);
  const keys = await pageKeys(url, canonical);
  const list = keys.canonical === null ? [keys.own] : [keys.own, keys.canonical];
  await changeReading(from.tabId, (before) =>
    before?.url === url && before.canonical === canonical
      ? before
      : { url, canonical, title: "", keys: list, digest: "", placed: {} },
  );
  const there = await session();
  const { paused, color } = await readSettings();
  const hidden = await isHidden(from.tabId);
  const told = { color, hidden, shared: there !== null && !there.library.own, readOnly: false };
  if (there === null || paused) return { ...told, known: false, toolbar: false, quotes: [] };
  const readOnly = there.library.role === "reader";
  // Those of its canonical address may be another page's: only the text can tell.
  const own = await annotationsAt(there.database, keys.own);
  const known = own.length > 0 || (await isKnown(there.database, keys));
  if (!known) await setBadge(from.tabId, "");
  return { ...told, known, toolbar: isWebAddress(url) && !readOnly, readOnly, quotes: quotesOf(own) };
}

async function read(
  { page, settled, look }: Ask<"page.read">,
  from: PageSender,
  soon: () => void,
): Promise<{ painted: readonly Painted[] }> {
  checkAddress(page.facts.url, from);
  const there = await needSession();
  const { database } = there;
  // Those deleted here are placed too: undo paints them without another reading.
  const [all, name, { own }, before] = await Promise.all([
    annotationsOf(database, page.facts, "all"),
    digest(page.paragraphs),
    pageKeys(page.facts.url, page.facts.canonical),
    readingOf(from.tabId),
  ]);
  const rows = all.filter((row) => row.deleted === null);
  const earlier = before?.digest === name ? before.placed : {};
  const late = () => void tell(from.tabId, "page.repaint", { page: null }).catch(() => undefined);
  const paintedAt = (places: Readonly<Record<string, Placed>>) =>
    rows.flatMap((row) => (places[row.id] ? [paintedFrom(there, row, places[row.id] ?? NOWHERE)] : []));
  const tellEarly = (places: Readonly<Record<string, Placed>>) => {
    if (look === undefined) return;
    tell(from.tabId, "page.early", { look, painted: paintedAt(places) }).catch(() => undefined);
  };
  const old = fromMirrorOrServer(there, own, late);
  const placed = await placesOf(all, page.paragraphs, name, old, earlier, tellEarly);
  await noteReading(database, page, name, placed, from.tabId);
  void showWanted(from.tabId).catch((error: unknown) => console.warn(error));
  // A reader has no text to give, nor a say in where highlights stand.
  if (settled && there.library.role !== "reader") {
    const kept = await keepIfWorthIt(database, snapshotOf(page, name, own, Date.now()), rows, placed);
    const anchored = await sendAnchors(database, name, rows, placed);
    if (kept || anchored) soon();
  }
  return { painted: paintedAt(placed) };
}

async function noteReading(
  database: Session["database"],
  { facts: { url, canonical, title } }: PageText,
  name: string,
  placed: Reading["placed"],
  tabId: number,
): Promise<void> {
  const keys = await pageKeys(url, canonical);
  const list = keys.canonical === null ? [keys.own] : [keys.own, keys.canonical];
  const reading: Reading = { url, canonical, title, keys: list, digest: name, placed };
  // The page is waiting to be painted; icon and panel hear of it meanwhile.
  if (await changeReading(tabId, () => reading))
    announceTo(tabId, database, reading).catch((error: unknown) => console.error(error));
}

async function announceTo(tabId: number, database: Session["database"], reading: Reading): Promise<void> {
  await showCount(tabId, database, reading);
  await annotationsChanged(new Set(), tabId);
}

async function create(
  { page, target, color, shared }: Ask<"highlight.create">,
  from: PageSender,
): Promise<Painted> {
  const { facts, paragraphs } = page;
  checkAddress(facts.url, from);
  if (!isWebAddress(facts.url)) throw new RequestFailed("trouble_bad_address");
  const there = await needSession();
  const { database, connection, library } = there;
  needToWrite(there);
  if (shared !== !library.own) {
    // The page learns which one it is now, and the reader sees it before the next try.
    tell(from.tabId, "page.repaint", { page: null }).catch(() => undefined);
    throw new RequestFailed("trouble_other_library");
  }
  const { own } = await pageKeys(facts.url, facts.canonical);
  const name = await digest(paragraphs);
  const { start, end } = target;
  const written: Written = {
    motivation: "highlighting",
    url: facts.url,
    color,
    note: "",
    tags: [],
    parent: null,
    target: { snapshot: name, start, end, quote: quoteOf(page, target) },
  };
  const snapshot = snapshotOf(page, name, own, Date.now());
  const made = { id: uuid7(), written, author: connection.user, page: own, now: now() };
  const row = await reported(addAnnotation(database, made, snapshot));
  await setHidden(from.tabId, false);
  const painted = await placedNew(there, row, page, name, from.tabId);
  // This text is sent in any case: so is where the others stand in it.
  const reading = await readingOf(from.tabId);
  if (reading?.digest === name)
    await sendAnchors(database, name, await annotationsOf(database, facts), reading.placed);
  return painted;
}

/** The new highlight stands where it was made; the others stay where they were last seen. */
async function placedNew(
  there: Session,
  row: AnnotationRow,
  page: PageText,
  name: string,
  tabId: number,
): Promise<Painted> {
  const { start, end, quote } = row.written.target;
  const place: Placed = { state: "exact", start, end, text: quote?.exact ?? "" };
  const { url, canonical, title } = page.facts;
  await changeReading(tabId, (before) => {
    const same = before?.url === url;
    return {
      url,
      canonical,
      title,
      keys: same ? before.keys : [row.page],
      digest: same ? before.digest : name,
      placed: { ...(same ? before.placed : {}), [row.id]: place },
    };
  });
  await annotationsChanged(new Set([row.page]), tabId);
  return paintedFrom(there, row, place);
}

/** One deed on an own annotation that is on the tab's page. Throws RequestFailed. */
async function changed(
  id: string,
  { tabId }: PageSender,
  deed: (there: Session) => Promise<AnnotationRow>,
): Promise<Painted> {
  const there = await sessionWith(id);
  const reading = await readingOf(tabId);
  const { page } = await ownRow(there, id);
  // A content script speaks for its page alone.
  if (!reading?.keys.includes(page) && reading?.placed[id] === undefined)
    throw new RequestFailed("trouble_gone");
  const row = await reported(deed(there));
  await annotationsChanged(new Set([row.page, ...reading.keys]), tabId);
  return paintedFrom(there, row, reading.placed[id] ?? NOWHERE);
}

async function loadArticleFinder(tabId: number): Promise<{ ready: boolean }> {
  await browser.scripting.executeScript({ target: { tabId }, files: ["/content-scripts/article.js"] });
  return { ready: true };
}

/** What a page says of its address is believed as far as the browser's own word reaches: its origin. */
function checkAddress(url: string, from: PageSender): void {
  const same =
    URL.canParse(url) && URL.canParse(from.url) && new URL(url).origin === new URL(from.url).origin;
  if (!same) throw new RequestFailed("trouble_forbidden", "this is not the page's own address");
}

function now(): string {
  return new Date().toISOString();
}
