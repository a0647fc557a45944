/** What the server answered to what was sent, written into the mirror. Each answer is one strict transaction. */

import type { ServerSide } from "./merge.ts";
import { meet } from "./merge.ts";
import type { Waiting } from "./outbox.ts";
import { dequeue, enqueue, lacks, refusedRow } from "./outbox.ts";
import type { AnnotationRow, DocumentRow, Refusal, SnapshotRow, StoredAnchor, Written } from "./rows.ts";
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

/** What became of one annotation that was sent. `waiting` is its outbox row as it was when it went. */
export type Outcome = { readonly waiting: Waiting } & (
  | { readonly kind: "stored"; readonly answer: ServerAnnotation; readonly page: string }
  /** `revision`: the deleted row's; null where there is no such row. */
  | { readonly kind: "deleted"; readonly revision: number | null }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "later"; readonly notBefore: number }
);

/** Writes down what became of a batch, all in one transaction. */
export async function noteOutcomes(database: LibraryDatabase, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await inOneWrite(database, async (tx) => {
    for (const outcome of outcomes) await noteOutcome(tx, outcome);
  });
}

async function noteOutcome(tx: Writing, outcome: Outcome): Promise<void> {
  const { waiting } = outcome;
  const row = await tx.objectStore("annotations").get(waiting.key);
  if (row === undefined) return dequeue(tx, "annotation", waiting.key);
  if (outcome.kind === "stored") return stored(tx, waiting, row, outcome.answer, outcome.page);
  if (outcome.kind === "deleted") return deletedThere(tx, row, outcome.revision);
  const still = await stillWaiting(tx, waiting);
  if (still === undefined) return;
  if (outcome.kind === "later") {
    await tx.objectStore("outbox").put({ ...still, underWay: false, notBefore: outcome.notBefore });
    return;
  }
  // Never taken and meanwhile deleted here: both sides agree.
  if (row.deleted !== null && row.base === null) return deletedThere(tx, row, null);
  await tx.objectStore("outbox").put(refusedRow(still, waiting, outcome.refusal));
}

/** The server has `answer.written`. What was edited meanwhile stays in the outbox. */
async function stored(
  tx: Writing,
  waiting: Waiting,
  row: AnnotationRow,
  answer: ServerAnnotation,
  page: string,
): Promise<void> {
  const edited = (await stillWaiting(tx, waiting))?.edits !== waiting.edits;
  const written = edited ? row.written : answer.written;
  const base = { revision: answer.revision, written: answer.written };
  await settle(tx, { ...row, ...told(answer, written === row.written ? row.page : page), written, base });
}

/** It is gone on the server. A row restored meanwhile stays in the outbox. */
async function deletedThere(tx: Writing, row: AnnotationRow, revision: number | null): Promise<void> {
  await settle(tx, { ...row, base: { revision, written: null } });
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
  const attempts = countOn ? waiting.attempts : 0;
  await outbox.put({ ...waiting, tried: [], attempts, underWay: false, notBefore: 0 });
}

async function stillWaiting(tx: Writing, { order }: Waiting): Promise<Waiting | undefined> {
  return (await tx.objectStore("outbox").get(order)) as Waiting | undefined;
}
