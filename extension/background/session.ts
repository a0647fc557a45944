/** Whose mirrors are open. Read from the disk for each deed: a worker that was stopped has forgotten it. */

import { permissionPattern } from "../address.ts";
import { browser } from "../browser.ts";
import { RequestFailed } from "../messaging.ts";
import type { Library } from "../model.ts";
import type { ConnectionRow } from "../store/connection.ts";
import { readConnection } from "../store/connection.ts";
import { chosenLibrary, mirroredLibraries, ownerOf } from "../store/libraries.ts";
import { nextTime } from "../store/outbox.ts";
import type { LibraryDatabase, Owner } from "../store/schema.ts";
import { openLibrary } from "../store/schema.ts";
import type { Send } from "../sync/api.ts";
import { Moved, NotPermitted, Offline } from "../sync/errors.ts";
import type { Line } from "../sync/line.ts";
import { sendsOn } from "../sync/probe.ts";
import { sender } from "../sync/tokens.ts";

export interface Session {
  readonly connection: ConnectionRow;
  readonly library: Library;
  readonly database: LibraryDatabase;
}

/** Spares opening the databases for every message; nothing is lost with them. */
const opened = new Map<string, LibraryDatabase>();

/** The mirror of the chosen library, signed in or not; null when this browser was never connected. */
export async function session(): Promise<Session | null> {
  const connection = await readConnection();
  return connection === null ? null : inLibrary(connection, chosenLibrary(connection));
}

/** The same. Rejects with RequestFailed `trouble_not_connected`. */
export async function needSession(): Promise<Session> {
  const there = await session();
  if (there === null) throw new RequestFailed("trouble_not_connected");
  return there;
}

/** The chosen library's, and after it every other mirror of a library that the user still has. */
export async function sessions(): Promise<Session[]> {
  const connection = await readConnection();
  if (connection === null) return [];
  const chosen = chosenLibrary(connection);
  const others = mirroredLibraries(connection).filter(({ id }) => id !== chosen.id);
  return Promise.all([chosen, ...others].map((library) => inLibrary(connection, library)));
}

/**
 * The mirror that has this annotation, whichever library is chosen by now: a note that is open stays the note of the
 * library it was made in. The chosen one where none has it. Rejects with RequestFailed `trouble_not_connected`.
 */
export async function sessionWith(id: string): Promise<Session> {
  const there = await needSession();
  if ((await there.database.getKey("annotations", id)) !== undefined) return there;
  for (const other of await sessions())
    if ((await other.database.getKey("annotations", id)) !== undefined) return other;
  return there;
}

/** Where outboxes are sent: every other one that holds something to send, then the chosen one. None while nobody is signed in. */
export async function lines(): Promise<Line[]> {
  const [chosen, ...others] = (await sessions()).filter(({ connection }) => connection.tokens !== null);
  if (chosen === undefined) return [];
  const waiting = await Promise.all(others.map(({ database }) => nextTime(database)));
  return [...others.filter((_, index) => waiting[index] !== null), chosen].map(lineOf);
}

/** Where this mirror's outbox is sent. */
export function lineOf({ connection, library, database }: Session): Line {
  const send = sender(connection, browser.runtime.getManifest().version);
  return { database, library: library.id, send: explained(send, connection.server) };
}

/** A server that may not be asked looks like one that does not answer; only the browser knows which it is. */
function explained(send: Send, server: string): Send {
  return async (ask) => {
    try {
      return await send(ask);
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      const origins = [permissionPattern(server) ?? ""];
      if (!(await browser.permissions.contains({ origins }))) throw new NotPermitted(error.message);
      if (await sendsOn(server)) throw new Moved(error.message);
      throw error;
    }
  };
}

/** Lets go of the open databases, so that they can be deleted. */
export function closeSession(): void {
  for (const database of opened.values()) database.close();
  opened.clear();
}

/** The owner's database, kept open. */
export async function databaseOf(owner: Owner): Promise<LibraryDatabase> {
  const key = JSON.stringify([owner.server, owner.user, owner.library]);
  const there = opened.get(key);
  if (there !== undefined && isOpen(there)) return there;
  const database = await openLibrary(owner);
  opened.set(key, database);
  return database;
}

async function inLibrary(connection: ConnectionRow, library: Library): Promise<Session> {
  return { connection, library, database: await databaseOf(ownerOf(connection, library.id)) };
}

/** A database that made way for another context's upgrade, or was closed by the browser, refuses transactions. */
function isOpen(database: LibraryDatabase): boolean {
  try {
    database.transaction("meta");
    return true;
  } catch {
    return false;
  }
}
