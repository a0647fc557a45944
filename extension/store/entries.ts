/** Everything in the mirror as a search sees it. The rows stay where they are; an entry is what tells whether one is meant. */

import type { Color, Sought } from "../model.ts";
import { plain, plainWords } from "../plain-words.ts";
import { countReplies } from "./replies.ts";
import type { AnnotationRow } from "./rows.ts";
import { snapshotKey } from "./rows.ts";
import type { LibraryDatabase } from "./schema.ts";

export interface Entry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly made: number;
  readonly site: string;
  readonly title: string;
  readonly color: Color;
  readonly tags: readonly string[];
  /** How many answers it has. */
  readonly replies: number;
  /** All its words as `plain` has them; made when they are first looked for. */
  words: () => string;
}

/** A name with how many annotations have it. */
export interface Facet {
  readonly name: string;
  readonly count: number;
}

/** The living annotations, the newest first. */
export async function readEntries(database: LibraryDatabase): Promise<readonly Entry[]> {
  const [rows, documents] = await Promise.all([database.getAll("annotations"), database.getAll("documents")]);
  const titles = new Map(documents.map(({ id, title }) => [id, title]));
  const living = rows.filter((row) => row.deleted === null);
  const replies = countReplies(living);
  const entries: Entry[] = [];
  const unsent = new Map<string, string>();
  for (const row of living) {
    const known = row.document === null ? undefined : titles.get(row.document);
    const title = known || (await ownTitle(database, row, unsent));
    entries.push(entryOf(row, title, replies.get(row.id) ?? 0));
  }
  return entries.sort((a, b) => b.made - a.made || (a.id < b.id ? 1 : -1));
}

/** The living annotations that were made last, the newest first, read without the others. */
export async function readNewest(database: LibraryDatabase, most: number): Promise<readonly AnnotationRow[]> {
  const newest: AnnotationRow[] = [];
  const index = database.transaction("annotations").store.index("created");
  for (let at = await index.openCursor(null, "prev"); at !== null; at = await at.continue()) {
    if (at.value.deleted === null) newest.push(at.value);
    if (newest.length === most) break;
  }
  return newest;
}

/** How many living annotations there are. */
export async function countLiving(database: LibraryDatabase): Promise<number> {
  const { store } = database.transaction("annotations");
  const [all, deleted] = await Promise.all([store.count(), store.index("deleted").count()]);
  return all - deleted;
}

/** The title of the page that a row stands on, as the server or the page's own text tells it; "" where neither does. */
export async function titleOf(database: LibraryDatabase, row: AnnotationRow): Promise<string> {
  const document = row.document === null ? undefined : await database.get("documents", row.document);
  return document?.title || ownTitle(database, row, new Map());
}

/** In: a day as `Sought` has it means that day where the reader is. */
export function select(entries: readonly Entry[], sought: Sought): readonly Entry[] {
  const words = plainWords(sought.text);
  const from = sought.from === "" ? Number.NEGATIVE_INFINITY : startOfDay(sought.from, 0);
  const until = sought.to === "" ? Number.POSITIVE_INFINITY : startOfDay(sought.to, 1);
  return entries.filter(
    (entry) =>
      (sought.site === "" || entry.site === sought.site) &&
      (sought.color === "" || entry.color === sought.color) &&
      (sought.tag === "" || entry.tags.includes(sought.tag)) &&
      entry.made >= from &&
      entry.made < until &&
      (words.length === 0 || words.every((word) => entry.words().includes(word))),
  );
}

/** Whether nothing is asked for in particular. */
export function isAnything(sought: Sought): boolean {
  return Object.values(sought).every((part) => part === "");
}

/** The values that occur, in order of the alphabet. */
export function facetsOf(values: readonly string[]): readonly Facet[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const { compare } = new Intl.Collator();
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => compare(a.name, b.name));
}

/** The host of an address as one would say it; "" where it has none. */
export function siteOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, "") : "";
}

function entryOf({ id, created, written }: AnnotationRow, title: string, replies: number): Entry {
  const { url, color, note, tags, target } = written;
  let words: string | undefined;
  return {
    id,
    made: Date.parse(created) || 0,
    site: siteOf(url),
    title,
    color,
    tags,
    replies,
    words: () => {
      words ??= plain([target.quote?.exact ?? "", note, title, url, ...tags].join("\n"));
      return words;
    },
  };
}

/** Of a page that the server has not named yet: by its snapshot, read once for all highlights on it. */
async function ownTitle(
  database: LibraryDatabase,
  { page, written }: AnnotationRow,
  known: Map<string, string>,
): Promise<string> {
  const digest = written.target.snapshot;
  if (digest === null) return "";
  const key = snapshotKey(digest, page);
  const there = known.get(key);
  if (there !== undefined) return there;
  const title = (await database.get("snapshots", key))?.facts.title ?? "";
  known.set(key, title);
  return title;
}

/** `2026-11-23` and 1: when the 24th begins, in milliseconds since 1970; NaN, which nothing passes, for what is no day. */
function startOfDay(day: string, later: number): number {
  const [year = Number.NaN, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).getTime();
}
