/** The databases: one mirror and outbox for each server, user and library, in IndexedDB, with steps from every earlier schema. */

import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import { deleteDB, openDB } from "idb";
import { sha256 } from "../paragraphs.ts";
import type { AliasRow, AnnotationRow, DocumentRow, OutboxRow, SnapshotRow, SyncState } from "./rows.ts";

export interface LibrarySchema extends DBSchema {
  annotations: {
    key: string;
    value: AnnotationRow;
    indexes: { page: string; document: string; deleted: string; tags: string; created: string };
  };
  documents: { key: string; value: DocumentRow };
  aliases: { key: string; value: AliasRow; indexes: { document: string } };
  snapshots: { key: string; value: SnapshotRow; indexes: { page: string; digest: string } };
  outbox: {
    key: number;
    value: OutboxRow;
    indexes: { subject: string; notBefore: number; kind: string; refused: [string, number] };
  };
  meta: { key: "sync"; value: SyncState };
}

export type LibraryDatabase = IDBPDatabase<LibrarySchema>;
export type StoreName = StoreNames<LibrarySchema>;
export type Writing = IDBPTransaction<LibrarySchema, StoreName[], "readwrite">;
type Upgrade = IDBPTransaction<LibrarySchema, StoreName[], "versionchange">;

/** Whose mirror it is. A user is known by the server's id, which stays when the name changes. */
export interface Owner {
  readonly server: string;
  readonly user: string;
  /** Absent: the user's own library, whose database had its name before there were others. */
  readonly library?: string;
}

/** Each step makes schema n+1 out of schema n; a step that was released is never changed. */
const STEPS: readonly ((database: LibraryDatabase, transaction: Upgrade) => void)[] = [
  (database) => {
    const annotations = database.createObjectStore("annotations", { keyPath: "id" });
    annotations.createIndex("page", "page");
    annotations.createIndex("document", "document");
    // Null is no key: only what was deleted here is in this index.
    annotations.createIndex("deleted", "deleted");
    database.createObjectStore("documents", { keyPath: "id" });
    database.createObjectStore("aliases", { keyPath: "key" }).createIndex("document", "document");
    const snapshots = database.createObjectStore("snapshots", { keyPath: "id" });
    snapshots.createIndex("page", "page");
    snapshots.createIndex("digest", "digest");
    const outbox = database.createObjectStore("outbox", { keyPath: "order", autoIncrement: true });
    outbox.createIndex("subject", "subject", { unique: true });
    database.createObjectStore("meta");
  },
  (_database, transaction) => {
    transaction.objectStore("annotations").createIndex("tags", "written.tags", { multiEntry: true });
    const outbox = transaction.objectStore("outbox");
    outbox.createIndex("notBefore", "notBefore");
    outbox.createIndex("kind", "kind");
    // Null has no status: only what was refused is in this index.
    outbox.createIndex("refused", ["kind", "refused.status"]);
  },
  (_database, transaction) => {
    transaction.objectStore("annotations").createIndex("created", "created");
  },
];

export const SCHEMA_VERSION = STEPS.length;

/** Opens, and where needed makes or upgrades, the owner's database. */
export async function openLibrary(owner: Owner): Promise<LibraryDatabase> {
  const database = await openDB<LibrarySchema>(await databaseName(owner), SCHEMA_VERSION, {
    upgrade(upgraded, from, _to, transaction) {
      for (const step of STEPS.slice(from)) step(upgraded, transaction);
    },
    // Another context upgrades or deletes it: make way, the next deed opens it anew.
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
  });
  return database;
}

/** Removes the owner's mirror and outbox, with everything unsent. */
export async function deleteLibrary(owner: Owner): Promise<void> {
  await deleteDB(await databaseName(owner));
}

/** A hash, since a list of databases is easily shown to others and needs no server or user in it. */
export async function databaseName({ server, user, library }: Owner): Promise<string> {
  const parts = library === undefined ? [server, user] : [server, user, library];
  return `library-${(await sha256(parts.join("\n"))).slice(0, 32)}`;
}

/**
 * A transaction over all stores whose commit is on the disk before it is reported ("strict"): only then is something
 * saved. Nothing else may be awaited inside, or IndexedDB commits early.
 */
export function writing(database: LibraryDatabase): Writing {
  const stores: StoreName[] = ["annotations", "documents", "aliases", "snapshots", "outbox", "meta"];
  return database.transaction(stores, "readwrite", { durability: "strict" });
}

/** Runs `deed` in one strict transaction; resolves after the commit, and undoes everything when `deed` throws. */
export async function inOneWrite<T>(
  database: LibraryDatabase,
  deed: (tx: Writing) => Promise<T>,
): Promise<T> {
  const tx = writing(database);
  const done = tx.done;
  done.catch(() => undefined);
  let value: T;
  try {
    value = await deed(tx);
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // Already over: the failed request has aborted it.
    }
    throw error;
  }
  await done;
  return value;
}
