/** The tags in use. Read from their index: a library of 50,000 annotations has some hundred tags. */

import type { LibraryDatabase } from "./schema.ts";

/** Each once, in no order that a reader would expect; without those that only deleted annotations have. */
export async function tagsInUse(database: LibraryDatabase): Promise<string[]> {
  const index = database.transaction("annotations").store.index("tags");
  const tags: string[] = [];
  for (let at = await index.openKeyCursor(null, "nextunique"); at !== null; at = await at.continue())
    tags.push(at.key);
  const living = await Promise.all(tags.map((tag) => isLiving(database, tag)));
  return tags.filter((_, at) => living[at]);
}

async function isLiving(database: LibraryDatabase, tag: string): Promise<boolean> {
  const index = database.transaction("annotations").store.index("tags");
  for (let at = await index.openCursor(tag); at !== null; at = await at.continue())
    if (at.value.deleted === null) return true;
  return false;
}
