/** Connecting to a server, and forgetting it. */

import { browser } from "../browser.ts";
import type { InterfaceHandlers } from "../messaging.ts";
import { RequestFailed } from "../messaging.ts";
import type { ConnectionTest } from "../model.ts";
import type { ConnectionRow } from "../store/connection.ts";
import { readConnection } from "../store/connection.ts";
import { carryOver } from "../store/moving.ts";
import { countUnsent } from "../store/outbox.ts";
import { databaseName, deleteLibrary } from "../store/schema.ts";
import { changeSyncState } from "../store/sync-state.ts";
import { getMe } from "../sync/api.ts";
import { ExchangeFailed } from "../sync/errors.ts";
import { lockOf, runPass } from "../sync/pass.ts";
import { probe } from "../sync/probe.ts";
import { revoke, SignInFailed, signIn } from "../sync/sign-in.ts";
import { changeConnection, sameOwner, sender } from "../sync/tokens.ts";
import { annotationsChanged, connectionChanged, everyPage } from "./news.ts";
import { closeSession, line, needSession, ownerOf, session, shownConnection } from "./session.ts";
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
    "connection.get": async () => {
      const there = await session();
      const counts = there === null ? { unsent: 0, refused: 0 } : await countUnsent(there.database);
      return { connection: await shownConnection(), ...counts };
    },
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
  await changeConnection(() => (moved ? { ...made, movedFrom: before.server } : made));
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
  const [from, to] = [{ ...ownerOf(row), server: row.movedFrom }, ownerOf(row)];
  closeSession();
  // A pass that is under way ends first.
  await navigator.locks.request(`sync:${await databaseName(from)}`, () => carryOver(from, to));
  await changeConnection((now) => {
    if (!sameOwner(now, row)) return now;
    const { movedFrom: _, ...settled } = now;
    return settled;
  });
  await deleteLibrary(from);
  await annotationsChanged(new Set());
}

/** Throws RequestFailed when rows were to be sent first and could not be. */
async function disconnect(unsent: "send_first" | "discard"): Promise<void> {
  const there = await session();
  if (there === null) return;
  if (unsent === "send_first") await sendFirst(there.database);
  const { connection } = there;
  await navigator.locks.request(lockOf(there.database), async () => {
    await changeConnection((row) => (sameOwner(row, connection) ? null : row));
    closeSession();
    await deleteLibrary(ownerOf(connection));
  });
  await revoke(connection);
  await registerSites();
  await everyPage("page.leave");
  await connectionChanged();
}

async function sendFirst(database: Parameters<typeof countUnsent>[0]): Promise<void> {
  const where = await line();
  if (where !== null) await runPass(where, true);
  const { unsent, refused } = await countUnsent(database);
  if (unsent + refused > 0) throw new RequestFailed(refused > 0 ? "trouble_refused" : "trouble_offline");
}
