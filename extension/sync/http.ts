/** The one place that fetches. One request, with a time limit; the answer is parsed, or thrown as a named failure. */

import type { Refusal } from "../store/rows.ts";
import { Busy, Conflict, NotThere, Offline, Refused, ServerFault, Unauthorized } from "./errors.ts";

/** Milliseconds for a request with its whole answer. */
export const TIMEOUT = 20_000;

export interface Ask {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  /** The parsed JSON; null where the answer has no body. */
  readonly body: unknown;
  /** The revision that the ETag names; null without one. */
  readonly revision: number | null;
  readonly url: string;
}

/**
 * Answers every 2xx. Throws Offline, Unauthorized, Conflict, NotThere, Refused, Busy or ServerFault.
 * Sends no cookies and no referrer, and keeps nothing in the browser's cache.
 */
export async function exchange(ask: Ask): Promise<Answer> {
  const response = await fetched(ask);
  const text = await read(response);
  if (response.ok) {
    const revision = revisionOf(response);
    return {
      status: response.status,
      body: text === "" ? null : parsed(text, response.status),
      revision,
      url: response.url,
    };
  }
  throw failure(response, text);
}

async function fetched({ method, url, token, headers, json, form }: Ask): Promise<Response> {
  const body =
    json !== undefined ? JSON.stringify(json) : form !== undefined ? new URLSearchParams(form) : null;
  try {
    return await fetch(url, {
      method,
      body,
      headers: {
        Accept: "application/json",
        ...(json !== undefined ? { "Content-Type": "application/json" } : {}),
        ...(token !== undefined ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      redirect: token === undefined ? "follow" : "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch (error) {
    throw new Offline(String(error));
  }
}

async function read(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    // Cut off in the middle: what the server did is unknown, as without any answer.
    throw new Offline(String(error));
  }
}

function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServerFault(status, "the answer is not JSON");
  }
}

function failure(response: Response, text: string): Error {
  const { status } = response;
  if (status === 401) return new Unauthorized("the token is not accepted");
  if (status === 412) return new Conflict(revisionOf(response));
  if (status === 429 || status === 503) return new Busy(retryAfter(response));
  if (status >= 500 || status === 408 || status === 425) return new ServerFault(status, text.slice(0, 200));
  const refusal = refusalOf(status, text);
  // Not in our shape: something between here and the server answered, and nothing is known of the row.
  if (refusal === null) return new ServerFault(status, text.slice(0, 200));
  return status === 404 || status === 410 ? new NotThere(refusal) : new Refused(refusal);
}

/** The one error shape of the API, or OAuth's (RFC 6749, section 5.2); null for anything else. */
function refusalOf(status: number, text: string): Refusal | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(body)) return null;
  const error = body["error"];
  if (typeof error === "string")
    return { status, code: error, message: String(body["error_description"] ?? error), fields: {} };
  if (!isObject(error) || typeof error["code"] !== "string") return null;
  const fields = isObject(error["fields"]) ? (error["fields"] as Refusal["fields"]) : {};
  return { status, code: error["code"], message: String(error["message"] ?? error["code"]), fields };
}

function revisionOf(response: Response): number | null {
  const found = /^(?:W\/)?"(\d+)"$/.exec(response.headers.get("ETag") ?? "")?.[1];
  return found === undefined ? null : Number(found);
}

/** Milliseconds; the header holds seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(response: Response): number | null {
  const header = response.headers.get("Retry-After")?.trim() ?? "";
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  // Measured against the server's own clock, where it tells it: this device's may be years off.
  const now = Date.parse(response.headers.get("Date") ?? "");
  return Number.isNaN(date) ? null : Math.max(0, date - (Number.isNaN(now) ? Date.now() : now));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
