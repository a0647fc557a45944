/** Where a page's annotations stand in its text, as the engine finds them. Runs here, off the page's thread, in slices. */

import { anchorInSlices } from "../anchoring/anchor.ts";
import type { AnchorTarget, Paragraph } from "../anchoring/types.ts";
import type { Painted } from "../model.ts";
import type { AnnotationRow } from "../store/rows.ts";
import { isMine } from "./own-rows.ts";
import type { Placed, Reading } from "./readings.ts";
import type { Session } from "./session.ts";

/** The paragraphs of a snapshot by its digest; null where this browser does not have them. */
export type OldParagraphs = (digest: string) => Promise<readonly Paragraph[] | null>;

type Reader = Pick<Session, "connection" | "library">;
type Target = AnnotationRow["written"]["target"];
const FIRST_PLACE = { paragraph: 0, offset: 0 };
const NOWHERE: Placed = { state: "pending", start: null, end: null, text: "" };

/**
 * Places of all that have one (page notes and replies have none), by id. `earlier` holds the places that were found
 * before in this very text: an annotation that has not changed keeps its place without another look. `early` is called
 * while the work takes long, with what is known by then.
 */
export async function placesOf(
  rows: readonly AnnotationRow[],
  paragraphs: readonly Paragraph[],
  digest: string,
  old: OldParagraphs,
  earlier: Readonly<Record<string, Placed>> = {},
  early?: (placed: Readonly<Record<string, Placed>>) => void,
): Promise<Record<string, Placed>> {
  const placed: Record<string, Placed> = {};
  for (const [snapshot, made] of bySnapshot(rows)) {
    // The very text it was made on: its positions are right, whatever else looks the same.
    const before = snapshot === null || snapshot === digest ? null : await old(snapshot);
    const sought: AnnotationRow[] = [];
    for (const row of made) {
      const place = placeWithoutLooking(row, digest, before !== null, earlier[row.id]);
      if (place !== null) placed[row.id] = place;
      else sought.push(row);
    }
    if (sought.length === 0) continue;
    const take = (row: AnnotationRow, { state, start, end, text }: Placed) => {
      placed[row.id] = { state, start, end, text, of: lookOf(row.written.target, before !== null) };
    };
    const anchors = await anchorInSlices(before, paragraphs, sought.flatMap(soughtIn), {
      early: (found) => {
        for (const [index, anchor] of found) take(sought[index] as AnnotationRow, anchor);
        early?.(placed);
      },
    });
    for (const [index, row] of sought.entries()) take(row, anchors[index] ?? NOWHERE);
  }
  return placed;
}

function placeWithoutLooking(
  { written: { target } }: AnnotationRow,
  digest: string,
  withOld: boolean,
  earlier: Placed | undefined,
): Placed | null {
  const { snapshot, start, end, quote } = target;
  if (snapshot === digest && start && end) return { state: "exact", start, end, text: quote?.exact ?? "" };
  // What the engine had no steps left for has all of them now that the others keep their places.
  return earlier?.of === lookOf(target, withOld) && earlier.state !== "pending" ? earlier : null;
}

/** Those with a quote, by the snapshot that they were made on. */
function bySnapshot(rows: readonly AnnotationRow[]): Map<string | null, AnnotationRow[]> {
  const groups = new Map<string | null, AnnotationRow[]>();
  for (const row of rows) {
    const { snapshot, quote } = row.written.target;
    if (quote === null) continue;
    const group = groups.get(snapshot);
    if (group === undefined) groups.set(snapshot, [row]);
    else group.push(row);
  }
  return groups;
}

function soughtIn({ written: { target } }: AnnotationRow): AnchorTarget[] {
  const { start, end, quote } = target;
  return quote === null ? [] : [{ quote, start: start ?? FIRST_PLACE, end: end ?? FIRST_PLACE }];
}

/** What an answer of the engine depends on beside the text: what was sought, and whether the old page was known. */
function lookOf({ snapshot, start, end, quote }: Target, withOld: boolean): string {
  const edges = [start, end].map((edge) => edge && [edge.paragraph, edge.offset]);
  return JSON.stringify([withOld, snapshot, edges, start === null ? quote : null]);
}

/** All that the page may know of an annotation. */
export function paintedFrom(there: Reader, row: AnnotationRow, { state, start, end }: Placed): Painted {
  const { id, written } = row;
  const hasNote = written.note.trim() !== "";
  return { id, color: written.color, hasNote, mine: isMine(there, row), state, start, end };
}

/** The page's highlights as they were last placed; null when the page has to be read again, since one is new to it. */
export function paintedAgain(
  there: Reader,
  rows: readonly AnnotationRow[],
  { placed }: Reading,
): Painted[] | null {
  const highlights = rows.filter((row) => row.written.target.quote !== null);
  const painted = highlights.map((row) => {
    const place = placed[row.id];
    return place === undefined ? null : paintedFrom(there, row, place);
  });
  return painted.every((one) => one !== null) ? painted : null;
}
