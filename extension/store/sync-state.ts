/** Where this mirror stands in the library's feed, and how the last exchange went: one row. */

import type { SyncState } from "./rows.ts";
import { FIRST_SYNC_STATE } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

export async function syncState(database: LibraryDatabase): Promise<SyncState> {
  return (await database.get("meta", "sync")) ?? FIRST_SYNC_STATE;
}

export async function changeSyncState(
  database: LibraryDatabase,
  change: Partial<SyncState>,
): Promise<SyncState> {
  return inOneWrite(database, (tx) => putState(tx, change));
}

export async function putState(tx: Writing, change: Partial<SyncState>): Promise<SyncState> {
  const store = tx.objectStore("meta");
  const state = { ...((await store.get("sync")) ?? FIRST_SYNC_STATE), ...change };
  await store.put(state, "sync");
  return state;
}
