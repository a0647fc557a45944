/** The mirror's entries, kept while the worker lives: filtering as one types reads no disk. Nothing is lost with them. */

import type { Entry, Facet } from "../store/entries.ts";
import { facetsOf, readEntries } from "../store/entries.ts";
import type { Session } from "./session.ts";

export interface LibraryIndex {
  readonly entries: readonly Entry[];
  readonly sites: readonly Facet[];
  readonly tags: readonly Facet[];
}

let kept: { readonly name: string; readonly index: Promise<LibraryIndex> } | null = null;

export function libraryIndex({ database }: Session): Promise<LibraryIndex> {
  if (kept?.name === database.name) return kept.index;
  const index = read(database);
  kept = { name: database.name, index };
  index.catch(() => forgetIndex());
  return index;
}

/** Something was written: what is asked next is read anew. */
export function forgetIndex(): void {
  kept = null;
}

async function read(database: Session["database"]): Promise<LibraryIndex> {
  const entries = await readEntries(database);
  return {
    entries,
    sites: facetsOf(entries.map(({ site }) => site)),
    tags: facetsOf(entries.flatMap(({ tags }) => tags)),
  };
}
