import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ConnectionRow } from "../../../extension/store/connection.ts";
import { readConnection, writeConnection } from "../../../extension/store/connection.ts";
import { Offline, Unauthorized } from "../../../extension/sync/errors.ts";
import { sender } from "../../../extension/sync/tokens.ts";

const CONNECTION: ConnectionRow = {
  server: "https://annotator.test",
  user: { id: "me", name: "Ada" },
  library: "lib",
  oauth: { client_id: "c", authorize: "/a", token: "/oauth/token/", revoke: "/r", scopes: ["read", "write"] },
  tokens: { access: "old", refresh: "refresh-1", expires: Date.now() + 3_600_000 },
};
const ASK = { method: "GET", path: "/api/v1/me" } as const;

/** A server that accepts one access token and renews it with one refresh token, each refresh once. */
let accepted: string;
let refresh: string;
let renewals: number;

beforeEach(async () => {
  [accepted, refresh, renewals] = ["old", "refresh-1", 0];
  await writeConnection(CONNECTION);
  vi.stubGlobal("fetch", async (url: string, { headers, body }: RequestInit) => {
    if (url.endsWith("/oauth/token/")) return renewed(new URLSearchParams(body as URLSearchParams));
    const { Authorization } = headers as Record<string, string>;
    const ok = Authorization === `Bearer ${accepted}`;
    return new Response(JSON.stringify(ok ? { ok } : { error: { code: "not_signed_in" } }), {
      status: ok ? 200 : 401,
    });
  });
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await writeConnection(null);
});

function renewed(form: URLSearchParams): Response {
  if (form.get("refresh_token") !== refresh)
    return new Response('{"error": "invalid_grant"}', { status: 400 });
  renewals++;
  [accepted, refresh] = [`access-${renewals}`, `refresh-${renewals + 1}`];
  return new Response(JSON.stringify({ access_token: accepted, refresh_token: refresh, expires_in: 3600 }));
}

test("a token that is not accepted any more is renewed once, and the request is sent again", async () => {
  accepted = "somebody else's";
  expect((await sender(CONNECTION, "1")(ASK)).status).toBe(200);
  expect(renewals).toBe(1);
  expect((await readConnection())?.tokens).toMatchObject({ access: "access-1", refresh: "refresh-2" });
});

test("ten requests at once renew once: a refresh token that is used twice looks stolen", async () => {
  accepted = "somebody else's";
  const send = sender(CONNECTION, "1");
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(ASK)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(renewals).toBe(1);
});

test("the renewed pair is on the disk before it is used", async () => {
  await writeConnection({ ...CONNECTION, tokens: { access: "old", refresh: "refresh-1", expires: 0 } });
  const real = globalThis.fetch;
  const kept: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, options: RequestInit) => {
    if (!url.endsWith("/oauth/token/")) kept.push((await readConnection())?.tokens?.access);
    return real(url, options);
  });
  await sender(CONNECTION, "1")(ASK);
  expect(kept).toEqual(["access-1"]);
});

test("when the renewal is refused the user is signed out, and everything else stays", async () => {
  [accepted, refresh] = ["nobody", "nobody"];
  await expect(sender(CONNECTION, "1")(ASK)).rejects.toBeInstanceOf(Unauthorized);
  expect(await readConnection()).toEqual({ ...CONNECTION, tokens: null });
});

test("a renewal that found no server signs nobody out", async () => {
  await writeConnection({ ...CONNECTION, tokens: { access: "old", refresh: "refresh-1", expires: 0 } });
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  await expect(sender(CONNECTION, "1")(ASK)).rejects.toBeInstanceOf(Offline);
  expect((await readConnection())?.tokens?.refresh).toBe("refresh-1");
});

test("a request begun by one user is not sent with the token of the next", async () => {
  const send = sender(CONNECTION, "1");
  await writeConnection({ ...CONNECTION, user: { id: "other", name: "Bob" } });
  await expect(send(ASK)).rejects.toBeInstanceOf(Unauthorized);
});
