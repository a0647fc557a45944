/** The user's own annotations, and what may go wrong with a deed, in words that reach the user. */

import { RequestFailed } from "../messaging.ts";
import { Gone } from "../store/deeds.ts";
import type { AnnotationRow } from "../store/rows.ts";
import type { Session } from "./session.ts";

/** Whether the user may change it: own ones, and where the role lets nobody write, answers alone. */
export function isMine(
  { connection, library }: Pick<Session, "connection" | "library">,
  row: AnnotationRow,
): boolean {
  const mayWrite = library.role !== "reader" || row.written.motivation === "replying";
  return row.author.id === connection.user.id && mayWrite;
}

/** Throws RequestFailed `trouble_read_only` where the user may not make anything in this library. */
export function needToWrite({ library }: Pick<Session, "library">): void {
  if (library.role === "reader") throw new RequestFailed("trouble_read_only");
}

/** One that the user may change. Throws RequestFailed `trouble_gone`, `trouble_not_mine` or `trouble_read_only`. */
export async function ownRow(there: Session, id: string): Promise<AnnotationRow> {
  const row = await rowBy(there, id);
  if (!isMine(there, row)) throw new RequestFailed("trouble_read_only");
  return row;
}

/** One that the user made. Throws RequestFailed `trouble_gone` or `trouble_not_mine`. */
export async function rowBy({ database, connection }: Session, id: string): Promise<AnnotationRow> {
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
