/** Which snapshots of an annotated page are worth sending. Related stories change at every visit: they are not. */

import type { PageParagraph, PageText } from "../model.ts";
import { addSnapshot } from "../store/deeds.ts";
import type { AnnotationRow, FoundAnchor, SnapshotRow } from "../store/rows.ts";
import { snapshotKey } from "../store/rows.ts";
import type { LibraryDatabase } from "../store/schema.ts";
import type { OldTexts } from "./places.ts";
import { placesOf } from "./places.ts";
import type { Placed } from "./readings.ts";

/** Milliseconds; at most one snapshot of a document is sent in so long. */
const A_DAY = 24 * 60 * 60 * 1000;

/** What placed these anchors, as the server counts engines: words and whole paragraphs, nothing fuzzy. */
const ENGINE = 1;
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
 * the newest snapshot that this browser kept, and that one is older than a day. With it go the places that were found
 * in it: this browser knows texts that tell twins apart for which the server has only the quote. Answers whether it did.
 */
export async function keepIfWorthIt(
  database: LibraryDatabase,
  seen: SnapshotRow,
  rows: readonly AnnotationRow[],
  placed: Readonly<Record<string, Placed>>,
  oldTexts: OldTexts,
): Promise<boolean> {
  if (rows.length === 0 || (await database.get("snapshots", seen.id)) !== undefined) return false;
  const alias = await database.get("aliases", seen.page);
  const document = alias && (await database.get("documents", alias.document));
  if (document?.snapshots.includes(seen.digest)) return false;
  const last = newest(await database.getAllFromIndex("snapshots", "page", seen.page));
  if (last !== undefined && Math.abs(seen.made - last.made) < A_DAY) return false;
  if (last !== undefined && !differs(last, seen, rows, placed, oldTexts)) return false;
  await addSnapshot(database, seen, { engine: ENGINE, anchors: anchorsFrom(rows, placed) });
  return true;
}

function differs(
  last: SnapshotRow,
  seen: SnapshotRow,
  rows: readonly AnnotationRow[],
  placed: Readonly<Record<string, Placed>>,
  oldTexts: OldTexts,
): boolean {
  if (article(last.paragraphs) !== article(seen.paragraphs)) return true;
  const before = placesOf(rows, last.paragraphs, last.digest, oldTexts);
  return rows.some(
    ({ id }) => surroundings(last.paragraphs, before[id]) !== surroundings(seen.paragraphs, placed[id]),
  );
}

function anchorsFrom(
  rows: readonly AnnotationRow[],
  placed: Readonly<Record<string, Placed>>,
): FoundAnchor[] {
  const found = rows.flatMap(({ id }) => {
    const { state, start, end } = placed[id] ?? {};
    return state !== undefined && state !== "pending" && start && end
      ? [{ annotation: id, state, start, end }]
      : [];
  });
  return found.slice(0, MOST_ANCHORS);
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
