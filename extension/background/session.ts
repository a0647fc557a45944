/** Whose mirror is open. Read from the disk for each deed: a worker that was stopped has forgotten it. */

import { permissionPattern } from "../address.ts";
import { browser } from "../browser.ts";
import { RequestFailed } from "../messaging.ts";
import type { Connection, Receiving } from "../model.ts";
import type { ConnectionRow } from "../store/connection.ts";
import { readConnection } from "../store/connection.ts";
import type { SyncState } from "../store/rows.ts";
import type { LibraryDatabase, Owner } from "../store/schema.ts";
import { openLibrary } from "../store/schema.ts";
import { syncState } from "../store/sync-state.ts";
import type { Send } from "../sync/api.ts";
import { Moved, NotPermitted, Offline } from "../sync/errors.ts";
import type { Line } from "../sync/line.ts";
import { sendsOn } from "../sync/probe.ts";
import { sender } from "../sync/tokens.ts";

export interface Session {
  readonly connection: ConnectionRow;
  readonly database: LibraryDatabase;
}

/** Spares opening the database for every message; nothing is lost with it. */
let opened: { readonly key: string; readonly database: LibraryDatabase } | null = null;

/** The connected user's mirror, signed in or not; null when this browser was never connected. */
export async function session(): Promise<Session | null> {
  const connection = await readConnection();
  return connection === null ? null : { connection, database: await databaseOf(ownerOf(connection)) };
}

/** The same. Rejects with RequestFailed `trouble_not_connected`. */
export async function needSession(): Promise<Session> {
  const there = await session();
  if (there === null) throw new RequestFailed("trouble_not_connected");
  return there;
}

/** Where the outbox is sent; null while nobody is signed in. */
export async function line(): Promise<Line | null> {
  const there = await session();
  if (there === null || there.connection.tokens === null) return null;
  const { connection, database } = there;
  const send = sender(connection, browser.runtime.getManifest().version);
  return { database, library: connection.library, send: explained(send, connection.server) };
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

export function ownerOf({ server, user }: ConnectionRow): Owner {
  return { server, user: user.id };
}

/** What the extension's pages show of it; never a token. */
export async function shownConnection(): Promise<Connection> {
  const there = await session();
  if (there === null) return { kind: "unset" };
  const { server, user, tokens } = there.connection;
  if (tokens === null) return { kind: "signed_out", server };
  const state = await syncState(there.database);
  const { trouble } = state;
  const online = trouble !== "trouble_offline";
  return { kind: "signed_in", server, user: user.name, online, trouble, ...receivingIn(state) };
}

/** Versions that no row has any more are passed over: the share grows in steps of any size, and never shrinks. */
function receivingIn({ since, catchingUp }: SyncState): { receiving?: Receiving } {
  if (catchingUp === null) return {};
  const { from, rows, head } = catchingUp;
  return { receiving: { rows, share: Math.min(1, (since - from) / Math.max(1, head - from)) } };
}

/** Lets go of the open database, so that it can be deleted. */
export function closeSession(): void {
  opened?.database.close();
  opened = null;
}

async function databaseOf(owner: Owner): Promise<LibraryDatabase> {
  const key = JSON.stringify([owner.server, owner.user]);
  if (opened?.key === key && isOpen(opened.database)) return opened.database;
  const database = await openLibrary(owner);
  opened = { key, database };
  return database;
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
