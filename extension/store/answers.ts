/** What the server answered to what was sent, written into the mirror. Each answer is one strict transaction. */

import type { ServerSide } from "./merge.ts";
import { meet } from "./merge.ts";
import type { Waiting } from "./outbox.ts";
import { dequeue, enqueue, lacks } from "./outbox.ts";
import type { AnnotationRow, DocumentRow, SnapshotRow, StoredAnchor, Written } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

/** An annotation as the server tells it, beside its id. */
export interface ServerAnnotation {
  readonly id: string;
  readonly written: Written;
  readonly revision: number;
  readonly version: number;
  readonly created: string;
  readonly updated: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly document: string;
  readonly review: string;
  readonly anchor: StoredAnchor;
}

/** 200 or 201 to a PUT: the server has `answer.written`. What was edited meanwhile stays in the outbox. */
export async function stored(
  database: LibraryDatabase,
  waiting: Waiting,
  answer: ServerAnnotation,
  page: string,
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const row = await tx.objectStore("annotations").get(answer.id);
    if (row === undefined) return dequeue(tx, "annotation", answer.id);
    const edited = (await stillWaiting(tx, waiting))?.edits !== waiting.edits;
    const written = edited ? row.written : answer.written;
    const base = { revision: answer.revision, written: answer.written };
    await settle(tx, { ...row, ...told(answer, written === row.written ? row.page : page), written, base });
  });
}

/** 204 to a DELETE; `revision` as its ETag told. A row restored meanwhile stays in the outbox. */
export async function deletedThere(
  database: LibraryDatabase,
  id: string,
  revision: number | null,
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const row = await tx.objectStore("annotations").get(id);
    if (row === undefined) return dequeue(tx, "annotation", id);
    await settle(tx, { ...row, base: { revision, written: null } });
  });
}

/** 412, and the row as it was then read; `answer` null where it is deleted there, `revision` the deleted row's. */
export async function conflicted(
  database: LibraryDatabase,
  id: string,
  answer: ServerAnnotation | null,
  revision: number | null,
  page: string,
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const row = await tx.objectStore("annotations").get(id);
    const waiting = await tx.objectStore("outbox").index("subject").get(`annotation:${id}`);
    if (row === undefined) return dequeue(tx, "annotation", id);
    const server: ServerSide = answer ?? { revision, written: null };
    const met = meet(row, waiting ? { tried: waiting.tried } : null, server);
    if (met.kind === "gone") return removeRow(tx, id);
    const { written, deleted, base } = met;
    await settle(tx, { ...row, ...(answer ? told(answer, page) : {}), written, deleted, base }, true);
  });
}

/** 2xx to a snapshot: the server has it, as one of `document`. */
export async function snapshotStored(
  database: LibraryDatabase,
  { id, digest, page, facts }: SnapshotRow,
  document: string,
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const snapshots = tx.objectStore("snapshots");
    const row = await snapshots.get(id);
    if (row !== undefined) await snapshots.put({ ...row, onServer: true });
    const known = await tx.objectStore("documents").get(document);
    const unknown: DocumentRow = {
      id: document,
      version: 0,
      url: "",
      title: "",
      aliases: [],
      snapshots: [],
      seen: 0,
    };
    const digests = new Set([...(known?.snapshots ?? []), digest]);
    await tx.objectStore("documents").put({ ...(known ?? unknown), snapshots: [...digests] });
    await tx.objectStore("aliases").put({ key: page, document, url: facts.url });
    await dequeue(tx, "snapshot", id);
  });
}

/** The outbox row is settled: the server has it, or there is nothing left to send. */
export async function done(database: LibraryDatabase, waiting: Waiting): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const row = await stillWaiting(tx, waiting);
    if (row !== undefined && row.edits === waiting.edits)
      await tx.objectStore("outbox").delete(waiting.order);
  });
}

/** The server's own fields of a row. */
export function told(answer: ServerAnnotation, page: string): Partial<AnnotationRow> {
  const { version, created, updated, author, document, review, anchor } = answer;
  return { version, created, updated, author, document, review, anchor, page };
}

/**
 * Stores a row after the server's word on it; in the outbox it stays only with what the server lacks. After a conflict
 * the tries are counted on, so that a row which the server contradicts for ever is not sent without a pause.
 */
export async function settle(tx: Writing, row: AnnotationRow, countOn = false): Promise<void> {
  await tx.objectStore("annotations").put(row);
  await fateIsKnown(tx, row.id, countOn);
  if (!lacks(row)) return dequeue(tx, "annotation", row.id);
  await enqueue(tx, "annotation", row.id);
}

export async function removeRow(tx: Writing, id: string): Promise<void> {
  await tx.objectStore("annotations").delete(id);
  await dequeue(tx, "annotation", id);
}

/** The server has spoken: no earlier content of this row has an unknown fate any more. */
async function fateIsKnown(tx: Writing, id: string, countOn: boolean): Promise<void> {
  const outbox = tx.objectStore("outbox");
  const waiting = await outbox.index("subject").get(`annotation:${id}`);
  if (waiting === undefined) return;
  await outbox.put({ ...waiting, tried: [], attempts: countOn ? waiting.attempts : 0, notBefore: 0 });
}

async function stillWaiting(tx: Writing, { order }: Waiting): Promise<Waiting | undefined> {
  return (await tx.objectStore("outbox").get(order)) as Waiting | undefined;
}
