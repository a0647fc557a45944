/** The user's own annotations, and what may go wrong with a deed, in words that reach the user. */

import { RequestFailed } from "../messaging.ts";
import { Gone } from "../store/deeds.ts";
import type { AnnotationRow } from "../store/rows.ts";
import type { Session } from "./session.ts";

/** Throws RequestFailed `trouble_gone` or `trouble_not_mine`. */
export async function ownRow({ database, connection }: Session, id: string): Promise<AnnotationRow> {
  const row = await database.get("annotations", id);
  if (row === undefined) throw new RequestFailed("trouble_gone");
  if (row.author.id !== connection.user.id) throw new RequestFailed("trouble_not_mine");
  return row;
}

/** A deed of `store/deeds.ts`, its failures as RequestFailed: gone, or not stored (a full disk). */
export async function reported<T>(deed: Promise<T>): Promise<T> {
  try {
    return await deed;
  } catch (error) {
    if (error instanceof Gone) throw new RequestFailed("trouble_gone");
    if (error instanceof DOMException) {
      const full = error.name === "QuotaExceededError";
      throw new RequestFailed(full ? "trouble_quota" : "trouble_storage", `${error.name}: ${error.message}`);
    }
    throw error;
  }
}
