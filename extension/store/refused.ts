/** Undo of giving up what the server refused. */

import { weigh } from "./outbox.ts";
import type { AnnotationRow } from "./rows.ts";
import type { LibraryDatabase } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

/** Brings back what was written, as it was before it was given up; it waits to be sent again. */
export async function bringBack(database: LibraryDatabase, before: AnnotationRow): Promise<AnnotationRow> {
  return inOneWrite(database, async (tx) => {
    const now = await tx.objectStore("annotations").get(before.id);
    // What the server told of it meanwhile is newer than what was known then.
    const row = now === undefined ? before : { ...now, written: before.written, deleted: before.deleted };
    await tx.objectStore("annotations").put(row);
    await weigh(tx, row);
    return row;
  });
}
