/** Empties the outbox, row by row in the order of the deeds. One bad row never blocks the rest. */

import { anchorsStored } from "../store/anchors.ts";
import type { ServerAnnotation } from "../store/answers.ts";
import { conflicted, deletedThere, done, snapshotStored, stored } from "../store/answers.ts";
import type { Waiting } from "../store/outbox.ts";
import { LONGEST_WAIT, lacks, lease, nextDue, postpone, quarantine } from "../store/outbox.ts";
import { annotationsOf } from "../store/pages.ts";
import type { AnnotationRow, SnapshotRow } from "../store/rows.ts";
import type { LibraryDatabase } from "../store/schema.ts";
import { urlKey } from "../url-key.ts";
import type { Send } from "./api.ts";
import { deleteAnnotation, getAnnotation, putAnchors, putAnnotation, putSnapshot } from "./api.ts";
import { Conflict, NotThere, Refused, ServerFault } from "./errors.ts";

/** Milliseconds; the bounds of the waits between two tries ("full jitter": anything up to the bound). */
const SHORTEST_BOUND = 1_000;
const LONGEST_BOUND = 15 * 60 * 1000;
/** After so many conflicts in a row the row waits, as after a fault. */
const CONFLICTS = 3;

/** Where to send, and from which mirror. */
export interface Line {
  readonly database: LibraryDatabase;
  readonly library: string;
  readonly send: Send;
}

/** Random milliseconds before try number `attempts` + 1. */
export function backOff(attempts: number): number {
  return Math.random() * Math.min(LONGEST_BOUND, SHORTEST_BOUND * 2 ** Math.min(attempts, 20));
}

/**
 * Sends what is due. Answers how many rows the server took. Throws what concerns the server as a whole: Offline, Busy,
 * Unauthorized. Faults and refusals of one row are noted on that row.
 */
export async function push(line: Line): Promise<number> {
  let taken = 0;
  let place = 0;
  for (;;) {
    const waiting = await nextDue(line.database, Date.now(), place);
    if (waiting === undefined) {
      if (place === 0) return taken;
      // From the beginning again: a row that was edited while it was under way is due once more.
      place = 0;
      continue;
    }
    if (await pushOne(line, waiting)) taken++;
    place = waiting.order;
  }
}

async function pushOne(line: Line, waiting: Waiting): Promise<boolean> {
  try {
    if (waiting.kind === "snapshot") return await pushSnapshot(line, waiting);
    if (waiting.kind === "anchors") return await pushAnchors(line, waiting);
    return await pushAnnotation(line, waiting);
  } catch (error) {
    if (error instanceof ServerFault) {
      await postpone(
        line.database,
        waiting,
        Date.now() + Math.min(LONGEST_WAIT, backOff(waiting.attempts + 1)),
      );
      return false;
    }
    if (error instanceof Refused || error instanceof NotThere) {
      await refuse(line.database, waiting, error);
      return false;
    }
    // The server as a whole: the lease ends with the try.
    await postpone(line.database, waiting, 0);
    throw error;
  }
}

async function pushAnnotation(line: Line, waiting: Waiting): Promise<boolean> {
  const row = await line.database.get("annotations", waiting.key);
  const unknown = waiting.tried.length > 0;
  if (row === undefined || !(lacks(row) || unknown)) return settledAlready(line, waiting);
  // Deleted, and perhaps there: only a create that certainly arrived can be followed by a delete that holds.
  const creates = row.deleted === null || row.base === null;
  const leased = await lease(line.database, waiting, Date.now(), creates ? row.written : null);
  if (leased === undefined) return false;
  try {
    if (creates) await putRow(line, leased, row);
    else await deleteRow(line, row);
    return true;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    await resolve(line, leased, error);
    return false;
  }
}

async function putRow({ database, library, send }: Line, leased: Waiting, row: AnnotationRow): Promise<void> {
  const answer = await putAnnotation(send, library, row.id, row.written, row.base);
  await stored(database, leased, answer, await urlKey(answer.written.url));
}

async function deleteRow({ database, library, send }: Line, { id, base }: AnnotationRow): Promise<void> {
  if (base?.written === null) return deletedThere(database, id, base.revision);
  let revision: number | null = null;
  try {
    revision = await deleteAnnotation(send, library, id, base?.revision ?? null);
  } catch (error) {
    // Not there at all: what was wanted.
    if (!(error instanceof NotThere)) throw error;
  }
  await deletedThere(database, id, revision);
}

/** 412: the server's row is read and joined with ours; what is then still unsent is due again at once. */
async function resolve(
  { database, library, send }: Line,
  leased: Waiting,
  conflict: Conflict,
): Promise<void> {
  let there: ServerAnnotation | null = null;
  try {
    there = await getAnnotation(send, library, leased.key);
  } catch (error) {
    if (!(error instanceof NotThere)) throw error;
  }
  const page = there === null ? "" : await urlKey(there.written.url);
  await conflicted(database, leased.key, there, there?.revision ?? conflict.revision, page);
  if (leased.attempts > CONFLICTS) await postpone(database, leased, Date.now() + backOff(leased.attempts));
}

async function pushSnapshot({ database, library, send }: Line, waiting: Waiting): Promise<boolean> {
  const row = await database.get("snapshots", waiting.key);
  if (row === undefined || row.onServer || !(await isWanted(database, row))) {
    await done(database, waiting);
    return false;
  }
  if ((await lease(database, waiting, Date.now(), null)) === undefined) return false;
  const { document } = await putSnapshot(send, library, row);
  await snapshotStored(database, row, document);
  return true;
}

async function pushAnchors({ database, library, send }: Line, waiting: Waiting): Promise<boolean> {
  if ((await lease(database, waiting, Date.now(), null)) === undefined) return false;
  try {
    await putAnchors(send, library, waiting.key, waiting.engine, waiting.anchors);
    await anchorsStored(database, waiting.key, waiting.engine, waiting.anchors);
  } catch (error) {
    // Anchors are a cache: without their snapshot they are worth nothing, and can be found again.
    if (!(error instanceof NotThere || error instanceof Refused)) throw error;
  }
  await done(database, waiting);
  return true;
}

/** A page whose only annotation was deleted before it was sent is no annotated page: nothing of it goes out. */
async function isWanted(database: LibraryDatabase, { digest, facts }: SnapshotRow): Promise<boolean> {
  return (await annotationsOf(database, facts, "all")).some(
    (row) => row.deleted === null || (row.written.target.snapshot === digest && row.base !== null),
  );
}

async function settledAlready({ database }: Line, waiting: Waiting): Promise<false> {
  await done(database, waiting);
  return false;
}

async function refuse(
  database: LibraryDatabase,
  waiting: Waiting,
  { refusal }: Refused | NotThere,
): Promise<void> {
  const row = waiting.kind === "annotation" ? await database.get("annotations", waiting.key) : undefined;
  // Never taken and meanwhile deleted here: both sides agree.
  if (row !== undefined && row.deleted !== null && row.base === null)
    return deletedThere(database, row.id, null);
  await quarantine(database, waiting, refusal);
}
