/** Many annotations in one request, and what became of each. */

import type { ServerAnnotation } from "../store/answers.ts";
import type { Refusal, Written } from "../store/rows.ts";
import type { Sending } from "../store/sending.ts";
import type { Send } from "./api.ts";
import { annotationFrom, libraryPath, strange } from "./api.ts";
import { isObject } from "./http.ts";

interface BatchItem {
  readonly method: "PUT" | "DELETE";
  readonly id: string;
  readonly if_match?: string;
  readonly if_none_match?: string;
  readonly annotation?: Written;
}

/** What a request of its own would have been answered. */
export type BatchResult =
  | { readonly kind: "stored"; readonly answer: ServerAnnotation }
  | { readonly kind: "deleted"; readonly revision: number | null }
  | { readonly kind: "conflict"; readonly revision: number | null }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "fault" };

/** Results in the order of `sendings`. Throws as `Send` does, of the whole; ServerFault where results do not fit. */
export async function postBatch(
  send: Send,
  library: string,
  sendings: readonly Sending[],
): Promise<BatchResult[]> {
  const path = `${libraryPath(library)}/annotations/batch`;
  const { body } = await send({ method: "POST", path, json: { items: sendings.map(itemOf) } });
  const results = isObject(body) ? body["results"] : null;
  if (!Array.isArray(results) || results.length !== sendings.length) throw strange("batch");
  return sendings.map((sending, index) => resultOf(sending, results[index]));
}

/** Bytes that the row takes in the body, with the comma. */
export function sizeOf(sending: Pick<Sending, "row" | "deed">): number {
  return new TextEncoder().encode(JSON.stringify(itemOf(sending))).length + 1;
}

/** Creates, or changes the revision in `base`, or brings back what is deleted there; or deletes. */
function itemOf({ row: { id, written, base }, deed }: Pick<Sending, "row" | "deed">): BatchItem {
  const known = base?.revision ?? null;
  if (deed === "delete") {
    return known === null ? { method: "DELETE", id } : { method: "DELETE", id, if_match: `"${known}"` };
  }
  const condition = known === null ? { if_none_match: "*" } : { if_match: `"${known}"` };
  return { method: "PUT", id, ...condition, annotation: written };
}

function resultOf({ row, deed }: Sending, result: unknown): BatchResult {
  if (!isObject(result) || typeof result["status"] !== "number") throw strange("batch");
  const { status, etag, annotation, error } = result;
  const revision = revisionIn(etag);
  if (status === 412) return { kind: "conflict", revision };
  if (deed === "delete" && (status === 204 || status === 404)) return { kind: "deleted", revision };
  if (deed === "put" && (status === 200 || status === 201))
    return { kind: "stored", answer: annotationFrom(annotation, row.id) };
  // 429 is of the whole; should a server say it of one row, that row waits.
  if (typeof status !== "number" || status < 400 || status >= 500 || status === 429) return { kind: "fault" };
  return { kind: "refused", refusal: refusalFrom(status, error) };
}

function refusalFrom(status: number, error: unknown): Refusal {
  const told = isObject(error) ? error : {};
  const code = typeof told["code"] === "string" ? told["code"] : "invalid";
  const fields = isObject(told["fields"]) ? (told["fields"] as Refusal["fields"]) : {};
  return { status, code, message: typeof told["message"] === "string" ? told["message"] : code, fields };
}

function revisionIn(etag: unknown): number | null {
  const found = typeof etag === "string" ? /^(?:W\/)?"(\d+)"$/.exec(etag)?.[1] : undefined;
  return found === undefined ? null : Number(found);
}
