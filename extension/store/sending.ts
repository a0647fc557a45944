/** Annotations on their way: what is about to be sent is read and written down in one transaction. */

import { settle } from "./answers.ts";
import type { Waiting } from "./outbox.ts";
import { lacks, leased } from "./outbox.ts";
import type { AnnotationRow } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

/** One annotation to be sent, as it was when its lease was taken; `row` is what the server is told. */
export interface Sending {
  readonly waiting: Waiting;
  readonly row: AnnotationRow;
  readonly deed: "put" | "delete";
}

export interface Room {
  readonly items: number;
  readonly bytes: number;
  /** Bytes that one takes. */
  readonly sizeOf: (sending: Pick<Sending, "row" | "deed">) => number;
}

export interface Leased {
  readonly sendings: readonly Sending[];
  /** How many of those asked for were looked at; the rest did not fit. */
  readonly looked: number;
}

/**
 * Takes the leases of as many rows as there is room for, at least one. A row of which the server lacks nothing
 * leaves the outbox. An edit made after this is not part of what is sent, and keeps its row in the outbox.
 */
export async function leaseAnnotations(
  database: LibraryDatabase,
  waiting: readonly Waiting[],
  now: number,
  { items, bytes, sizeOf }: Room,
): Promise<Leased> {
  return inOneWrite(database, async (tx) => {
    const sendings: Sending[] = [];
    let [size, looked] = [0, 0];
    for (const { order } of waiting) {
      const found = await toSend(tx, order);
      if (found !== null) {
        size += sizeOf(found);
        if (sendings.length > 0 && (sendings.length === items || size > bytes)) break;
        const sending = found.deed === "put" ? found.row.written : null;
        const row = leased(found.waiting, now, sending);
        await tx.objectStore("outbox").put(row);
        sendings.push({ ...found, waiting: row });
      }
      looked++;
    }
    return { sendings, looked };
  });
}

/** Null where nothing is left to tell the server; then it is no longer in the outbox. */
async function toSend(tx: Writing, order: number): Promise<Sending | null> {
  const waiting = (await tx.objectStore("outbox").get(order)) as Waiting | undefined;
  if (waiting === undefined) return null;
  const row = await tx.objectStore("annotations").get(waiting.key);
  if (row === undefined || !(lacks(row) || waiting.tried.length > 0)) {
    await tx.objectStore("outbox").delete(order);
    return null;
  }
  // Deleted, and perhaps there: only a create that certainly arrived can be followed by a delete that holds.
  if (row.deleted === null || row.base === null) return { waiting, row, deed: "put" };
  if (row.base.written !== null) return { waiting, row, deed: "delete" };
  await settle(tx, row);
  return null;
}
