/** Annotations of a mirror as they are copied. */

import type { Copied } from "../as-markdown.ts";
import { titleOf } from "../store/entries.ts";
import type { LibraryDatabase } from "../store/schema.ts";

/** Those of `ids` that are there and not deleted, in that order. */
export async function copiesOf(database: LibraryDatabase, ids: readonly string[]): Promise<Copied[]> {
  const found: Copied[] = [];
  for (const id of ids) {
    const row = await database.get("annotations", id);
    if (row === undefined || row.deleted !== null) continue;
    const { url, note, tags, target } = row.written;
    found.push({ url, note, tags, quote: target.quote, title: await titleOf(database, row) });
  }
  return found;
}
