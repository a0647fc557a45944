/** Which libraries there are, which one is chosen, and what becomes of one that the user was taken out of. */

import { allAsMarkdown } from "../as-markdown.ts";
import { browser } from "../browser.ts";
import type { InterfaceHandlers } from "../messaging.ts";
import { RequestFailed } from "../messaging.ts";
import type { ConnectionRow } from "../store/connection.ts";
import { readConnection } from "../store/connection.ts";
import { chosenLibrary, ownerOf, withChosen, withLibraries, withoutLeft } from "../store/libraries.ts";
import { unsentIds } from "../store/outbox.ts";
import { databaseName, deleteLibrary } from "../store/schema.ts";
import { getMe } from "../sync/api.ts";
import { ExchangeFailed } from "../sync/errors.ts";
import { changeConnection, sameOwner, sender } from "../sync/tokens.ts";
import { copiesOf } from "./copies.ts";
import { connectionChanged, everyPage, libraryChanged } from "./news.ts";
import { closeSession, databaseOf } from "./session.ts";
import { shownLibraries } from "./shown-connection.ts";

type Names = `library.${"choose" | "unsent" | "forget"}`;

/** Milliseconds; who writes all day need not be told after each word which libraries there are. */
const FRESH = 60_000;
/** When the server was last asked; spares requests, and nothing is lost with it. */
let asked = Number.NEGATIVE_INFINITY;

export function libraryHandlers(soon: () => void): Pick<InterfaceHandlers, Names> {
  return {
    "library.choose": async ({ id }) => {
      const row = await changed((now) => withChosen(now, id));
      if (chosenLibrary(row).id !== id) throw new RequestFailed("trouble_library_gone");
      await showChosen();
      soon();
      return { libraries: await shownLibraries(row) };
    },
    "library.unsent": async ({ id }) => {
      const database = await databaseOf(ownerOf(await leftIn(id), id));
      const copies = await copiesOf(database, await unsentIds(database));
      return { markdown: allAsMarkdown(copies), count: copies.length };
    },
    "library.forget": async ({ id }) => {
      const before = await leftIn(id);
      const row = await changed((now) => withoutLeft(now, id));
      await forget(before, id);
      await connectionChanged();
      return { libraries: await shownLibraries(row) };
    },
  };
}

/** The reader asks: the next exchange asks too, whenever the last one was. */
export function askAgain(): void {
  asked = Number.NEGATIVE_INFINITY;
}

/**
 * Asks the server which libraries the user has, unless it was asked a moment ago. Answers whether another one is shown
 * since. An unreachable server changes nothing. `atOnce`: something was refused that may have to do with it.
 */
export async function refreshLibraries(atOnce: boolean): Promise<boolean> {
  const before = await readConnection();
  if (before === null || before.tokens === null) return false;
  if (!atOnce && Math.abs(Date.now() - asked) < FRESH) return false;
  asked = Date.now();
  try {
    const { libraries } = await getMe(sender(before, browser.runtime.getManifest().version));
    await changeConnection((row) => (sameOwner(row, before) ? withLibraries(row, libraries) : row));
  } catch (error) {
    if (!(error instanceof ExchangeFailed)) throw error;
    return false;
  }
  const after = await readConnection();
  if (after === null || !sameOwner(after, before)) return false;
  const known = new Set((before.left ?? []).map(({ id }) => id));
  const newlyLeft = (after.left ?? []).filter(({ id }) => !known.has(id));
  for (const { unsent, id } of (await shownLibraries({ ...after, left: newlyLeft })).left)
    if (unsent === 0) await forget(after, id);
  const [was, is] = [chosenLibrary(before), chosenLibrary(after)];
  if (was.id === is.id && was.role === is.role) return false;
  await showChosen();
  return was.id !== is.id;
}

/** What was chosen is another library, or may be written in since: all that shows it looks again. */
async function showChosen(): Promise<void> {
  libraryChanged();
  await connectionChanged();
  await everyPage("page.repaint");
}

/** Throws RequestFailed `trouble_not_connected`. */
async function changed(change: (row: ConnectionRow) => ConnectionRow): Promise<ConnectionRow> {
  await changeConnection((row) => row && change(row));
  const row = await readConnection();
  if (row === null) throw new RequestFailed("trouble_not_connected");
  return row;
}

/** The connection, if the user was taken out of this library. Throws RequestFailed `trouble_library_gone`. */
async function leftIn(id: string): Promise<ConnectionRow> {
  const row = await readConnection();
  if (row === null || !row.left?.some((one) => one.id === id))
    throw new RequestFailed("trouble_library_gone");
  return row;
}

async function forget(row: ConnectionRow, id: string): Promise<void> {
  const owner = ownerOf(row, id);
  await navigator.locks.request(`sync:${await databaseName(owner)}`, async () => {
    closeSession();
    await deleteLibrary(owner);
  });
}
