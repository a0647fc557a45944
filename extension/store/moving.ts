/** A server that is reached at another address now is the same library: its mirror goes along, with what is unsent. */

import type { LibraryDatabase, Owner } from "./schema.ts";
import { inOneWrite, openLibrary } from "./schema.ts";

/** Copies what `to` lacks out of the mirror of `from`; may be repeated, also after it was interrupted anywhere. */
export async function carryOver(from: Owner, to: Owner): Promise<void> {
  const [old, made] = [await openLibrary(from), await openLibrary(to)];
  try {
    await copyMissing(old, made);
  } finally {
    old.close();
    made.close();
  }
}

async function copyMissing(old: LibraryDatabase, made: LibraryDatabase): Promise<void> {
  const [annotations, documents, aliases, snapshots, outbox, sync] = await Promise.all([
    old.getAll("annotations"),
    old.getAll("documents"),
    old.getAll("aliases"),
    old.getAll("snapshots"),
    old.getAll("outbox"),
    old.get("meta", "sync"),
  ]);
  await inOneWrite(made, async (tx) => {
    const waiting = tx.objectStore("outbox");
    const unsent = new Set<string>();
    for (const { order: _, ...row } of outbox) {
      if ((await waiting.index("subject").get(row.subject)) !== undefined) continue;
      await waiting.put(row);
      if (row.kind === "annotation") unsent.add(row.key);
    }
    const rows = tx.objectStore("annotations");
    const known = new Set(await rows.getAllKeys());
    // What is unsent comes with its own row: if the server's is newer, the two meet when it is sent.
    for (const row of annotations) if (!known.has(row.id) || unsent.has(row.id)) await rows.put(row);
    for (const row of documents) await addIfNew(tx.objectStore("documents"), row.id, row);
    for (const row of aliases) await addIfNew(tx.objectStore("aliases"), row.key, row);
    for (const row of snapshots) await addIfNew(tx.objectStore("snapshots"), row.id, row);
    // The same library goes on in the same feed; a place that the new mirror has already is its own.
    const meta = tx.objectStore("meta");
    if (sync !== undefined && (await meta.get("sync")) === undefined) await meta.put(sync, "sync");
  });
}

interface Store<Row> {
  get(key: string): Promise<Row | undefined>;
  put(row: Row): Promise<unknown>;
}

async function addIfNew<Row>(store: Store<Row>, key: string, row: Row): Promise<void> {
  if ((await store.get(key)) === undefined) await store.put(row);
}
