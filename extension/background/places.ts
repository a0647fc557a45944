/** Where a page's annotations stand in its text. Word for word: what stands nowhere is `pending`. */

import { placeAll } from "../anchoring/place.ts";
import type { PageParagraph, Painted } from "../model.ts";
import type { AnnotationRow } from "../store/rows.ts";
import type { LibraryDatabase } from "../store/schema.ts";
import type { Placed, Reading } from "./readings.ts";
import { standsVerbatim } from "./verbatim.ts";

const NOWHERE: Placed = { state: "pending", start: null, end: null, text: "" };

/** The texts that highlights were made on, by digest, as far as this browser has them. */
export type OldTexts = ReadonlyMap<string, readonly PageParagraph[]>;

export async function oldTextsOf(
  database: LibraryDatabase,
  rows: readonly AnnotationRow[],
): Promise<OldTexts> {
  const texts = new Map<string, readonly PageParagraph[]>();
  for (const digest of new Set(rows.map(({ written }) => written.target.snapshot))) {
    const kept = digest === null ? undefined : await database.getFromIndex("snapshots", "digest", digest);
    if (kept !== undefined) texts.set(kept.digest, kept.paragraphs);
  }
  return texts;
}

/** Places of all that have one (page notes and replies have none), by id. */
export function placesOf(
  rows: readonly AnnotationRow[],
  paragraphs: readonly PageParagraph[],
  digest: string,
  oldTexts: OldTexts,
): Record<string, Placed> {
  const placed: Record<string, Placed> = {};
  const sought: { id: string; quote: NonNullable<Target["quote"]>; hint: Target["start"] }[] = [];
  for (const { id, written } of rows) {
    const { snapshot, start, end, quote } = written.target;
    // The very text it was made on: its positions are right, whatever else looks the same.
    const place: Placed | null =
      snapshot === digest && start && end
        ? { state: "exact", start, end, text: quote?.exact ?? "" }
        : standsVerbatim(written.target, oldTexts.get(snapshot ?? "") ?? [], paragraphs);
    if (place !== null) placed[id] = place;
    else if (quote) sought.push({ id, quote, hint: start });
  }
  const anchors = placeAll(paragraphs, sought);
  for (const [index, { id }] of sought.entries()) placed[id] = anchors[index] ?? NOWHERE;
  return placed;
}

type Target = AnnotationRow["written"]["target"];

/** All that the page may know of an annotation. */
export function paintedFrom({ id, written }: AnnotationRow, { state, start, end }: Placed): Painted {
  return { id, color: written.color, hasNote: written.note.trim() !== "", state, start, end };
}

/** The page's highlights as they were last placed; null when the page has to be read again, since one is new to it. */
export function paintedAgain(rows: readonly AnnotationRow[], { placed }: Reading): Painted[] | null {
  const highlights = rows.filter((row) => row.written.target.quote !== null);
  const painted = highlights.map((row) => {
    const place = placed[row.id];
    return place === undefined ? null : paintedFrom(row, place);
  });
  return painted.every((one) => one !== null) ? painted : null;
}
