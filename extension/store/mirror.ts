/**
 * Takes the library's change feed into the mirror, page by page: each page and the new place in the feed are one
 * transaction, so that a worker that dies anywhere goes on where it was. Applying a page twice changes nothing.
 */

import type { ServerAnnotation } from "./answers.ts";
import { removeRow, settle, told } from "./answers.ts";
import { meet } from "./merge.ts";
import { waitingFor } from "./outbox.ts";
import type { AnnotationRow, DocumentRow, SyncState } from "./rows.ts";
import type { LibraryDatabase, Writing } from "./schema.ts";
import { inOneWrite } from "./schema.ts";
import { putState, stateIn } from "./sync-state.ts";

export interface ServerDocument {
  readonly id: string;
  readonly version: number;
  readonly url: string;
  readonly title: string;
  readonly aliases: readonly string[];
}

export type Change =
  | {
      readonly kind: "annotation";
      readonly id: string;
      readonly version: number;
      readonly row: ServerAnnotation;
    }
  | { readonly kind: "document"; readonly id: string; readonly version: number; readonly row: ServerDocument }
  | {
      readonly kind: "snapshot";
      readonly id: string;
      readonly version: number;
      readonly row: { digest: string; document: string };
    }
  | {
      readonly kind: "gone";
      readonly of: string;
      readonly id: string;
      readonly version: number;
      readonly revision: number | null;
    };

export interface FeedPage {
  readonly epoch: string;
  readonly next: number;
  /** The library's version when the page was read: where the feed ends. */
  readonly head: number;
  readonly more: boolean;
  readonly changes: readonly Change[];
}

/** `urlKey` of every address in a page of the feed; made before the transaction, since hashing would end it. */
export type Keys = ReadonlyMap<string, string>;

/** All addresses whose keys `applyPage` will ask for. */
export function addressesIn(page: FeedPage): string[] {
  return page.changes.flatMap((change) => {
    if (change.kind === "annotation") return [change.row.written.url];
    return change.kind === "document" ? [change.row.url, ...change.row.aliases] : [];
  });
}

/** Answers the keys of the pages whose annotations changed. */
export async function applyPage(
  database: LibraryDatabase,
  page: FeedPage,
  keys: Keys,
): Promise<ReadonlySet<string>> {
  return inOneWrite(database, async (tx) => {
    const state = await stateIn(tx);
    const touched = new Set<string>();
    const known = await annotationsIn(tx, page);
    for (const change of page.changes) await applyChange(tx, change, { keys, state, touched, known });
    await putState(tx, { epoch: page.epoch, since: page.next, catchingUp: further(state, page) });
    return touched;
  });
}

/** How far this page has brought us; null at the feed's end. */
function further({ since, catchingUp }: SyncState, page: FeedPage): SyncState["catchingUp"] {
  if (!page.more) return null;
  const { from, rows } = catchingUp ?? { from: since, rows: 0 };
  const came = page.changes.filter(({ kind }) => kind === "annotation").length;
  return { from, rows: rows + came, head: page.head };
}

/** What every change of a page is met with. */
interface Meeting {
  readonly keys: Keys;
  readonly state: SyncState;
  readonly touched: Set<string>;
  /** The mirror's rows of the annotations that the page names. */
  readonly known: ReadonlyMap<string, AnnotationRow>;
}

/** Asked for all at once, since each answer alone takes as long. The feed names a row once in a page. */
async function annotationsIn(tx: Writing, page: FeedPage): Promise<ReadonlyMap<string, AnnotationRow>> {
  const annotations = tx.objectStore("annotations");
  const named = page.changes.filter((change) => change.kind === "annotation" || change.kind === "gone");
  const rows = await Promise.all(named.map(({ id }) => annotations.get(id)));
  return new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row]])));
}

async function applyChange(tx: Writing, change: Change, meeting: Meeting): Promise<void> {
  if (change.kind === "annotation") return applyAnnotation(tx, change.row, meeting);
  if (change.kind === "document") return applyDocument(tx, change.row, meeting);
  if (change.kind === "snapshot") return applySnapshot(tx, change.row);
  if (change.of === "annotation") return applyGone(tx, change, meeting);
  if (change.of === "document") await removeDocument(tx, change.id);
}

async function applyAnnotation(
  tx: Writing,
  server: ServerAnnotation,
  { keys, state: { generation, reconciling }, touched, known }: Meeting,
): Promise<void> {
  const page = keys.get(server.written.url) ?? "";
  const annotations = tx.objectStore("annotations");
  const local = known.get(server.id);
  touched.add(page);
  if (local === undefined) {
    // Not waited for: the transaction is, and fails where this fails.
    annotations.put(fromServer(server, page, generation)).catch(() => undefined);
    return;
  }
  touched.add(local.page);
  if (isOlder(server, local, generation, reconciling))
    return void (await annotations.put({ ...local, seen: generation }));
  const waiting = await waitingFor(tx, "annotation", server.id);
  const met = meet(local, waiting ? { tried: waiting.tried } : null, server, reconciling?.restored === true);
  if (met.kind === "gone") return removeRow(tx, server.id);
  const { written, deleted, base } = met;
  const row = { ...local, ...told(server, page), written, deleted, base, seen: generation };
  // The same revision says nothing new of what was sent and not yet answered.
  if (local.base?.revision === base.revision && waiting !== undefined && met.send)
    return void (await annotations.put(row));
  await settle(tx, row);
}

/** Whether the mirror has news of the row already. Versions of before a restore say nothing of those after it. */
function isOlder(
  server: { readonly version: number },
  local: { readonly version: number; readonly seen: number },
  generation: number,
  reconciling: SyncState["reconciling"],
): boolean {
  const comparable = reconciling?.restored !== true || local.seen === generation;
  return comparable && server.version < local.version;
}

async function applyGone(
  tx: Writing,
  { id, revision }: Extract<Change, { kind: "gone" }>,
  { state: { generation, reconciling }, touched, known }: Meeting,
): Promise<void> {
  const local = known.get(id);
  if (local === undefined) return;
  touched.add(local.page);
  const waiting = await waitingFor(tx, "annotation", id);
  const server = { revision, written: null };
  const met = meet(local, waiting ? { tried: waiting.tried } : null, server, reconciling?.restored === true);
  if (met.kind === "gone") return removeRow(tx, id);
  await settle(tx, {
    ...local,
    written: met.written,
    deleted: met.deleted,
    base: met.base,
    seen: generation,
  });
}

async function applyDocument(
  tx: Writing,
  server: ServerDocument,
  { keys, state: { generation } }: Meeting,
): Promise<void> {
  const documents = tx.objectStore("documents");
  const local = await documents.get(server.id);
  if (local !== undefined && server.version < local.version) return;
  const { id, version, url, title, aliases } = server;
  const row: DocumentRow = {
    id,
    version,
    url,
    title,
    aliases,
    snapshots: local?.snapshots ?? [],
    seen: generation,
  };
  await documents.put(row);
  const store = tx.objectStore("aliases");
  for (const alias of await store.index("document").getAll(id)) await store.delete(alias.key);
  for (const address of new Set([url, ...aliases])) {
    await store.put({ key: keys.get(address) ?? "", document: id, url: address });
  }
}

async function applySnapshot(
  tx: Writing,
  { digest, document }: { digest: string; document: string },
): Promise<void> {
  const documents = tx.objectStore("documents");
  const known = await documents.get(document);
  if (known !== undefined && !known.snapshots.includes(digest)) {
    await documents.put({ ...known, snapshots: [...known.snapshots, digest] });
  }
  const snapshots = tx.objectStore("snapshots");
  for (const kept of await snapshots.index("digest").getAll(digest)) {
    // Another document may hold the same text: ours is there when its page leads to this one.
    const leads = (await tx.objectStore("aliases").get(kept.page))?.document === document;
    if (leads && !kept.onServer) await snapshots.put({ ...kept, onServer: true });
  }
}

async function removeDocument(tx: Writing, id: string): Promise<void> {
  await tx.objectStore("documents").delete(id);
  const store = tx.objectStore("aliases");
  for (const alias of await store.index("document").getAll(id)) await store.delete(alias.key);
}

function fromServer(server: ServerAnnotation, page: string, seen: number): AnnotationRow {
  const { id, written, revision, version, created, updated, author, document, review, anchor } = server;
  const base = { revision, written };
  return {
    id,
    written,
    version,
    created,
    updated,
    author,
    document,
    review,
    anchor,
    page,
    deleted: null,
    base,
    seen,
  };
}
