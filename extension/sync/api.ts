/** The server's API as typed calls. An answer that does not have the promised shape is a ServerFault, never half a row. */

import { type Library, ROLES } from "../model.ts";
import type { ServerAnnotation } from "../store/answers.ts";
import type { OAuthDoors } from "../store/connection.ts";
import type { Change, FeedPage, ServerDocument } from "../store/mirror.ts";
import type { FoundAnchor, SnapshotRow, StoredAnchor, StoredTarget, Written } from "../store/rows.ts";
import { ServerFault } from "./errors.ts";
import type { Answer, Ask } from "./http.ts";
import { isObject } from "./http.ts";

export interface About {
  readonly version: string;
  readonly api_version: string;
  readonly oldest_extension: string;
  readonly oauth: OAuthDoors;
}

export interface Me {
  readonly user: { readonly id: string; readonly username: string; readonly name: string };
  readonly libraries: readonly Library[];
}

/** Sends a request with the caller's token; the address is a path on the server. */
export type Send = (ask: Omit<Ask, "url" | "token"> & { readonly path: string }) => Promise<Answer>;

/** How many changes one page of the feed may hold. */
const FEED_PAGE = 500;

export async function putSnapshot(
  send: Send,
  library: string,
  row: SnapshotRow,
): Promise<{ document: string }> {
  const { digest, facts, extractor, paragraphs } = row;
  const path = `${libraryPath(library)}/snapshots/${digest}`;
  const { body } = await send({ method: "PUT", path, json: { ...facts, extractor, paragraphs } });
  if (!isObject(body) || body["digest"] !== digest || typeof body["document"] !== "string")
    throw strange("snapshot");
  return { document: body["document"] };
}

/** A snapshot with its paragraphs; `made` in milliseconds since 1970. */
export async function getSnapshot(
  send: Send,
  library: string,
  digest: string,
): Promise<Pick<SnapshotRow, "facts" | "extractor" | "paragraphs" | "made">> {
  const { body } = await send({ method: "GET", path: `${libraryPath(library)}/snapshots/${digest}` });
  if (!isObject(body) || body["digest"] !== digest || !Array.isArray(body["paragraphs"]))
    throw strange("snapshot");
  if (!body["paragraphs"].every((one) => isObject(one) && typeof one["text"] === "string"))
    throw strange("snapshot");
  const text = (name: string) => (typeof body[name] === "string" ? body[name] : "");
  const facts = {
    url: text("url"),
    canonical: text("canonical"),
    title: text("title"),
    language: text("language"),
    site_name: text("site_name"),
    byline: text("byline"),
    published: text("published"),
  };
  const paragraphs = body["paragraphs"] as SnapshotRow["paragraphs"];
  return { facts, extractor: text("extractor"), paragraphs, made: Date.parse(text("created")) || 0 };
}

export async function putAnchors(
  send: Send,
  library: string,
  digest: string,
  engine: number,
  anchors: readonly FoundAnchor[],
): Promise<void> {
  const path = `${libraryPath(library)}/snapshots/${digest}/anchors`;
  const { body } = await send({ method: "PUT", path, json: { engine, anchors } });
  if (!isObject(body) || !Array.isArray(body["saved"])) throw strange("anchors");
}

export async function getAnnotation(send: Send, library: string, id: string): Promise<ServerAnnotation> {
  return annotationFrom((await send({ method: "GET", path: annotationPath(library, id) })).body, id);
}

export async function getChanges(
  send: Send,
  library: string,
  since: number,
  epoch: string | null,
): Promise<FeedPage> {
  const query = new URLSearchParams({ since: String(since), limit: String(FEED_PAGE) });
  if (epoch !== null) query.set("epoch", epoch);
  const { body } = await send({ method: "GET", path: `${libraryPath(library)}/changes?${query}` });
  if (!isObject(body) || typeof body["epoch"] !== "string") throw strange("changes");
  const { epoch: told, next, version, changes, more } = body;
  if (typeof next !== "number" || typeof version !== "number") throw strange("changes");
  if (!Array.isArray(changes) || typeof more !== "boolean") throw strange("changes");
  return { epoch: told, next, head: version, more, changes: changes.map(changeFrom) };
}

export async function getMe(send: Send): Promise<Me> {
  const { body } = await send({ method: "GET", path: "/api/v1/me" });
  if (!isObject(body) || !isObject(body["user"]) || !Array.isArray(body["libraries"])) throw strange("me");
  return { user: body["user"] as unknown as Me["user"], libraries: body["libraries"].map(libraryFrom) };
}

/** A role that a newer server knows is taken for the least. */
function libraryFrom(told: unknown): Library {
  if (!isObject(told) || typeof told["id"] !== "string") throw strange("me");
  const role = ROLES.find((one) => one === told["role"]) ?? "reader";
  return { id: told["id"], name: String(told["name"] ?? ""), role, own: told["own"] === true };
}

/** What the product is, if it is ours; null when something else answered. */
export function aboutFrom(body: unknown): About | null {
  if (!isObject(body) || body["product"] !== "annotator" || !isObject(body["oauth"])) return null;
  const texts = ["version", "api_version", "oldest_extension"].every(
    (name) => typeof body[name] === "string",
  );
  const doors = ["client_id", "authorize", "token", "revoke"];
  const oauth = body["oauth"];
  const whole =
    texts && doors.every((name) => typeof oauth[name] === "string") && Array.isArray(oauth["scopes"]);
  return whole ? (body as unknown as About) : null;
}

export function libraryPath(library: string): string {
  return `/api/v1/libraries/${library}`;
}

function annotationPath(library: string, id: string): string {
  return `${libraryPath(library)}/annotations/${id}`;
}

function changeFrom(told: unknown): Change {
  if (!isObject(told) || typeof told["id"] !== "string" || typeof told["version"] !== "number")
    throw strange("change");
  const { kind, id, version } = told as { kind: unknown; id: string; version: number };
  const row = told["row"];
  if (told["deleted"] === true)
    return { kind: "gone", of: String(kind), id, version, revision: numberOrNull(told["revision"]) };
  if (kind === "annotation") return { kind, id, version, row: annotationFrom(row, id) };
  if (!isObject(row)) throw strange("change");
  if (kind === "document") return { kind, id, version, row: row as unknown as ServerDocument };
  if (kind === "snapshot")
    return { kind, id, version, row: { digest: String(row["digest"]), document: String(row["document"]) } };
  // A kind that a newer server knows is passed over; a mirror that does not keep it loses nothing.
  return { kind: "gone", of: "unknown", id, version, revision: null };
}

export function annotationFrom(body: unknown, id: string): ServerAnnotation {
  if (!isObject(body) || body["id"] !== id || typeof body["revision"] !== "number")
    throw strange("annotation");
  if (!isObject(body["target"]) || !isObject(body["author"]) || !Array.isArray(body["tags"]))
    throw strange("annotation");
  const row = body as unknown as Omit<ServerAnnotation, "written"> & Written & { anchor: StoredAnchor };
  const { motivation, url, color, note, tags, parent } = row;
  const { snapshot, start, end, quote } = row.target as StoredTarget;
  const written: Written = {
    motivation,
    url,
    color,
    note,
    tags,
    parent,
    target: { snapshot, start, end, quote },
  };
  const { revision, version, created, updated, author, document, review, anchor } = row;
  return { id, written, revision, version, created, updated, author, document, review, anchor };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

export function strange(what: string): ServerFault {
  return new ServerFault(200, `the answer is not a ${what}`);
}
