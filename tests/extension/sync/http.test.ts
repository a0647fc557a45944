import { afterEach, describe, expect, test, vi } from "vitest";
import {
  Busy,
  Conflict,
  NotThere,
  Offline,
  Refused,
  ServerFault,
  Unauthorized,
} from "../../../extension/sync/errors.ts";
import { exchange } from "../../../extension/sync/http.ts";

const URL_ = "https://annotator.test/api/v1/me";
const ERROR = { error: { code: "invalid", message: "note: too long", fields: { note: ["too long"] } } };

afterEach(() => vi.unstubAllGlobals());

function answers(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ReturnType<typeof vi.fn> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const empty = status === 204;
  const fetched = vi.fn(async () => new Response(empty ? null : text, { status, headers }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

const ask = () => exchange({ method: "GET", url: URL_, token: "secret" });

describe("a request", () => {
  test("carries the token and nothing that names the user or the page besides", async () => {
    const fetched = answers(200, {});
    await exchange({ method: "PUT", url: URL_, token: "secret", json: { a: 1 } });
    const [, options] = fetched.mock.calls[0] as unknown as [string, RequestInit];
    expect(options).toMatchObject({
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      redirect: "error",
      body: '{"a":1}',
      headers: { Authorization: "Bearer secret", "Content-Type": "application/json" },
    });
  });

  test("answers the JSON and the revision that the ETag names", async () => {
    answers(201, { id: "1" }, { ETag: '"7"' });
    expect(await ask()).toMatchObject({ status: 201, body: { id: "1" }, revision: 7 });
    answers(204, "");
    expect(await ask()).toMatchObject({ status: 204, body: null, revision: null });
  });
});

describe("a failure has a name", () => {
  test.each([
    [401, ERROR, Unauthorized],
    [412, ERROR, Conflict],
    [404, ERROR, NotThere],
    [410, ERROR, NotThere],
    [400, ERROR, Refused],
    [413, ERROR, Refused],
    [429, "slow down", Busy],
    [503, "maintenance", Busy],
    [500, ERROR, ServerFault],
    [502, "<html>Bad gateway", ServerFault],
  ])("%i", async (status, body, kind) => {
    answers(status, body);
    await expect(ask()).rejects.toBeInstanceOf(kind);
  });

  test("a refusal keeps the server's code, words and fields", async () => {
    answers(400, ERROR);
    await expect(ask()).rejects.toMatchObject({
      refusal: { status: 400, code: "invalid", message: "note: too long", fields: { note: ["too long"] } },
    });
  });

  test("OAuth's own error shape is a refusal too", async () => {
    answers(400, { error: "invalid_grant", error_description: "used" });
    await expect(ask()).rejects.toMatchObject({ refusal: { code: "invalid_grant", message: "used" } });
  });

  test("a page that somebody between here and the server made is never taken for an answer", async () => {
    answers(200, "<html>Sign in to the hotel's network");
    await expect(ask()).rejects.toBeInstanceOf(ServerFault);
    answers(404, "<html>Not here");
    await expect(ask()).rejects.toBeInstanceOf(ServerFault);
  });

  test("no answer is Offline", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    await expect(ask()).rejects.toBeInstanceOf(Offline);
  });

  test("a wait is told in seconds or as a date by the server's own clock", async () => {
    answers(503, "", { "Retry-After": "7" });
    await expect(ask()).rejects.toMatchObject({ retryAfter: 7000 });
    answers(429, "", {
      "Retry-After": "Sat, 01 Jan 2000 00:01:00 GMT",
      Date: "Sat, 01 Jan 2000 00:00:00 GMT",
    });
    await expect(ask()).rejects.toMatchObject({ retryAfter: 60_000 });
    answers(429, "");
    await expect(ask()).rejects.toMatchObject({ retryAfter: null });
  });
});
