/** Follows the library's change feed. Asks for what happened after a version: no page's address is in the request. */

import type { FeedPage, Keys } from "../store/mirror.ts";
import { addressesIn, applyPage } from "../store/mirror.ts";
import { beginReconciling, finishReconciling, forgetDeleted } from "../store/reconcile.ts";
import { syncState } from "../store/sync-state.ts";
import { urlKey } from "../url-key.ts";
import { getChanges } from "./api.ts";
import { NotThere } from "./errors.ts";
import type { Line } from "./line.ts";

/** Page keys do not change while this lives; a hash for each row of 50,000 would take a while. */
type KnownKeys = Map<string, string>;
/** Milliseconds; the server brings deleted rows back for as long. */
const UNDO = 30 * 24 * 60 * 60 * 1000;

/**
 * Reads the feed to its end. Answers the keys of the pages whose annotations changed. Throws as `Send` does.
 * A lost place (410) or another epoch starts a reconciliation; one that was interrupted goes on. `heard` is called after
 * each page that is not the last.
 */
export async function pull(line: Line, heard: () => void): Promise<ReadonlySet<string>> {
  const touched = new Set<string>();
  const known: KnownKeys = new Map();
  for (;;) {
    const page = await nextPage(line);
    if (page === "lost") continue;
    for (const key of await applyPage(line.database, page, await keysOf(page, known))) touched.add(key);
    if (page.more) {
      heard();
      continue;
    }
    await finishReconciling(line.database);
    await forgetDeleted(line.database, new Date(Date.now() - UNDO).toISOString());
    return touched;
  }
}

async function nextPage({ database, library, send }: Line): Promise<FeedPage | "lost"> {
  const { since, epoch } = await syncState(database);
  try {
    const page = await getChanges(send, library, since, epoch);
    if (epoch === null || page.epoch === epoch) return page;
    await beginReconciling(database, true);
    return "lost";
  } catch (error) {
    // From the beginning no place can be lost.
    if (!(error instanceof NotThere) || error.refusal.status !== 410 || epoch === null) throw error;
    await lost({ database, library, send }, epoch);
    return "lost";
  }
}

/** 410 says that the place is lost, not why: the epoch of the feed's beginning tells a restore from purged tombstones. */
async function lost({ database, library, send }: Line, epoch: string | null): Promise<void> {
  const beginning = await getChanges(send, library, 0, null);
  await beginReconciling(database, epoch !== null && beginning.epoch !== epoch);
}

async function keysOf(page: FeedPage, known: KnownKeys): Promise<Keys> {
  for (const address of addressesIn(page)) {
    if (!known.has(address)) known.set(address, await urlKey(address));
  }
  return known;
}
