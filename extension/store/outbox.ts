/** The outbox: which rows the server still lacks, when each may be tried, and what the server refused for good. */

import type { AnnotationRow, FoundAnchor, OutboxKind, OutboxRow, Refusal, Written } from "./rows.ts";
import { sameWritten } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";

/**
 * Milliseconds. A worker that dies while a request is under way leaves this lease; the next one ends it, or waits it
 * out. It may be short: a request that is sent twice is answered once and stored once.
 */
export const LEASE = 5_000;
/** Milliseconds. No wait is longer, so a time stamp further ahead shows a clock that was set back, and is not believed. */
export const LONGEST_WAIT = 60 * 60 * 1000;
/** How many contents with an unknown fate are remembered for one row. */
const TRIED = 8;

/** An outbox row as it is stored, with its place. */
export type Waiting = OutboxRow & { readonly order: number };

export function subjectOf(kind: OutboxKind, key: string): string {
  return `${kind}:${key}`;
}

export async function waitingFor(tx: Writing, kind: OutboxKind, key: string): Promise<Waiting | undefined> {
  return (await tx.objectStore("outbox").index("subject").get(subjectOf(kind, key))) as Waiting | undefined;
}

/** Marks a row as unsent, or as changed once more; what was refused before gets its next chance. */
export async function enqueue(
  tx: Writing,
  kind: OutboxKind,
  key: string,
  found: { engine: number; anchors: readonly FoundAnchor[] } = { engine: 0, anchors: [] },
): Promise<void> {
  const there = await waitingFor(tx, kind, key);
  const row: OutboxRow = {
    ...(there ?? {
      subject: subjectOf(kind, key),
      kind,
      key,
      attempts: 0,
      notBefore: 0,
      underWay: false,
      tried: [],
    }),
    ...found,
    edits: (there?.edits ?? 0) + 1,
    refused: null,
    ...(there?.refused ? { attempts: 0, notBefore: 0 } : {}),
  };
  await tx.objectStore("outbox").put(row);
}

export async function dequeue(tx: Writing, kind: OutboxKind, key: string): Promise<void> {
  const there = await waitingFor(tx, kind, key);
  if (there !== undefined) await tx.objectStore("outbox").delete(there.order);
}

/** Puts the row into the outbox if the server lacks something of it, and takes it out if not. */
export async function weigh(tx: Writing, row: AnnotationRow): Promise<void> {
  const there = await waitingFor(tx, "annotation", row.id);
  // A content that may have arrived has to be followed by its end, even if nothing else is left to tell.
  const unknown = there !== undefined && there.tried.length > 0;
  if (unknown || lacks(row)) await enqueue(tx, "annotation", row.id);
  else await dequeue(tx, "annotation", row.id);
}

/** Whether the server, as far as is known, does not have this row as it is here. */
export function lacks({ base, written, deleted }: AnnotationRow): boolean {
  if (base === null) return deleted === null;
  if (base.written === null) return deleted === null;
  return deleted !== null || !sameWritten(base.written, written);
}

/** Whether it may be sent at `now`. */
export function isDue({ refused, notBefore }: OutboxRow, now: number): boolean {
  return refused === null && (notBefore <= now || notBefore > now + LONGEST_WAIT);
}

/**
 * The first rows that are due behind place `after`, at most `most`, in the order in which the deeds were done. `free`:
 * without those that are under way, be their lease run out or not.
 */
export async function dueAfter(
  database: LibraryDatabase,
  now: number,
  after: number,
  most: number,
  free = false,
): Promise<Waiting[]> {
  const { store } = database.transaction("outbox");
  const due: Waiting[] = [];
  let place = after;
  while (due.length < most) {
    const rows = (await store.getAll(IDBKeyRange.lowerBound(place, true), most)) as Waiting[];
    due.push(...rows.filter((row) => isDue(row, now) && !(free && row.underWay)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < most) break;
    place = last.order;
  }
  return due.slice(0, most);
}

/** When the next row may be sent, in milliseconds since 1970; null when nothing waits. */
export async function nextTime(database: LibraryDatabase): Promise<number | null> {
  const index = database.transaction("outbox").store.index("notBefore");
  for (let at = await index.openCursor(); at !== null; at = await at.continue())
    if (at.value.refused === null) return at.value.notBefore;
  return null;
}

/** The row with a lease on it; `sending` is what is about to be sent, null where that makes no content. */
export function leased(row: Waiting, now: number, sending: Written | null): Waiting {
  const others = sending === null ? row.tried : row.tried.filter((written) => !sameWritten(written, sending));
  const tried = sending === null ? others : [...others, sending].slice(-TRIED);
  return { ...row, tried, attempts: row.attempts + 1, underWay: true, notBefore: now + LEASE };
}

/** Takes the lease. Undefined when the row has gone meanwhile. */
export async function lease(
  database: LibraryDatabase,
  { order }: Waiting,
  now: number,
): Promise<Waiting | undefined> {
  return inOneWrite(database, async (tx) => {
    const row = (await tx.objectStore("outbox").get(order)) as Waiting | undefined;
    if (row === undefined) return undefined;
    const taken = leased(row, now, null);
    await tx.objectStore("outbox").put(taken);
    return taken;
  });
}

/** Whoever took the leases is dead: its rows are due. To be called only by who alone may send. */
export async function endLeases(database: LibraryDatabase): Promise<void> {
  const held = (await database.getAll("outbox")).filter((row) => row.underWay);
  if (held.length === 0) return;
  await inOneWrite(database, async (tx) => {
    for (const row of held) {
      const now = await tx.objectStore("outbox").get(row.order as number);
      if (now?.underWay) await tx.objectStore("outbox").put({ ...now, underWay: false, notBefore: 0 });
    }
  });
}

/**
 * The try came to nothing through no fault of the rows: what is still leased is due again at once, and the try does
 * not count. A week without the server must not make a row wait longer when the server is back.
 */
export async function release(
  database: LibraryDatabase,
  rows: readonly Pick<Waiting, "order">[],
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const outbox = tx.objectStore("outbox");
    for (const { order } of rows) {
      const row = await outbox.get(order);
      if (row?.underWay)
        await outbox.put({ ...row, underWay: false, notBefore: 0, attempts: Math.max(0, row.attempts - 1) });
    }
  });
}

/** Not sent this time: wait until then. */
export async function postpone(
  database: LibraryDatabase,
  { order }: Waiting,
  notBefore: number,
): Promise<void> {
  await changeRow(database, order, (row) => ({ ...row, underWay: false, notBefore }));
}

/** The server will never take it as it is: keep it, show why, and let the others pass. Not when it was edited meanwhile. */
export async function quarantine(
  database: LibraryDatabase,
  waiting: Waiting,
  refused: Refusal,
): Promise<void> {
  await changeRow(database, waiting.order, (row) => refusedRow(row, waiting, refused));
}

/** The row as it is after a refusal of what `waiting` had sent. */
export function refusedRow(row: OutboxRow, waiting: Waiting, refused: Refusal): OutboxRow {
  const tried = row.tried.slice(0, -1);
  const edited = row.edits !== waiting.edits;
  return { ...row, tried, underWay: false, ...(edited ? { notBefore: 0 } : { refused }) };
}

/** Annotations that the server refused, at most `most`. */
export async function refusedIds(database: LibraryDatabase, most: number): Promise<string[]> {
  const rows = await database.getAllFromIndex("outbox", "refused", refusedAnnotations(), most);
  return rows.map(({ key }) => key);
}

/** Annotations that the server lacks something of, refused or not, in the order of the deeds. */
export async function unsentIds(database: LibraryDatabase): Promise<string[]> {
  const rows = await database.getAllFromIndex("outbox", "kind", "annotation");
  return rows.map(({ key }) => key);
}

/** How many annotations wait to be sent, and how many were refused. */
export async function countUnsent(database: LibraryDatabase): Promise<{ unsent: number; refused: number }> {
  const { store } = database.transaction("outbox");
  const [all, refused] = await Promise.all([
    store.index("kind").count("annotation"),
    store.index("refused").count(refusedAnnotations()),
  ]);
  return { unsent: all - refused, refused };
}

function refusedAnnotations(): IDBKeyRange {
  return IDBKeyRange.bound(["annotation"], ["annotation", Number.POSITIVE_INFINITY]);
}

async function changeRow(
  database: LibraryDatabase,
  order: number,
  change: (row: OutboxRow) => OutboxRow,
): Promise<void> {
  await inOneWrite(database, async (tx) => {
    const row = await tx.objectStore("outbox").get(order);
    if (row !== undefined) await tx.objectStore("outbox").put(change(row));
  });
}
