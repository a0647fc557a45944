/** What the extension's own pages show of the connection and its libraries; never a token. */

import type { Connection, LeftLibrary, Libraries, Receiving } from "../model.ts";
import type { ConnectionRow } from "../store/connection.ts";
import { chosenLibrary, librariesOf, ownerOf } from "../store/libraries.ts";
import { countUnsent, unsentIds } from "../store/outbox.ts";
import type { SyncState } from "../store/rows.ts";
import { syncState } from "../store/sync-state.ts";
import { copiesOf } from "./copies.ts";
import { databaseOf, session, sessions } from "./session.ts";

export async function shownConnection(): Promise<Connection> {
  const there = await session();
  if (there === null) return { kind: "unset" };
  const { connection, database } = there;
  const { server, user, tokens } = connection;
  const libraries = await shownLibraries(connection);
  if (tokens === null) return { kind: "signed_out", server, libraries };
  const state = await syncState(database);
  const { trouble } = state;
  const online = trouble !== "trouble_offline";
  return { kind: "signed_in", server, user: user.name, libraries, online, trouble, ...receivingIn(state) };
}

export async function shownLibraries(row: ConnectionRow): Promise<Libraries> {
  const left = await Promise.all((row.left ?? []).map((one) => withUnsent(row, one)));
  return { chosen: chosenLibrary(row), all: librariesOf(row), left };
}

/** Of all the user's libraries: what waits in one that is not shown waits all the same. */
export async function countAllUnsent(): Promise<{ unsent: number; refused: number }> {
  const counts = await Promise.all((await sessions()).map(({ database }) => countUnsent(database)));
  return counts.reduce((a, b) => ({ unsent: a.unsent + b.unsent, refused: a.refused + b.refused }), {
    unsent: 0,
    refused: 0,
  });
}

async function withUnsent(
  row: ConnectionRow,
  { id, name }: Pick<LeftLibrary, "id" | "name">,
): Promise<LeftLibrary> {
  const database = await databaseOf(ownerOf(row, id));
  return { id, name, unsent: (await copiesOf(database, await unsentIds(database))).length };
}

/** Versions that no row has any more are passed over: the share grows in steps of any size, and never shrinks. */
function receivingIn({ since, catchingUp }: SyncState): { receiving?: Receiving } {
  if (catchingUp === null) return {};
  const { from, rows, head } = catchingUp;
  return { receiving: { rows, share: Math.min(1, (since - from) / Math.max(1, head - from)) } };
}
