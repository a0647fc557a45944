/** What becomes of a row that was changed here and on the server. Pure; the rules of "nothing is lost". */

import type { AnnotationRow, Base, Written } from "./rows.ts";
import { sameWritten, tidyTags } from "./rows.ts";

/** Stands between two notes that were both kept; Markdown's thematic break. */
export const BETWEEN_NOTES = "\n\n---\n\n";

/** What the server holds of a row. `written` null: deleted there. */
export interface ServerSide {
  readonly revision: number | null;
  readonly written: Written | null;
}

/** What this device knows that the server may not. */
export interface Unsent {
  readonly tried: readonly Written[];
}

export type Met =
  /** The row goes from the mirror. */
  | { readonly kind: "gone" }
  /** The row as it is to be stored; `send` when the server still lacks something of it. */
  | {
      readonly kind: "kept";
      readonly written: Written;
      readonly deleted: string | null;
      readonly base: Base;
      readonly send: boolean;
    };

/**
 * Joins the server's row with this device's. `unsent` is null where nothing of the row waits to be sent.
 *
 * Untouched here: the server's. Changed on both sides: tags are joined, both texts of a note are kept, of a colour or
 * a target the one chosen here counts. A delete against an edit keeps the edit, on whichever side it was made.
 * `restored` says that the server was set back: then older rows there are no news, and what differs is kept.
 */
export function meet(local: AnnotationRow, unsent: Unsent | null, server: ServerSide, restored = false): Met {
  const base: Base = { revision: server.revision, written: server.written };
  if (server.written === null) return meetDeleted(local, unsent, base);
  if (local.deleted !== null) {
    if (restored && isDeletedSince(local, server.revision))
      return { kind: "kept", written: local.written, deleted: local.deleted, base, send: true };
    return meetWhereDeletedHere(local, unsent, server.revision, server.written, base);
  }
  const written = restored
    ? afterRestore(local, server.revision, server.written)
    : unsent === null
      ? server.written
      : afterEdits(local, unsent, server.revision, server.written);
  return { kind: "kept", written, deleted: null, base, send: !sameWritten(written, server.written) };
}

/** Three-way merge. `ancestor` is what both sides started from; null when that is not known. */
export function mergeWritten(ancestor: Written | null, here: Written, there: Written): Written {
  const pick = <Value>(of: (written: Written) => Value): Value => {
    const unchangedHere = ancestor !== null && JSON.stringify(of(here)) === JSON.stringify(of(ancestor));
    return unchangedHere ? of(there) : of(here);
  };
  const note = mergeNotes(ancestor?.note ?? null, here.note, there.note);
  const motivation = pick((written) => written.motivation);
  return {
    // Another program may call a highlight with a note what it likes; only a note that this merge made is judged.
    motivation: note === there.note ? motivation : motivationFor(motivation, note),
    url: pick((written) => written.url),
    color: pick((written) => written.color),
    note,
    tags: mergeTags(ancestor?.tags ?? [], here.tags, there.tags),
    parent: there.parent,
    target: pick((written) => written.target),
  };
}

/** A highlight with a note is a comment, and without one a highlight again; other kinds stay what they are. */
export function motivationFor(motivation: Written["motivation"], note: string): Written["motivation"] {
  if (motivation !== "highlighting" && motivation !== "commenting") return motivation;
  return note.trim() === "" ? "highlighting" : "commenting";
}

function mergeNotes(ancestor: string | null, here: string, there: string): string {
  if (here === ancestor || here === there) return there;
  if (there === ancestor) return here;
  // One text inside the other: keeping the longer one keeps both, and merging twice does not double them.
  if (here.includes(there)) return here;
  if (there.includes(here)) return there;
  return there + BETWEEN_NOTES + here;
}

function mergeTags(ancestor: readonly string[], here: readonly string[], there: readonly string[]): string[] {
  const removed = ancestor.filter((tag) => !here.includes(tag));
  const added = here.filter((tag) => !ancestor.includes(tag));
  return tidyTags([...there.filter((tag) => !removed.includes(tag)), ...added]);
}

function meetDeleted(local: AnnotationRow, unsent: Unsent | null, base: Base): Met {
  // What was deleted here stays for undo.
  if (local.deleted !== null)
    return { kind: "kept", written: local.written, deleted: local.deleted, base, send: false };
  if (unsent === null) return { kind: "gone" };
  return { kind: "kept", written: local.written, deleted: null, base, send: true };
}

/** The other side's edit outlives the delete; so does what was written here before it. */
function meetWhereDeletedHere(
  local: AnnotationRow,
  unsent: Unsent | null,
  revision: number | null,
  there: Written,
  base: Base,
): Met {
  const known = local.base?.written ?? null;
  const ours = known !== null && sameWritten(known, there);
  if (unsent !== null && (ours || isTried(unsent, there))) {
    return { kind: "kept", written: local.written, deleted: local.deleted, base, send: true };
  }
  const written = unsent === null ? there : afterEdits(local, unsent, revision, there);
  return { kind: "kept", written, deleted: null, base, send: !sameWritten(written, there) };
}

function afterEdits(local: AnnotationRow, unsent: Unsent, revision: number | null, there: Written): Written {
  if (local.base !== null && local.base.revision === revision) return local.written;
  // The server has what this device sent before its answer was lost: nobody else changed anything.
  if (isTried(unsent, there)) return local.written;
  return mergeWritten(local.base?.written ?? null, local.written, there);
}

function afterRestore(local: AnnotationRow, revision: number | null, there: Written): Written {
  const older = (revision ?? 0) < (local.base?.revision ?? 0);
  return older ? local.written : mergeWritten(null, local.written, there);
}

/** Deleted after the backup was made: the server took the delete, and has lost it. */
function isDeletedSince({ base }: AnnotationRow, revision: number | null): boolean {
  return base !== null && base.written === null && (base.revision ?? 0) > (revision ?? 0);
}

function isTried(unsent: Unsent, there: Written): boolean {
  return unsent.tried.some((written) => sameWritten(written, there));
}
