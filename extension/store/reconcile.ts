/**
 * When the place in the feed is lost, the whole feed is read again and compared with the mirror. It may be interrupted
 * anywhere: the mirror's generation tells which rows were named since it began.
 */

import { removeRow, settle } from "./answers.ts";
import { enqueue, waitingFor } from "./outbox.ts";
import type { AnnotationRow } from "./rows.ts";
import { snapshotKey } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";
import { putState, stateIn, syncState } from "./sync-state.ts";

/** How many rows are read at once. */
const PIECE = 200;

/**
 * The place in the feed is lost: the whole feed is read again from 0 and compared. `restored` tells that the server
 * has another epoch, so that what it lacks was lost there, not deleted.
 */
export async function beginReconciling(database: LibraryDatabase, restored: boolean): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const state = await stateIn(tx);
    const again = restored || state.reconciling?.restored === true;
    await putState(tx, {
      epoch: null,
      since: 0,
      generation: state.generation + 1,
      reconciling: { restored: again },
      catchingUp: null,
    });
    if (again) await forgetWhatServerHad(tx);
  });
}

/** The feed has been read to its end: settle the rows that it did not name. */
export async function finishReconciling(database: LibraryDatabase): Promise<void> {
  if ((await syncState(database)).reconciling === null) return;
  await inOneWrite(database, async (tx) => {
    const state = await stateIn(tx);
    if (state.reconciling === null) return;
    for await (const row of inPieces(tx.objectStore("annotations"))) {
      if (row.seen !== state.generation && row.base !== null)
        await settleUnnamed(tx, row, state.reconciling.restored);
    }
    await putState(tx, { reconciling: null });
  });
}

/** Forgets what was deleted here before `moment` (ISO 8601) and is deleted on the server too: undo has run out. */
export async function forgetDeleted(database: LibraryDatabase, moment: string): Promise<void> {
  const index = database.transaction("annotations").store.index("deleted");
  const old = await index.getAll(IDBKeyRange.upperBound(moment));
  if (old.length === 0) return;
  await inOneWrite(database, async (tx) => {
    for (const { id } of old) {
      if ((await waitingFor(tx, "annotation", id)) === undefined)
        await tx.objectStore("annotations").delete(id);
    }
  });
}

async function settleUnnamed(tx: Writing, row: AnnotationRow, restored: boolean): Promise<void> {
  const unsent = (await waitingFor(tx, "annotation", row.id)) !== undefined;
  if (row.deleted !== null) return removeRow(tx, row.id);
  if (!restored && !unsent) return removeRow(tx, row.id);
  await settle(tx, { ...row, base: null, version: 0 });
  const snapshot = row.written.target.snapshot;
  const kept =
    snapshot === null ? undefined : await tx.objectStore("snapshots").get(snapshotKey(snapshot, row.page));
  if (kept !== undefined && !kept.onServer) await enqueue(tx, "snapshot", kept.id);
}

/**
 * After a restore the server may lack snapshots: what it has, the feed tells anew. Versions are of another epoch now;
 * those of annotations are not compared until the feed has named their rows.
 */
async function forgetWhatServerHad(tx: Writing): Promise<void> {
  const snapshots = tx.objectStore("snapshots");
  for await (const row of inPieces(snapshots))
    if (row.onServer) await snapshots.put({ ...row, onServer: false });
  const documents = tx.objectStore("documents");
  for await (const row of inPieces(documents)) await documents.put({ ...row, version: 0, snapshots: [] });
}

/** All rows of a store, a few at a time: a library of 50,000 need not stand in memory at once. */
async function* inPieces<Row extends { readonly id: string }>(store: {
  getAll(range: IDBKeyRange | null, count: number): Promise<Row[]>;
}): AsyncGenerator<Row> {
  let range: IDBKeyRange | null = null;
  for (;;) {
    const rows: Row[] = await store.getAll(range, PIECE);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PIECE) return;
    range = IDBKeyRange.lowerBound(last.id, true);
  }
}
