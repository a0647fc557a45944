/** "Attach here": a highlight is moved to what the reader has selected on the page, and back again by undo. */

import { RequestFailed, tell } from "../messaging.ts";
import { digest } from "../paragraphs.ts";
import { retarget } from "../store/deeds.ts";
import { annotationsOf, pageKeys } from "../store/pages.ts";
import type { AnnotationRow, StoredTarget } from "../store/rows.ts";
import { snapshotOf } from "./keeping.ts";
import { ownRow, reported } from "./own-rows.ts";
import { quoteOf } from "./quotes.ts";
import { allReadings, changeReading } from "./readings.ts";
import type { Session } from "./session.ts";

/** Throws RequestFailed `trouble_no_selection` where nothing is selected, `trouble_gone` where it is not of this page. */
export async function attach(there: Session, id: string, tabId: number): Promise<AnnotationRow> {
  const row = await ownRow(there, id);
  const { selected } = await tell(tabId, "page.selection", {});
  if (selected === null) throw new RequestFailed("trouble_no_selection");
  const { page, target } = selected;
  const ofPage = await annotationsOf(there.database, page.facts);
  if (!ofPage.some((one) => one.id === row.id)) throw new RequestFailed("trouble_gone");
  const { own } = await pageKeys(page.facts.url, page.facts.canonical);
  const name = await digest(page.paragraphs);
  const made = { snapshot: name, start: target.start, end: target.end, quote: quoteOf(page, target) };
  const snapshot = snapshotOf(page, name, own, Date.now());
  const moved = await reported(retarget(there.database, id, made, snapshot, now()));
  await forgetPlaces(id);
  return moved;
}

/** Undo of it: back to a target that it had. */
export async function reattach(there: Session, id: string, target: StoredTarget): Promise<AnnotationRow> {
  await ownRow(there, id);
  const moved = await reported(retarget(there.database, id, target, null, now()));
  await forgetPlaces(id);
  return moved;
}

/** Open pages look for it anew: where it stood says nothing any more. */
async function forgetPlaces(id: string): Promise<void> {
  for (const [tabId, { placed }] of await allReadings()) {
    if (placed[id] === undefined) continue;
    await changeReading(tabId, (reading) => {
      if (reading === null) return null;
      const { [id]: _, ...others } = reading.placed;
      return { ...reading, placed: others };
    });
  }
}

function now(): string {
  return new Date().toISOString();
}
