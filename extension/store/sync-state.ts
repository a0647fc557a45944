/** Where this mirror stands in the library's feed, and how the last exchange went: one row. */

import type { SyncState } from "./rows.ts";
import { FIRST_SYNC_STATE } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

export async function syncState(database: LibraryDatabase): Promise<SyncState> {
  return whole(await database.get("meta", "sync"));
}

export async function changeSyncState(
  database: LibraryDatabase,
  change: Partial<SyncState>,
): Promise<SyncState> {
  return inOneWrite(database, (tx) => putState(tx, change));
}

export async function stateIn(tx: Writing): Promise<SyncState> {
  return whole(await tx.objectStore("meta").get("sync"));
}

export async function putState(tx: Writing, change: Partial<SyncState>): Promise<SyncState> {
  const state = { ...(await stateIn(tx)), ...change };
  await tx.objectStore("meta").put(state, "sync");
  return state;
}

/** A row that an earlier version wrote may lack what was added since. */
function whole(stored: Partial<SyncState> | undefined): SyncState {
  return { ...FIRST_SYNC_STATE, ...stored };
}
