/** Requests with the user's token, renewed when it has run out. */

import type { ConnectionRow } from "../store/connection.ts";
import { readConnection, writeConnection } from "../store/connection.ts";
import type { Send } from "./api.ts";
import { Refused, ServerFault, Unauthorized } from "./errors.ts";
import type { Answer } from "./http.ts";
import { exchange, isObject } from "./http.ts";

/** Milliseconds before its end at which a token is renewed rather than tried. */
const MARGIN = 30_000;
const LOCK = "tokens";

/**
 * A `Send` for this connection. Throws Unauthorized, after having noted that the user is signed out, when neither
 * the token nor its renewal is accepted, and when meanwhile another user signed in.
 */
export function sender(connection: ConnectionRow, version: string): Send {
  return async ({ path, ...ask }) => {
    const request = (token: string): Promise<Answer> =>
      exchange({
        ...ask,
        url: connection.server + path,
        token,
        headers: { ...ask.headers, "Annotator-Extension": version },
      });
    const token = await accessToken(connection, null);
    try {
      return await request(token);
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
    }
    const renewed = await accessToken(connection, token);
    try {
      return await request(renewed);
    } catch (error) {
      if (error instanceof Unauthorized) await changeConnection((row) => withoutToken(row, renewed));
      throw error;
    }
  };
}

/** A token to use now; `refused` is one that the server has just not accepted. */
async function accessToken(owner: ConnectionRow, refused: string | null): Promise<string> {
  const usable = (current: ConnectionRow | null): string | null => {
    const tokens = sameOwner(current, owner) ? current.tokens : null;
    if (tokens === null) throw new Unauthorized("signed out");
    if (tokens.access === refused) return null;
    const ends = tokens.refresh !== null && tokens.expires - MARGIN < Date.now();
    return ends ? null : tokens.access;
  };
  const token = usable(await readConnection());
  if (token !== null) return token;
  // One renewal at a time: a refresh token that is used twice looks stolen.
  return navigator.locks.request(LOCK, async () => {
    const current = await readConnection();
    return usable(current) ?? (await renew(current as ConnectionRow));
  });
}

/** Changes the connection as it is now, under the lock that renewals hold. */
export async function changeConnection(
  change: (row: ConnectionRow | null) => ConnectionRow | null,
): Promise<void> {
  await navigator.locks.request(LOCK, async () => writeConnection(change(await readConnection())));
}

async function renew(connection: ConnectionRow): Promise<string> {
  const { server, oauth, tokens } = connection;
  if (!tokens?.refresh) return signedOut(connection);
  let body: unknown;
  try {
    const form = { grant_type: "refresh_token", refresh_token: tokens.refresh, client_id: oauth.client_id };
    ({ body } = await exchange({ method: "POST", url: server + oauth.token, form }));
  } catch (error) {
    if (error instanceof Refused || error instanceof Unauthorized) return signedOut(connection);
    throw error;
  }
  const renewed = tokensFrom(body);
  // On the disk before its first use: the old one is worth nothing from now on.
  await writeConnection({
    ...connection,
    tokens: { ...renewed, refresh: renewed.refresh ?? tokens.refresh },
  });
  return renewed.access;
}

async function signedOut(connection: ConnectionRow): Promise<never> {
  await writeConnection({ ...connection, tokens: null });
  throw new Unauthorized("the sign-in cannot be renewed");
}

function withoutToken(row: ConnectionRow | null, access: string): ConnectionRow | null {
  return row?.tokens?.access === access ? { ...row, tokens: null } : row;
}

/** The token endpoint's answer (RFC 6749, section 5.1). Throws ServerFault for anything else. */
export function tokensFrom(body: unknown): { access: string; refresh: string | null; expires: number } {
  if (!isObject(body) || typeof body["access_token"] !== "string" || body["access_token"] === "") {
    throw new ServerFault(200, "the answer holds no token");
  }
  const seconds = typeof body["expires_in"] === "number" ? body["expires_in"] : 3600;
  const refresh =
    typeof body["refresh_token"] === "string" && body["refresh_token"] !== "" ? body["refresh_token"] : null;
  return { access: body["access_token"], refresh, expires: Date.now() + seconds * 1000 };
}

export function sameOwner(a: ConnectionRow | null, b: ConnectionRow): a is ConnectionRow {
  return a !== null && a.server === b.server && a.user.id === b.user.id;
}
