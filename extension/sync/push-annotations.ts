/** Sends annotations many at a time. One bad row never blocks the rest, not even one that has the whole refused. */

import type { Outcome, ServerAnnotation } from "../store/answers.ts";
import { conflicted, noteOutcomes } from "../store/answers.ts";
import type { Waiting } from "../store/outbox.ts";
import { LONGEST_WAIT, postpone, release } from "../store/outbox.ts";
import type { Sending } from "../store/sending.ts";
import { leaseAnnotations } from "../store/sending.ts";
import { urlKey } from "../url-key.ts";
import { getAnnotation } from "./api.ts";
import type { BatchResult } from "./batch.ts";
import { postBatch, sizeOf } from "./batch.ts";
import { NotThere, Refused, ServerFault } from "./errors.ts";
import type { BatchSize, Line } from "./line.ts";
import { backOff } from "./line.ts";

/** What every server takes, and every proxy before one: many let no more than 1 MiB through. */
const BATCH: BatchSize = { items: 100, bytes: 1_000_000 };
/** After so many conflicts in a row the row waits, as after a fault. */
const CONFLICTS = 3;
/** So many requests that failed one after the other are no fault of a row: halving 100 takes 7 of them. */
const FAULTS = 9;

/**
 * Answers how many rows the server took. Throws what concerns the server as a whole; then no row is held by it.
 * `caughtUp`: the feed was read just before, so a conflict is news of this very moment and is asked about; else the
 * feed is about to tell of it, and whether the server was set back, which an answer to one row does not say.
 */
export async function pushAnnotations(
  line: Line,
  waiting: readonly Waiting[],
  caughtUp: boolean,
): Promise<number> {
  let [left, taken] = [waiting, 0];
  while (left.length > 0) {
    const room = { ...(line.batch ?? BATCH), sizeOf };
    const { sendings, looked } = await leaseAnnotations(line.database, left, Date.now(), room);
    try {
      taken += await sendTogether(line, sendings, { inARow: 0 }, caughtUp);
    } catch (error) {
      await release(
        line.database,
        sendings.map((sending) => sending.waiting),
      );
      throw error;
    }
    left = left.slice(looked);
  }
  return taken;
}

/** A request that fails as a whole is halved until the rows are found that it fails for. */
async function sendTogether(
  line: Line,
  sendings: readonly Sending[],
  faults: { inARow: number },
  caughtUp: boolean,
): Promise<number> {
  if (sendings.length === 0) return 0;
  let results: BatchResult[];
  try {
    results = await postBatch(line.send, line.library, sendings);
  } catch (error) {
    if (!mayBeOfOneRow(error) || ++faults.inARow > FAULTS) throw error;
    if (sendings.length === 1) return noteResults(line, sendings, [resultFrom(error)], caughtUp);
    const middle = sendings.length >> 1;
    const first = await sendTogether(line, sendings.slice(0, middle), faults, caughtUp);
    return first + (await sendTogether(line, sendings.slice(middle), faults, caughtUp));
  }
  faults.inARow = 0;
  return noteResults(line, sendings, results, caughtUp);
}

/**
 * A body that is refused may be so for one text in it; an answer that is none of the API may come from something on
 * the way that dislikes one of them. Rights and a library that is not there are no matter of rows.
 */
function mayBeOfOneRow(error: unknown): error is Refused | ServerFault {
  return error instanceof ServerFault || (error instanceof Refused && error.refusal.status !== 403);
}

function resultFrom(error: Refused | ServerFault): BatchResult {
  return error instanceof Refused ? { kind: "refused", refusal: error.refusal } : { kind: "fault" };
}

async function noteResults(
  line: Line,
  sendings: readonly Sending[],
  results: readonly BatchResult[],
  caughtUp: boolean,
): Promise<number> {
  const outcomes: Outcome[] = [];
  const asked: { sending: Sending; revision: number | null }[] = [];
  for (const [index, sending] of sendings.entries()) {
    const result = results[index] as BatchResult;
    if (result.kind !== "conflict") outcomes.push(await outcomeOf(sending, result));
    // Until the feed has told of it, the lease holds the row.
    else if (caughtUp) asked.push({ sending, revision: result.revision });
  }
  await noteOutcomes(line.database, outcomes);
  for (const { sending, revision } of asked) await resolve(line, sending.waiting, revision);
  return outcomes.filter(({ kind }) => kind === "stored" || kind === "deleted").length;
}

async function outcomeOf(
  { waiting }: Sending,
  result: Exclude<BatchResult, { kind: "conflict" }>,
): Promise<Outcome> {
  if (result.kind === "stored") return { waiting, ...result, page: await urlKey(result.answer.written.url) };
  if (result.kind === "fault") {
    const wait = Math.min(LONGEST_WAIT, backOff(waiting.attempts));
    return { waiting, kind: "later", notBefore: Date.now() + wait };
  }
  return { waiting, ...result };
}

/** 412: the server's row is read and joined with ours; what is then still unsent is due again at once. */
async function resolve(
  { database, library, send }: Line,
  waiting: Waiting,
  revision: number | null,
): Promise<void> {
  let there: ServerAnnotation | null = null;
  try {
    there = await getAnnotation(send, library, waiting.key);
  } catch (error) {
    if (!(error instanceof NotThere)) throw error;
  }
  const page = there === null ? "" : await urlKey(there.written.url);
  await conflicted(database, waiting.key, there, there?.revision ?? revision, page);
  if (waiting.attempts > CONFLICTS) await postpone(database, waiting, Date.now() + backOff(waiting.attempts));
}
