/** Rows of the mirror as the extension's own pages show them. */

import type { AnnotationView, SendState } from "../model.ts";
import type { AnnotationRow, OutboxRow } from "../store/rows.ts";
import { originOf } from "./origins.ts";
import { isMine } from "./own-rows.ts";
import type { OldParagraphs } from "./places.ts";
import type { Placed } from "./readings.ts";
import type { Session } from "./session.ts";

/** `place`: where it stands on the page of the tab that was asked about; undefined when no page was read. `old` gives the pages that it was made on. */
export async function viewOf(
  there: Session,
  row: AnnotationRow,
  place: Placed | undefined,
  old: OldParagraphs,
  replies: number,
): Promise<AnnotationView> {
  const waiting = await there.database.getFromIndex("outbox", "subject", `annotation:${row.id}`);
  const { motivation, url, color, note, tags, target } = row.written;
  const quote = target.quote?.exact ?? "";
  const lost = place !== undefined && place.start === null && target.quote !== null;
  return {
    id: row.id,
    url,
    motivation,
    color,
    note,
    tags,
    quote,
    created: row.created,
    updated: row.updated,
    author: row.author.name,
    mine: isMine(there, row),
    state: place?.state ?? null,
    now: place?.state === "edited" ? place.text : "",
    origin: lost ? await originOf(row, old) : null,
    start: place?.start ?? null,
    replies,
    send: sendState(waiting),
  };
}

/** Found ones in page order, then the rest by age. */
export function inPageOrder(views: readonly AnnotationView[]): AnnotationView[] {
  return [...views].sort((a, b) => {
    if (a.start !== null && b.start !== null) {
      return (
        a.start.paragraph - b.start.paragraph || a.start.offset - b.start.offset || (a.id < b.id ? -1 : 1)
      );
    }
    if (a.start !== null || b.start !== null) return a.start !== null ? -1 : 1;
    return a.created < b.created ? -1 : 1;
  });
}

function sendState(waiting: OutboxRow | undefined): SendState {
  if (waiting === undefined) return { kind: "sent" };
  return waiting.refused === null ? { kind: "unsent" } : { kind: "refused", reason: waiting.refused.message };
}
