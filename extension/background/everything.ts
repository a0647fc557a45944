/** What the panel asks about the whole mirror: find, copy, open. Answered without the server. */

import type { Copied } from "../as-markdown.ts";
import { allAsMarkdown, asMarkdown } from "../as-markdown.ts";
import type { InterfaceHandlers } from "../messaging.ts";
import { announce, RequestFailed } from "../messaging.ts";
import type { Everything, FoundAnnotation, Sought } from "../model.ts";
import type { Entry } from "../store/entries.ts";
import { countLiving, isAnything, readNewest, select, siteOf, titleOf } from "../store/entries.ts";
import { repliesToAll } from "../store/replies.ts";
import type { AnnotationRow } from "../store/rows.ts";
import { isWebAddress } from "../url-key.ts";
import { copiesOf } from "./copies.ts";
import { forgetIndex, libraryIndex } from "./library-index.ts";
import { openWindow } from "./notes.ts";
import { fromMirror } from "./old-pages.ts";
import type { Session } from "./session.ts";
import { needSession, session } from "./session.ts";
import { openAt } from "./showing.ts";
import { viewOf } from "./views.ts";

type Names = "everything.find" | "everything.open" | `markdown.${"one" | "found" | "these"}` | "note.window";

/** How many rows one answer may hold. */
const MOST_ROWS = 200;
/** In a mirror of more, the first answer does not wait until all of it was read. */
const MANY = 500;
const NOTHING: Everything = { all: 0, total: 0, sites: [], tags: [], first: 0, rows: [] };

export const everythingHandlers: Pick<InterfaceHandlers, Names> = {
  "everything.find": async ({ sought, first, count, fresh }) => {
    const there = await session();
    if (there === null) return NOTHING;
    if (fresh) {
      forgetIndex();
      const all = await countLiving(there.database);
      if (first === 0 && all > MANY && isAnything(sought))
        return newest(there, all, Math.min(count, MOST_ROWS));
    }
    return find(there, sought, first, Math.min(count, MOST_ROWS));
  },
  "everything.open": async ({ id }) => {
    const row = await (await needSession()).database.get("annotations", id);
    if (row === undefined || row.deleted !== null) throw new RequestFailed("trouble_gone");
    if (!isWebAddress(row.written.url)) throw new RequestFailed("trouble_bad_address");
    return { opened: await openAt(row) };
  },
  "markdown.one": async ({ id }) => ({ markdown: (await copies([id])).map(asMarkdown).join("\n") }),
  "markdown.found": async ({ sought }) => {
    const { entries } = await libraryIndex(await needSession());
    const found = select(entries, sought).map(({ id }) => id);
    return { markdown: allAsMarkdown(await copies(found)), count: found.length };
  },
  "markdown.these": async ({ ids }) => ({ markdown: allAsMarkdown(await copies(ids)) }),
  "note.window": async ({ id }) => {
    await openWindow(id);
    return { opened: true };
  },
};

async function find(there: Session, sought: Sought, first: number, count: number): Promise<Everything> {
  const { entries, sites, tags } = await libraryIndex(there);
  const found = select(entries, sought);
  const rows = await Promise.all(found.slice(first, first + count).map((entry) => shown(there, entry)));
  return { all: entries.length, total: found.length, sites, tags, first, rows };
}

/**
 * Who opens the panel sees the newest at once. What there is to choose from comes with the next answer: the mirror is read
 * meanwhile, and when that is done the panel is told to ask again.
 */
async function newest(there: Session, all: number, count: number): Promise<Everything> {
  const found = await readNewest(there.database, count);
  const replies = await repliesToAll(there.database, found);
  const rows = await Promise.all(
    found.map(async (row) =>
      shownRow(there, row, await titleOf(there.database, row), replies.get(row.id) ?? 0),
    ),
  );
  void libraryIndex(there).then(
    () => announce("changed", { what: "annotations" }),
    (error: unknown) => console.error(error),
  );
  return { all, total: all, sites: [], tags: [], first: 0, rows };
}

/** null: gone since the index was read. */
async function shown(there: Session, { id, title, replies }: Entry): Promise<FoundAnnotation | null> {
  const row = await there.database.get("annotations", id);
  if (row === undefined || row.deleted !== null) return null;
  return shownRow(there, row, title, replies);
}

async function shownRow(
  there: Session,
  row: AnnotationRow,
  title: string,
  replies: number,
): Promise<FoundAnnotation> {
  const view = await viewOf(there, row, undefined, fromMirror(there), replies);
  return { ...view, title, site: siteOf(row.written.url) };
}

async function copies(ids: readonly string[]): Promise<Copied[]> {
  return copiesOf((await needSession()).database, ids);
}
