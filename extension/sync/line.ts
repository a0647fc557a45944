/** Where the outbox is sent, and how long to wait after a failure. */

import type { LibraryDatabase } from "../store/schema.ts";
import type { Send } from "./api.ts";

/** Milliseconds; the bounds of the waits between two tries ("full jitter": anything up to the bound). */
const SHORTEST_BOUND = 1_000;
const LONGEST_BOUND = 15 * 60 * 1000;

/** How much goes into one request. */
export interface BatchSize {
  readonly items: number;
  /** Bytes of the body as UTF-8. */
  readonly bytes: number;
}

/** Where to send, and from which mirror. */
export interface Line {
  readonly database: LibraryDatabase;
  readonly library: string;
  readonly send: Send;
  /** Without it, what every server takes. */
  readonly batch?: BatchSize;
}

/** Random milliseconds before try number `attempts` + 1. */
export function backOff(attempts: number): number {
  return Math.random() * Math.min(LONGEST_BOUND, SHORTEST_BOUND * 2 ** Math.min(attempts, 20));
}
