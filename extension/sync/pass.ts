/** One exchange with the server: push, pull, and push again what a merge left. One at a time, whoever asks. */

import { endLeases, LONGEST_WAIT, nextTime } from "../store/outbox.ts";
import type { SyncState } from "../store/rows.ts";
import type { LibraryDatabase } from "../store/schema.ts";
import { changeSyncState, syncState } from "../store/sync-state.ts";
import { Busy, ExchangeFailed, Unauthorized } from "./errors.ts";
import type { Line } from "./line.ts";
import { backOff } from "./line.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";

/** Milliseconds to wait after a 429 or 503 that does not say how long. */
const PATIENCE = 30_000;

export interface Passed {
  /** Keys of the pages whose annotations the server changed. */
  readonly touched: ReadonlySet<string>;
  /** How many rows the server took. */
  readonly taken: number;
  /** As a message key of `_locales`; "" when all went well. */
  readonly trouble: string;
}

/**
 * Runs one pass under the browser-wide lock; a second caller waits for the first. `urgent` (the user did something)
 * does not wait out our own back-off, only a wait that the server ordered. Null: not yet time. Does not throw for
 * anything that the server or the network can do; that is noted in the sync state, with the time of the next try.
 * `heard` is called after each piece of a long feed.
 */
export async function runPass(
  line: Line,
  urgent: boolean,
  heard: () => void = () => undefined,
): Promise<Passed | null> {
  return navigator.locks.request(lockOf(line.database), async () => {
    // One at a time, so a lease is of a worker that was stopped: what it sent may or may not have arrived.
    await endOldLeases(line.database);
    const state = await syncState(line.database);
    if (isTooEarly(state, urgent, Date.now())) return null;
    const touched = new Set<string>();
    let taken = 0;
    try {
      taken += await push(line, { careful: state.failures > 0 });
      for (const key of await pull(line, heard)) touched.add(key);
      // What met a conflict that the feed did not settle is asked about now.
      await endLeases(line.database);
      taken += await push(line, { caughtUp: true });
    } catch (error) {
      return { touched, taken, trouble: await noteTrouble(line.database, state, error, urgent) };
    }
    await changeSyncState(line.database, { failures: 0, notBefore: 0, ordered: false, trouble: "" });
    return { touched, taken, trouble: "" };
  });
}

/**
 * When to try next, in milliseconds since 1970: null when nothing waits or a sign-in is needed first. A feed that was
 * not read to its end waits too.
 */
export async function nextPass(database: LibraryDatabase): Promise<number | null> {
  const [state, waiting] = [await syncState(database), await nextTime(database)];
  const unread = state.catchingUp !== null || state.reconciling !== null;
  if (state.trouble === "trouble_signed_out" || (waiting === null && !unread)) return null;
  return Math.max(unread ? 0 : (waiting ?? 0), state.notBefore);
}

/** After the worker was stopped: what it was sending is due at once. Nothing where another pass is running. */
export async function recover(database: LibraryDatabase): Promise<void> {
  await navigator.locks.request(lockOf(database), { ifAvailable: true }, async (lock) => {
    if (lock !== null) await endOldLeases(database);
  });
}

/** Mirrors whose old leases this worker has ended; what it leases itself, it ends itself. */
const takenOver = new WeakSet<LibraryDatabase>();

async function endOldLeases(database: LibraryDatabase): Promise<void> {
  if (takenOver.has(database)) return;
  await endLeases(database);
  takenOver.add(database);
}

/** Held by who sends for this mirror; also to be held by who removes it. */
export function lockOf(database: LibraryDatabase): string {
  return `sync:${database.name}`;
}

function isTooEarly({ notBefore, ordered }: SyncState, urgent: boolean, now: number): boolean {
  if (notBefore <= now || notBefore > now + LONGEST_WAIT) return false;
  return ordered || !urgent;
}

/** The user's own deeds try at once and do not make the next scheduled try wait longer. */
async function noteTrouble(
  database: LibraryDatabase,
  before: SyncState,
  error: unknown,
  urgent: boolean,
): Promise<string> {
  if (!(error instanceof ExchangeFailed)) throw error;
  const failures = urgent ? Math.max(1, before.failures) : before.failures + 1;
  const wait = error.retryAfter ?? (error instanceof Busy ? PATIENCE : backOff(failures));
  await changeSyncState(database, {
    failures,
    notBefore: error instanceof Unauthorized ? 0 : Date.now() + Math.min(LONGEST_WAIT, wait),
    ordered: error.retryAfter !== null,
    trouble: error.trouble,
  });
  return error.trouble;
}
