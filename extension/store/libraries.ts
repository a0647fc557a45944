/** Which libraries the connected user has, and which one is chosen: read out of the connection, and changed in it. */

import type { Library } from "../model.ts";
import type { ConnectionRow } from "./connection.ts";
import type { Owner } from "./schema.ts";

/** The own one first, the others by name. */
export function librariesOf(row: ConnectionRow): readonly Library[] {
  const { compare } = new Intl.Collator();
  const others = (row.libraries ?? []).filter(({ id }) => id !== row.library);
  return [ownLibrary(row), ...others.sort((a, b) => compare(a.name, b.name) || (a.id < b.id ? -1 : 1))];
}

/** Private by default: the own one, unless another was chosen that the user still has. */
export function chosenLibrary(row: ConnectionRow): Library {
  return row.libraries?.find(({ id }) => id === row.chosen) ?? ownLibrary(row);
}

/** Those of which there is a mirror here: the own one, and every other that was ever chosen. */
export function mirroredLibraries(row: ConnectionRow): readonly Library[] {
  return librariesOf(row).filter(({ id, own }) => own || row.mirrors?.includes(id));
}

/** Whose database a library's mirror is. */
export function ownerOf({ server, user, library: own }: ConnectionRow, library = own): Owner {
  return library === own ? { server, user: user.id } : { server, user: user.id, library };
}

/** Owners of all mirrors: also of those that the user was taken out of. */
export function allOwners(row: ConnectionRow): Owner[] {
  const left = (row.left ?? []).map(({ id }) => id);
  return [row.library, ...new Set([...(row.mirrors ?? []), ...left])].map((id) => ownerOf(row, id));
}

/** The row with this library chosen; the same row where the user has no such library. */
export function withChosen(row: ConnectionRow, id: string): ConnectionRow {
  const { chosen: _, ...rest } = row;
  if (id === row.library) return rest;
  if (!row.libraries?.some((one) => one.id === id)) return row;
  return { ...rest, chosen: id, mirrors: [...new Set([...(row.mirrors ?? []), id])] };
}

/**
 * The row after the server told which libraries the user has. One that is no longer among them counts as left if it
 * has a mirror here, and is no longer chosen; one that is there again is no longer left.
 */
export function withLibraries(row: ConnectionRow, told: readonly Library[]): ConnectionRow {
  const there = new Set(told.map(({ id }) => id));
  const { chosen, mirrors = [], left = [], libraries = [], ...rest } = row;
  const gone = mirrors.filter((id) => !there.has(id));
  const names = new Map(libraries.map(({ id, name }) => [id, name]));
  const stillLeft = left.filter(({ id }) => !there.has(id));
  const newlyLeft = gone.map((id) => ({ id, name: names.get(id) ?? "" }));
  const back = left.filter(({ id }) => there.has(id)).map(({ id }) => id);
  return {
    ...rest,
    libraries: told,
    mirrors: [...mirrors.filter((id) => there.has(id)), ...back],
    left: [...stillLeft, ...newlyLeft],
    ...(chosen !== undefined && there.has(chosen) ? { chosen } : {}),
  };
}

/** The row after the reader has put a left library away. */
export function withoutLeft(row: ConnectionRow, id: string): ConnectionRow {
  return { ...row, left: (row.left ?? []).filter((one) => one.id !== id) };
}

function ownLibrary({ library, libraries, user }: ConnectionRow): Library {
  const told = libraries?.find(({ id }) => id === library);
  return told ?? { id: library, name: user.name, role: "owner", own: true };
}
