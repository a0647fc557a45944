/** Empties the outbox in the order of the deeds. One bad row never blocks the rest. */

import { anchorsStored } from "../store/anchors.ts";
import { done, snapshotStored } from "../store/answers.ts";
import type { Waiting } from "../store/outbox.ts";
import { dueAfter, LONGEST_WAIT, lease, postpone, quarantine, release } from "../store/outbox.ts";
import { annotationsOf } from "../store/pages.ts";
import type { SnapshotRow } from "../store/rows.ts";
import type { LibraryDatabase } from "../store/schema.ts";
import { putAnchors, putSnapshot } from "./api.ts";
import { NotThere, Refused, ServerFault } from "./errors.ts";
import type { Line } from "./line.ts";
import { backOff } from "./line.ts";
import { pushAnnotations } from "./push-annotations.ts";

/** How many rows are looked at together: their texts go first, then what was written on them, then where it stands. */
const WINDOW = 100;

/**
 * Sends what is due. Answers how many rows the server took. Throws what concerns the server as a whole: Offline, Busy,
 * Unauthorized. Faults and refusals of one row are noted on that row. `careful`: the last exchange failed, so one row
 * goes first; typing without a server must not write a hundred leases at every letter. `caughtUp`: the feed was read
 * to its end just before.
 */
export async function push(line: Line, { careful = false, caughtUp = false } = {}): Promise<number> {
  let taken = 0;
  let place = 0;
  let again = false;
  let most = careful ? 1 : WINDOW;
  for (;;) {
    // What met a conflict the first time waits for the feed, however long the others take: its lease may run out.
    const window = await dueAfter(line.database, Date.now(), place, most, again);
    const last = window.at(-1);
    if (last === undefined) {
      if (place === 0) return taken;
      // From the beginning again: a row that was edited while it was under way is due once more.
      place = 0;
      again = true;
      continue;
    }
    taken += await pushWindow(line, window, caughtUp);
    place = last.order;
    most = WINDOW;
  }
}

async function pushWindow(line: Line, window: readonly Waiting[], caughtUp: boolean): Promise<number> {
  const of = (kind: Waiting["kind"]) => window.filter((waiting) => waiting.kind === kind);
  let taken = 0;
  for (const waiting of of("snapshot")) taken += Number(await alone(line, waiting, pushSnapshot));
  taken += await pushAnnotations(line, of("annotation"), caughtUp);
  for (const waiting of of("anchors")) taken += Number(await alone(line, waiting, pushAnchors));
  return taken;
}

/** A row that is a request of its own. */
async function alone(
  line: Line,
  waiting: Waiting,
  deed: (line: Line, waiting: Waiting) => Promise<boolean>,
): Promise<boolean> {
  try {
    return await deed(line, waiting);
  } catch (error) {
    if (error instanceof ServerFault) {
      const wait = Math.min(LONGEST_WAIT, backOff(waiting.attempts + 1));
      await postpone(line.database, waiting, Date.now() + wait);
      return false;
    }
    if (error instanceof Refused || error instanceof NotThere) {
      await quarantine(line.database, waiting, error.refusal);
      return false;
    }
    // The server as a whole: the lease ends with the try.
    await release(line.database, [waiting]);
    throw error;
  }
}

async function pushSnapshot({ database, library, send }: Line, waiting: Waiting): Promise<boolean> {
  const row = await database.get("snapshots", waiting.key);
  if (row === undefined || row.onServer || !(await isWanted(database, row))) {
    await done(database, waiting);
    return false;
  }
  if ((await lease(database, waiting, Date.now())) === undefined) return false;
  const { document } = await putSnapshot(send, library, row);
  await snapshotStored(database, row, document);
  return true;
}

async function pushAnchors({ database, library, send }: Line, waiting: Waiting): Promise<boolean> {
  if ((await lease(database, waiting, Date.now())) === undefined) return false;
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
