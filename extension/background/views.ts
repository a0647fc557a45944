/** Rows of the mirror as the extension's own pages show them. */

import type { AnnotationView, SendState } from "../model.ts";
import type { AnnotationRow, OutboxRow } from "../store/rows.ts";
import type { Placed } from "./readings.ts";
import type { Session } from "./session.ts";

/** `place`: where it stands on the page of the tab that was asked about; undefined when no page was read. */
export async function viewOf(
  { database, connection }: Session,
  row: AnnotationRow,
  place: Placed | undefined,
): Promise<AnnotationView> {
  const waiting = await database.getFromIndex("outbox", "subject", `annotation:${row.id}`);
  const { motivation, url, color, note, tags, target } = row.written;
  const quote = target.quote?.exact ?? "";
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
    mine: row.author.id === connection.user.id,
    state: place?.state ?? null,
    now: place !== undefined && place.text !== quote ? place.text : "",
    start: place?.start ?? null,
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
