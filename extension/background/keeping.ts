/** What of an annotated page is worth sending: its text where that differs, and where highlights stand in a text that is sent. */

import type { PageParagraph, PageText } from "../model.ts";
import { queueAnchors } from "../store/anchors.ts";
import { addSnapshot } from "../store/deeds.ts";
import type { AnnotationRow, SnapshotRow } from "../store/rows.ts";
import { snapshotKey } from "../store/rows.ts";
import type { LibraryDatabase } from "../store/schema.ts";
import { fromMirror } from "./old-pages.ts";
import { placesOf } from "./places.ts";
import type { Placed } from "./readings.ts";

/** Milliseconds; visits send at most one snapshot of a document in so long. */
const A_DAY = 24 * 60 * 60 * 1000;
/** How many anchors the server takes at once. */
const MOST_ANCHORS = 1000;

/** A page's text as a row of the store. */
export function snapshotOf(page: PageText, digest: string, key: string, now: number): SnapshotRow {
  const { facts, extractor, paragraphs } = page;
  return {
    id: snapshotKey(digest, key),
    digest,
    page: key,
    facts,
    extractor,
    paragraphs,
    made: now,
    onServer: false,
  };
}

/**
 * Puts the page's text into the outbox if an article paragraph, or a highlighted one or its neighbour, differs from
 * the newest snapshot that this browser kept, and no visit had one sent within a day: those that highlights were made
 * on do not count, or what became of them on that day would not be known. Answers whether it did.
 */
export async function keepIfWorthIt(
  database: LibraryDatabase,
  seen: SnapshotRow,
  rows: readonly AnnotationRow[],
  placed: Readonly<Record<string, Placed>>,
): Promise<boolean> {
  if (rows.length === 0 || (await database.get("snapshots", seen.id)) !== undefined) return false;
  const kept = await keptOf(database, seen.page, rows);
  const made = new Set(rows.map((row) => row.written.target.snapshot));
  const visited = newest(kept.filter(({ digest }) => !made.has(digest)));
  if (visited !== undefined && Math.abs(seen.made - visited.made) < A_DAY) return false;
  const last = newest(kept);
  if (last !== undefined && !(await differs(database, last, seen, rows, placed))) return false;
  await addSnapshot(database, seen);
  return true;
}

/** Puts into the outbox where highlights stand in a snapshot that the server has or gets. Answers whether it did. */
export async function sendAnchors(
  database: LibraryDatabase,
  digest: string,
  rows: readonly AnnotationRow[],
  placed: Readonly<Record<string, Placed>>,
): Promise<boolean> {
  const anchors = rows.flatMap(({ id, base, written }) => {
    const place = placed[id];
    // The server itself knows where those stand that were made on this text; of those it lacks it can note nothing.
    if (
      place === undefined ||
      place.state === "pending" ||
      base === null ||
      written.target.snapshot === digest
    )
      return [];
    const { state, start, end } = place;
    return [{ annotation: id, state, start, end }];
  });
  return queueAnchors(database, digest, anchors.slice(0, MOST_ANCHORS));
}

/** The snapshots of a document, whatever address each was seen at. */
async function keptOf(
  database: LibraryDatabase,
  page: string,
  rows: readonly AnnotationRow[],
): Promise<SnapshotRow[]> {
  const kept: SnapshotRow[] = [];
  for (const key of new Set([page, ...rows.map((row) => row.page)])) {
    kept.push(...(await database.getAllFromIndex("snapshots", "page", key)));
  }
  return kept;
}

async function differs(
  database: LibraryDatabase,
  last: SnapshotRow,
  seen: SnapshotRow,
  rows: readonly AnnotationRow[],
  placed: Readonly<Record<string, Placed>>,
): Promise<boolean> {
  if (article(last.paragraphs) !== article(seen.paragraphs)) return true;
  const before = await placesOf(rows, last.paragraphs, last.digest, fromMirror({ database }));
  return rows.some(
    ({ id }) => surroundings(last.paragraphs, before[id]) !== surroundings(seen.paragraphs, placed[id]),
  );
}

function article(paragraphs: readonly PageParagraph[]): string {
  return texts(paragraphs.filter((paragraph) => paragraph.article));
}

/** The highlighted paragraphs with one neighbour on each side. */
function surroundings(paragraphs: readonly PageParagraph[], place: Placed | undefined): string {
  if (!place?.start || !place.end) return "";
  return texts(paragraphs.slice(Math.max(0, place.start.paragraph - 1), place.end.paragraph + 2));
}

function texts(paragraphs: readonly PageParagraph[]): string {
  return paragraphs.map(({ kind, text }) => `${kind}\t${text}\n`).join("");
}

function newest(rows: readonly SnapshotRow[]): SnapshotRow | undefined {
  return [...rows].sort((a, b) => b.made - a.made)[0];
}
