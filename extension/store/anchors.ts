/** Where annotations were found on a page: waiting for the server, which shows it to reviewers. */

import { ENGINE_VERSION } from "../anchoring/anchor.ts";
import { enqueue, waitingFor } from "./outbox.ts";
import type { FoundAnchor, SnapshotRow } from "./rows.ts";
import { snapshotKey } from "./rows.ts";
import type { LibraryDatabase } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

/**
 * Puts the anchors into the outbox, unless the server does not get this snapshot, or has been told the same.
 * Answers whether it did. A snapshot that waits is sent first.
 */
export async function queueAnchors(
  database: LibraryDatabase,
  digest: string,
  anchors: readonly FoundAnchor[],
): Promise<boolean> {
  if (anchors.length === 0) return false;
  const told = nameOf(ENGINE_VERSION, anchors);
  return inOneWrite(database, async (tx) => {
    const kept = await tx.objectStore("snapshots").index("digest").getAll(digest);
    let comes = false;
    for (const row of kept) {
      if (row.anchored === told) return false;
      comes ||= row.onServer || (await waitingFor(tx, "snapshot", row.id))?.refused === null;
    }
    const waiting = await waitingFor(tx, "anchors", digest);
    if (!comes || (waiting && nameOf(waiting.engine, waiting.anchors) === told)) return false;
    await enqueue(tx, "anchors", digest, { engine: ENGINE_VERSION, anchors });
    return true;
  });
}

/** The server has taken them. */
export async function anchorsStored(
  database: LibraryDatabase,
  digest: string,
  engine: number,
  anchors: readonly FoundAnchor[],
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const snapshots = tx.objectStore("snapshots");
    for (const row of await snapshots.index("digest").getAll(digest)) {
      await snapshots.put({ ...row, anchored: nameOf(engine, anchors) });
    }
  });
}

/** A snapshot that another device made, as the server gave it. */
export async function addReceived(
  database: LibraryDatabase,
  snapshot: Omit<SnapshotRow, "id" | "onServer">,
): Promise<void> {
  const row: SnapshotRow = { ...snapshot, id: snapshotKey(snapshot.digest, snapshot.page), onServer: true };
  await inOneWrite(database, async (tx) => {
    const snapshots = tx.objectStore("snapshots");
    if ((await snapshots.get(row.id)) === undefined) await snapshots.put(row);
  });
}

function nameOf(engine: number, anchors: readonly FoundAnchor[]): string {
  const place = (at: FoundAnchor["start"]) => at && [at.paragraph, at.offset];
  const told = anchors.map(({ annotation, state, start, end }) => [
    annotation,
    state,
    place(start),
    place(end),
  ]);
  return JSON.stringify([engine, ...told.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))]);
}
