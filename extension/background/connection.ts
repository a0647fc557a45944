/** Connecting to a server, and forgetting it. */

import { browser } from "../browser.ts";
import type { InterfaceHandlers } from "../messaging.ts";
import { RequestFailed } from "../messaging.ts";
import type { ConnectionTest } from "../model.ts";
import type { ConnectionRow } from "../store/connection.ts";
import { readConnection } from "../store/connection.ts";
import { allOwners, withLibraries } from "../store/libraries.ts";
import { carryOver } from "../store/moving.ts";
import { databaseName, deleteLibrary } from "../store/schema.ts";
import { changeSyncState } from "../store/sync-state.ts";
import { getMe } from "../sync/api.ts";
import { ExchangeFailed } from "../sync/errors.ts";
import { runPass } from "../sync/pass.ts";
import { probe } from "../sync/probe.ts";
import { revoke, SignInFailed, signIn } from "../sync/sign-in.ts";
import { changeConnection, sameOwner, sender } from "../sync/tokens.ts";
import { askAgain } from "./libraries.ts";
import { annotationsChanged, connectionChanged, everyPage } from "./news.ts";
import { closeSession, lines, needSession, session } from "./session.ts";
import { countAllUnsent, shownConnection } from "./shown-connection.ts";
import { registerSites } from "./sites.ts";

type Names = "connection.get" | "connection.test" | "connection.sign_in" | "connection.sign_out" | "sync.now";

/** How a probe's finding is told where a connection was wanted. */
const FAILURES: Readonly<Record<Exclude<ConnectionTest["kind"], "ok">, string>> = {
  bad_address: "trouble_bad_address",
  no_permission: "trouble_no_permission",
  no_answer: "trouble_offline",
  certificate: "trouble_certificate",
  not_annotator: "trouble_not_annotator",
  moved: "trouble_moved",
  server_too_old: "trouble_server_too_old",
  extension_too_old: "trouble_extension_too_old",
};

export function connectionHandlers(soon: () => void): Pick<InterfaceHandlers, Names> {
  return {
    "connection.get": async () => ({ connection: await shownConnection(), ...(await countAllUnsent()) }),
    "connection.test": ({ server }) => test(server),
    "connection.sign_in": async ({ server }) => {
      const failure = await connect(server);
      if (failure === "") soon();
      return { connection: await shownConnection(), failure };
    },
    "connection.sign_out": async ({ unsent }) => {
      await disconnect(unsent);
      return { connection: await shownConnection() };
    },
    "sync.now": () => {
      askAgain();
      soon();
      return { started: true };
    },
  };
}

async function test(server: string): Promise<ConnectionTest> {
  const found = await probe(server);
  if (found.kind !== "ok") return found;
  const current = await readConnection();
  const signedIn = current?.server === found.server && (await isSignedIn(current));
  return { kind: "ok", version: found.about.version, signedIn };
}

async function isSignedIn(connection: ConnectionRow): Promise<boolean> {
  if (connection.tokens === null) return false;
  try {
    await getMe(sender(connection, browser.runtime.getManifest().version));
    return true;
  } catch (error) {
    if (error instanceof ExchangeFailed) return false;
    throw error;
  } finally {
    await connectionChanged();
  }
}

/** Answers "" or why it did not work, as a message key. */
async function connect(server: string): Promise<string> {
  const found = await probe(server);
  if (found.kind !== "ok") return FAILURES[found.kind];
  let made: ConnectionRow;
  try {
    made = await signIn(found.server, found.about.oauth);
  } catch (error) {
    if (error instanceof SignInFailed) return error.failure;
    throw error;
  }
  const before = await readConnection();
  const moved = before !== null && isSameLibrary(before, made);
  await changeConnection((now) => withMemory(now, made, moved));
  await finishMoving();
  // The mirror of another user stays where it is, with what is unsent in it, for when that user comes back.
  if (before !== null && !sameOwner(before, made)) await revoke(before);
  const { database } = await needSession();
  await changeSyncState(database, { failures: 0, notBefore: 0, ordered: false, trouble: "" });
  await registerSites();
  await connectionChanged();
  await everyPage("page.repaint");
  return "";
}

/** The same user again: what was chosen stays chosen, and what has a mirror here keeps it. */
function withMemory(before: ConnectionRow | null, made: ConnectionRow, moved: boolean): ConnectionRow {
  if (before === null || !(moved || sameOwner(before, made))) return made;
  const { chosen, mirrors = [], left = [], libraries = [] } = before;
  const known = { ...made, mirrors, left, libraries, ...(chosen === undefined ? {} : { chosen }) };
  const row = withLibraries(known, made.libraries ?? []);
  return moved ? { ...row, movedFrom: before.server } : row;
}

/** Another address, and behind it the same library of the same user: ids that no other server can know. */
function isSameLibrary(before: ConnectionRow, made: ConnectionRow): boolean {
  return before.server !== made.server && before.user.id === made.user.id && before.library === made.library;
}

/**
 * Carries the mirror over to the server's new address, if that is still to be done: called after connecting, and when the
 * background starts, since it may have been stopped in between. What is written meanwhile goes to the new mirror.
 */
export async function finishMoving(): Promise<void> {
  const row = await readConnection();
  if (row?.movedFrom === undefined) return;
  const { movedFrom } = row;
  const old = allOwners({ ...row, server: movedFrom });
  closeSession();
  for (const from of old) {
    // A pass that is under way ends first.
    await navigator.locks.request(`sync:${await databaseName(from)}`, () =>
      carryOver(from, { ...from, server: row.server }),
    );
  }
  await changeConnection((now) => {
    if (!sameOwner(now, row)) return now;
    const { movedFrom: _, ...settled } = now;
    return settled;
  });
  for (const from of old) await deleteLibrary(from);
  await annotationsChanged(new Set());
}

/** Throws RequestFailed when rows were to be sent first and could not be. */
async function disconnect(unsent: "send_first" | "discard"): Promise<void> {
  const there = await session();
  if (there === null) return;
  if (unsent === "send_first") await sendFirst();
  const { connection } = there;
  await changeConnection((row) => (sameOwner(row, connection) ? null : row));
  for (const owner of allOwners(connection)) {
    await navigator.locks.request(`sync:${await databaseName(owner)}`, async () => {
      closeSession();
      await deleteLibrary(owner);
    });
  }
  await revoke(connection);
  await registerSites();
  await everyPage("page.leave");
  await connectionChanged();
}

/** What was made for a library that the user was taken out of can be sent nowhere. */
async function sendFirst(): Promise<void> {
  for (const where of await lines()) await runPass(where, true);
  const { unsent, refused: told } = await countAllUnsent();
  const connection = await shownConnection();
  const left = connection.kind === "unset" ? [] : connection.libraries.left;
  const refused = left.reduce((sum, one) => sum + one.unsent, told);
  if (unsent + refused > 0) throw new RequestFailed(refused > 0 ? "trouble_refused" : "trouble_offline");
}
