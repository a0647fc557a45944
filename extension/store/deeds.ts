/**
 * What a reader does to annotations. Each deed is one strict transaction over the annotation and its outbox row;
 * when its promise resolves, the deed is on the disk.
 */

import { motivationFor } from "./merge.ts";
import { dequeue, enqueue, waitingFor, weigh } from "./outbox.ts";
import type { AnnotationRow, SnapshotRow, Written } from "./rows.ts";
import { sameWritten, tidyTags } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

/** There is no such annotation, or it can no longer be brought back. */
export class Gone extends Error {
  override readonly name = "Gone";
}

export type Edit = Partial<Pick<Written, "color" | "note" | "tags" | "target">>;
export type NewAnnotation = Pick<AnnotationRow, "id" | "written" | "author" | "page"> & {
  readonly now: string;
};

/** Saves a new annotation and the snapshot it was made on; both wait in the outbox. */
export async function addAnnotation(
  database: LibraryDatabase,
  { id, written, author, page, now }: NewAnnotation,
  snapshot: SnapshotRow | null,
): Promise<AnnotationRow> {
  return inOneWrite(database, async (tx) => {
    if (snapshot !== null) await keepSnapshot(tx, snapshot);
    const row: AnnotationRow = {
      id,
      written: { ...written, tags: tidyTags(written.tags) },
      created: now,
      updated: now,
      author,
      deleted: null,
      page,
      document: (await tx.objectStore("aliases").get(page))?.document ?? null,
      review: "none",
      anchor: null,
      version: 0,
      base: null,
      seen: 0,
    };
    await tx.objectStore("annotations").add(row);
    await enqueue(tx, "annotation", id);
    return row;
  });
}

/** Changes what is named and leaves the rest. Rejects with Gone. */
export async function editAnnotation(
  database: LibraryDatabase,
  id: string,
  edit: Edit,
  now: string,
): Promise<AnnotationRow> {
  return changeAnnotation(database, id, (row) => {
    if (row.deleted !== null) throw new Gone(id);
    const changed = { ...row.written, ...edit };
    const written = {
      ...changed,
      tags: tidyTags(changed.tags),
      motivation: motivationFor(changed.motivation, changed.note),
    };
    return sameWritten(written, row.written) ? row : { ...row, written, updated: now };
  });
}

/** Moves it to another place, made on `snapshot` (null: one that is kept already). Rejects with Gone. */
export async function retarget(
  database: LibraryDatabase,
  id: string,
  target: Written["target"],
  snapshot: SnapshotRow | null,
  now: string,
): Promise<AnnotationRow> {
  return inOneWrite(database, async (tx) => {
    const row = await tx.objectStore("annotations").get(id);
    if (row === undefined || row.deleted !== null) throw new Gone(id);
    if (snapshot !== null) await keepSnapshot(tx, snapshot);
    const changed = { ...row, written: { ...row.written, target }, updated: now };
    if (sameWritten(changed.written, row.written)) return row;
    await tx.objectStore("annotations").put(changed);
    await weigh(tx, changed);
    return changed;
  });
}

/** Deletes it; its content stays here for `restoreAnnotation`. May be repeated. Rejects with Gone. */
export async function deleteAnnotation(
  database: LibraryDatabase,
  id: string,
  now: string,
): Promise<AnnotationRow> {
  return changeAnnotation(database, id, (row) => (row.deleted === null ? { ...row, deleted: now } : row));
}

/** Undo of a delete. May be repeated. Rejects with Gone. */
export async function restoreAnnotation(
  database: LibraryDatabase,
  id: string,
  now: string,
): Promise<AnnotationRow> {
  return changeAnnotation(database, id, (row) =>
    row.deleted === null ? row : { ...row, deleted: null, updated: now },
  );
}

/** Tries again what the server refused, or gives it up: the row is then as the server has it, or gone. */
export async function settleRefused(
  database: LibraryDatabase,
  id: string,
  deed: "retry" | "discard",
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const waiting = await waitingFor(tx, "annotation", id);
    const row = await tx.objectStore("annotations").get(id);
    if (!waiting?.refused || row === undefined) return;
    if (deed === "retry") return enqueue(tx, "annotation", id);
    await dequeue(tx, "annotation", id);
    const there = row.base?.written ?? null;
    if (there === null) await tx.objectStore("annotations").delete(id);
    else await tx.objectStore("annotations").put({ ...row, written: there, deleted: null });
  });
}

/** Keeps a page's paragraphs for the server, unless this snapshot is known already. */
export async function addSnapshot(database: LibraryDatabase, snapshot: SnapshotRow): Promise<void> {
  await inOneWrite(database, (tx) => keepSnapshot(tx, snapshot));
}

async function keepSnapshot(tx: Writing, snapshot: SnapshotRow): Promise<void> {
  const known = await tx.objectStore("snapshots").get(snapshot.id);
  if (known === undefined) await tx.objectStore("snapshots").put(snapshot);
  else if (known.onServer || (await waitingFor(tx, "snapshot", snapshot.id))?.refused) return;
  await enqueue(tx, "snapshot", snapshot.id);
}

async function changeAnnotation(
  database: LibraryDatabase,
  id: string,
  change: (row: AnnotationRow) => AnnotationRow,
): Promise<AnnotationRow> {
  return inOneWrite(database, async (tx) => {
    const row = await tx.objectStore("annotations").get(id);
    if (row === undefined) throw new Gone(id);
    const changed = change(row);
    if (changed === row) return row;
    await tx.objectStore("annotations").put(changed);
    await weigh(tx, changed);
    return changed;
  });
}
