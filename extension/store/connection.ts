/**
 * To which server this browser is connected, and the tokens for it. Kept in a database of its own in IndexedDB, which
 * content scripts cannot read (unlike `storage.local`); only the background opens it, and no message carries it.
 */

import type { DBSchema, IDBPDatabase } from "idb";
import { openDB } from "idb";
import type { Library } from "../model.ts";

/** Where to sign in, as the server told: addresses are absolute paths on it. */
export interface OAuthDoors {
  readonly client_id: string;
  readonly authorize: string;
  readonly token: string;
  readonly revoke: string;
  readonly scopes: readonly string[];
}

export interface Tokens {
  readonly access: string;
  /** null for a token that cannot be renewed. */
  readonly refresh: string | null;
  /** Milliseconds since 1970, by this device's clock; the server's 401 counts more. */
  readonly expires: number;
}

export interface ConnectionRow {
  /** An origin: scheme, host, port. */
  readonly server: string;
  readonly user: { readonly id: string; readonly name: string };
  /** The user's own. */
  readonly library: string;
  /** All in which the user is a member, as the server last told; absent where it has not been asked yet. */
  readonly libraries?: readonly Library[];
  /** The one that was chosen; absent: the own one. */
  readonly chosen?: string;
  /** Those beside the own one of which there is a mirror here. */
  readonly mirrors?: readonly string[];
  /** Those that the user was taken out of, until the reader has put them away; their mirrors may hold what is unsent. */
  readonly left?: readonly Pick<Library, "id" | "name">[];
  readonly oauth: OAuthDoors;
  /** null: signed out by the server; mirror and outbox stay. */
  readonly tokens: Tokens | null;
  /** The address under which the same library was reached before, while its mirror is still to be carried over. */
  readonly movedFrom?: string;
}

interface ConnectionSchema extends DBSchema {
  connection: { key: "current"; value: ConnectionRow };
}

/** The connection; null when this browser has never been connected, or was told to forget. */
export async function readConnection(): Promise<ConnectionRow | null> {
  return inDatabase(async (database) => (await database.get("connection", "current")) ?? null);
}

/** Resolves when it is on the disk: a renewed token is used only after that. */
export async function writeConnection(row: ConnectionRow | null): Promise<void> {
  await inDatabase(async (database) => {
    const tx = database.transaction("connection", "readwrite", { durability: "strict" });
    await (row === null ? tx.store.delete("current") : tx.store.put(row, "current"));
    await tx.done;
  });
}

async function inDatabase<T>(deed: (database: IDBPDatabase<ConnectionSchema>) => Promise<T>): Promise<T> {
  const database = await openDB<ConnectionSchema>("connection", 1, {
    upgrade: (made) => void made.createObjectStore("connection"),
  });
  try {
    return await deed(database);
  } finally {
    database.close();
  }
}
