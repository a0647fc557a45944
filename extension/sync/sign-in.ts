/** Signing in and out: OAuth 2 code with PKCE (RFC 7636) through the browser's own window for it. */

import { browser } from "../browser.ts";
import { optional } from "../optional-browser.ts";
import type { ConnectionRow, OAuthDoors, Tokens } from "../store/connection.ts";
import { getMe } from "./api.ts";
import { ExchangeFailed, Refused, ServerFault } from "./errors.ts";
import { exchange } from "./http.ts";
import { tokensFrom } from "./tokens.ts";

/** `failure` is a message key of `_locales`. */
export class SignInFailed extends Error {
  override readonly name = "SignInFailed";
  readonly failure: string;
  constructor(failure: string, detail = "") {
    super(detail || failure);
    this.failure = failure;
  }
}

/** Opens the server's sign-in page and answers the new connection, not yet stored. Throws SignInFailed. */
export async function signIn(server: string, oauth: OAuthDoors): Promise<ConnectionRow> {
  if (optional().identity === undefined) throw new SignInFailed("trouble_sign_in_unsupported");
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(48)));
  const code = await askForCode(server, oauth, verifier);
  try {
    const tokens = await codeForTokens(server, oauth, code, verifier);
    return await whoAmI(server, oauth, tokens);
  } catch (error) {
    if (error instanceof Refused) throw new SignInFailed("trouble_sign_in_failed", error.message);
    if (error instanceof ExchangeFailed) throw new SignInFailed(error.trouble, error.message);
    throw error;
  }
}

/** Tells the server that the tokens are done with. Best effort: an unreachable server does not keep anyone signed in. */
export async function revoke({ server, oauth, tokens }: ConnectionRow): Promise<void> {
  if (tokens === null) return;
  const form = { token: tokens.refresh ?? tokens.access, client_id: oauth.client_id };
  try {
    await exchange({ method: "POST", url: server + oauth.revoke, form });
  } catch (error) {
    if (!(error instanceof ExchangeFailed)) throw error;
  }
}

async function askForCode(server: string, oauth: OAuthDoors, verifier: string): Promise<string> {
  const state = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: oauth.client_id,
    redirect_uri: browser.identity.getRedirectURL(),
    scope: oauth.scopes.join(" "),
    state,
    code_challenge: base64url(
      new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
    ),
    code_challenge_method: "S256",
  });
  const answer = await launched(`${server}${oauth.authorize}?${query}`);
  const told = new URL(answer).searchParams;
  // Another state: an answer to a question that was not ours.
  if (told.get("state") !== state) throw new SignInFailed("trouble_sign_in_failed", "state does not match");
  const code = told.get("code");
  if (code !== null) return code;
  const denied = told.get("error") === "access_denied";
  throw new SignInFailed(
    denied ? "trouble_sign_in_cancelled" : "trouble_sign_in_failed",
    told.get("error") ?? "",
  );
}

async function launched(url: string): Promise<string> {
  let answer: string | undefined;
  try {
    answer = await browser.identity.launchWebAuthFlow({ url, interactive: true });
  } catch (error) {
    // Both browsers say it in words only: closing the window, and a page that does not load, reject alike.
    const unreachable = /could not be loaded|load/i.test(String(error));
    throw new SignInFailed(unreachable ? "trouble_offline" : "trouble_sign_in_cancelled", String(error));
  }
  if (answer === undefined) throw new SignInFailed("trouble_sign_in_cancelled");
  return answer;
}

async function codeForTokens(
  server: string,
  oauth: OAuthDoors,
  code: string,
  verifier: string,
): Promise<Tokens> {
  const form = {
    grant_type: "authorization_code",
    code,
    client_id: oauth.client_id,
    redirect_uri: browser.identity.getRedirectURL(),
    code_verifier: verifier,
  };
  return tokensFrom((await exchange({ method: "POST", url: server + oauth.token, form })).body);
}

async function whoAmI(server: string, oauth: OAuthDoors, tokens: Tokens): Promise<ConnectionRow> {
  const me = await getMe(({ path, ...ask }) =>
    exchange({ ...ask, url: server + path, token: tokens.access }),
  );
  const library = me.libraries.find((one) => one.own)?.id;
  if (library === undefined) throw new ServerFault(200, "the user has no library");
  const user = { id: me.user.id, name: me.user.name || me.user.username };
  return { server, user, library, libraries: me.libraries, oauth, tokens };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
