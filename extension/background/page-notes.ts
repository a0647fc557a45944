/** A note on a page as a whole, begun in the panel. */

import { browser } from "../browser.ts";
import type { InterfaceHandlers } from "../messaging.ts";
import { RequestFailed, tell } from "../messaging.ts";
import type { PageText } from "../model.ts";
import { digest } from "../paragraphs.ts";
import { addAnnotation } from "../store/deeds.ts";
import { pageKeys } from "../store/pages.ts";
import type { AnnotationRow, Written } from "../store/rows.ts";
import { isWebAddress } from "../url-key.ts";
import { uuid7 } from "../uuid7.ts";
import { snapshotOf } from "./keeping.ts";
import { annotationsChanged } from "./news.ts";
import { fromMirror } from "./old-pages.ts";
import { needToWrite, reported } from "./own-rows.ts";
import { needSession } from "./session.ts";
import { inject } from "./sites.ts";
import { viewOf } from "./views.ts";

/** The page goes with it, so that title and text are known wherever the note is read. */
export function pageNoteHandlers(soon: () => void): Pick<InterfaceHandlers, "note.on_page"> {
  return {
    "note.on_page": async ({ tabId }) => {
      const there = await needSession();
      const row = await beginPageNote(tabId, soon);
      return { annotation: await viewOf(there, row, undefined, fromMirror(there), 0) };
    },
  };
}

/** An empty note on the page in a tab. Throws RequestFailed `trouble_no_page` where nothing of ours may read the page. */
export async function beginPageNote(tabId: number, soon: () => void): Promise<AnnotationRow> {
  const there = await needSession();
  needToWrite(there);
  const page = await textOf(tabId);
  const { own } = await pageKeys(page.facts.url, page.facts.canonical);
  const name = await digest(page.paragraphs);
  const now = new Date();
  const written: Written = {
    motivation: "describing",
    url: page.facts.url,
    color: "yellow",
    note: "",
    tags: [],
    parent: null,
    target: { snapshot: name, start: null, end: null, quote: null },
  };
  const made = {
    id: uuid7(),
    written,
    author: there.connection.user,
    page: own,
    now: now.toISOString(),
  };
  const snapshot = snapshotOf(page, name, own, now.getTime());
  const row = await reported(addAnnotation(there.database, made, snapshot));
  await annotationsChanged(new Set([row.page]));
  soon();
  return row;
}

async function textOf(tabId: number): Promise<PageText> {
  if (!(await inject(tabId))) throw new RequestFailed("trouble_no_page");
  const { page } = await tell(tabId, "page.text", {});
  const { url = "" } = await browser.tabs.get(tabId);
  // What a page says of its address is believed as far as the browser's own word reaches: its origin.
  const same = URL.canParse(url) && new URL(url).origin === new URL(page.facts.url).origin;
  if (!same || !isWebAddress(page.facts.url)) throw new RequestFailed("trouble_no_page");
  return page;
}
