/** How often annotations were answered. The answers are rows of the mirror, which the feed brought: nothing is asked for. */

import type { AnnotationRow } from "./rows.ts";
import type { LibraryDatabase } from "./schema.ts";

/** By the id of what is answered; only living answers count. */
export function countReplies(rows: readonly AnnotationRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { deleted, written } of rows) {
    if (deleted !== null || written.parent === null) continue;
    counts.set(written.parent, (counts.get(written.parent) ?? 0) + 1);
  }
  return counts;
}

/** The same of some, each article's answers read once. */
export async function repliesToAll(
  database: LibraryDatabase,
  rows: readonly AnnotationRow[],
): Promise<ReadonlyMap<string, number>> {
  const articles = new Set(rows.flatMap(({ document }) => (document === null ? [] : [document])));
  const read = [...articles].map((one) => database.getAllFromIndex("annotations", "document", one));
  return countReplies((await Promise.all(read)).flat());
}

/** The same of one: its answers are of its article. What the server has not named yet, nobody has answered. */
export async function repliesTo(database: LibraryDatabase, { id, document }: AnnotationRow): Promise<number> {
  if (document === null) return 0;
  const ofArticle = await database.getAllFromIndex("annotations", "document", document);
  return countReplies(ofArticle).get(id) ?? 0;
}
