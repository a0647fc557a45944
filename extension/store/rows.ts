/** The rows of one user's mirror of a library. What the author writes is one value, `Written`, as on the server. */

import type { AnchorState, Position, Quote } from "../anchoring/types.ts";
import type { Color, Motivation, PageFacts, PageParagraph } from "../model.ts";

/** Where an annotation was made, in the shape of the API: absent parts are null. A page note has at most a snapshot. */
export interface StoredTarget {
  readonly snapshot: string | null;
  readonly start: Position | null;
  readonly end: Position | null;
  readonly quote: Quote | null;
}

/** All that its author decides about an annotation, and nothing else: what a PUT sends. Tags are a set. */
export interface Written {
  readonly motivation: Motivation;
  readonly url: string;
  readonly color: Color;
  readonly note: string;
  readonly tags: readonly string[];
  readonly parent: string | null;
  readonly target: StoredTarget;
}

/** Where the server says that the text stands in a snapshot. */
export interface StoredAnchor {
  readonly state: AnchorState;
  readonly snapshot: string | null;
  readonly start: Position | null;
  readonly end: Position | null;
  readonly text: string;
}

/**
 * What the server was last known to hold. `written` is null where the row is deleted there; `revision` is null where
 * a deleted row is purged, so that only its tombstone is left.
 */
export interface Base {
  readonly revision: number | null;
  readonly written: Written | null;
}

/** An annotation as this browser has it: what the reader sees, and below it what the server is known to hold. */
export interface AnnotationRow {
  readonly id: string;
  readonly written: Written;
  readonly created: string;
  readonly updated: string;
  readonly author: { readonly id: string; readonly name: string };
  /** When it was deleted on this device; the row is kept for undo. */
  readonly deleted: string | null;
  /** `urlKey(written.url)`: the index by page. */
  readonly page: string;
  readonly document: string | null;
  readonly review: string;
  readonly anchor: StoredAnchor | null;
  /** The row's place in the feed; 0 before the server told one. */
  readonly version: number;
  /** null: the server does not have it, as far as is known. */
  readonly base: Base | null;
  /** The reconciliation in which the server last named this row. */
  readonly seen: number;
}

/** An article, as the server tells it. */
export interface DocumentRow {
  readonly id: string;
  readonly version: number;
  readonly url: string;
  readonly title: string;
  readonly aliases: readonly string[];
  /** Digests of the document's snapshots on the server. */
  readonly snapshots: readonly string[];
  readonly seen: number;
}

/** One address of a document; `key` is `urlKey(url)`. */
export interface AliasRow {
  readonly key: string;
  readonly document: string;
  readonly url: string;
}

/** The paragraphs of a page as this browser saw it. */
export interface SnapshotRow {
  /** `snapshotKey(digest, page)`: the same text at two addresses is a snapshot of two documents. */
  readonly id: string;
  readonly digest: string;
  /** `urlKey(facts.url)`. */
  readonly page: string;
  readonly facts: PageFacts;
  readonly extractor: string;
  readonly paragraphs: readonly PageParagraph[];
  /** Milliseconds since 1970, by this device's clock. */
  readonly made: number;
  readonly onServer: boolean;
  /** The anchors in it that the server was last told, as `store/anchors.ts` names them. */
  readonly anchored?: string;
}

/** Why the server refused something for good. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

export interface FoundAnchor {
  readonly annotation: string;
  readonly state: AnchorState;
  readonly start: Position | null;
  readonly end: Position | null;
}

export type OutboxKind = "snapshot" | "annotation" | "anchors";

/**
 * Something the server does not have yet. It says *that* a row has to be sent, not what: the content is read when it
 * is sent, so that edits of an unsent row are one request. It leaves only after the server's 2xx.
 */
export interface OutboxRow {
  /** Made by the database; sent in this order. */
  readonly order?: number;
  /** `kind:key`; there is one row for each. */
  readonly subject: string;
  readonly kind: OutboxKind;
  /** An annotation's id, a snapshot's id, or (anchors) a snapshot's digest. */
  readonly key: string;
  /** Counts the edits, so that an answer to an older content does not take the newer one out. */
  readonly edits: number;
  readonly attempts: number;
  /**
   * Milliseconds since 1970; not sent before. Set ahead before each request, so that a worker that dies while
   * it waits leaves a lease which runs out by itself.
   */
  readonly notBefore: number;
  /** It is leased: `notBefore` is the lease's end. */
  readonly underWay: boolean;
  /** Contents that were sent and whose answer never came: any of them may be what the server has. */
  readonly tried: readonly Written[];
  readonly refused: Refusal | null;
  readonly engine: number;
  readonly anchors: readonly FoundAnchor[];
}

/** Where this mirror stands in the library's feed. */
export interface SyncState {
  readonly epoch: string | null;
  readonly since: number;
  /** Counts reconciliations; rows remember the one that last saw them. */
  readonly generation: number;
  /** `restored`: another epoch, so that what the server lacks was lost there and is sent again. */
  readonly reconciling: null | { readonly restored: boolean };
  /** While there is more of the feed than was read: where that began, how many annotations came, the feed's end. */
  readonly catchingUp: null | { readonly from: number; readonly rows: number; readonly head: number };
  /** Failures in a row of the server as a whole, and until when to leave it alone (milliseconds since 1970). */
  readonly failures: number;
  readonly notBefore: number;
  /** The server itself asked to wait (Retry-After): then not even a user's deed sends earlier. */
  readonly ordered: boolean;
  /** As a message key of `_locales`; "" when the last exchange went well. */
  readonly trouble: string;
}

export const FIRST_SYNC_STATE: SyncState = {
  epoch: null,
  since: 0,
  generation: 0,
  reconciling: null,
  catchingUp: null,
  failures: 0,
  notBefore: 0,
  ordered: false,
  trouble: "",
};

export function snapshotKey(digest: string, page: string): string {
  return `${digest} ${page}`;
}

/** Whether two contents are the same to the server, which keeps tags as a set. */
export function sameWritten(a: Written, b: Written): boolean {
  return canonical(a) === canonical(b);
}

function canonical({ motivation, url, color, note, tags, parent, target }: Written): string {
  const { snapshot, start, end, quote } = target;
  return JSON.stringify([
    [motivation, url, color, note, parent, snapshot],
    [...new Set(tags)].sort(),
    start && [start.paragraph, start.offset],
    end && [end.paragraph, end.offset],
    quote && [quote.exact, quote.prefix, quote.suffix],
  ]);
}

/** Tags as the server keeps them: white space collapsed, no empty ones, each once. */
export function tidyTags(tags: readonly string[]): string[] {
  const tidy = tags.map((tag) => tag.split(/\s+/u).filter(Boolean).join(" "));
  return [...new Set(tidy.filter((tag) => tag !== ""))].sort();
}
