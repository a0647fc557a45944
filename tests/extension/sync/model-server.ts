/**
 * A library on a server, in memory: versions, revisions, preconditions, tombstones and epochs as the API promises them.
 * `faults` decides of each request whether it arrives and whether its answer does.
 */
import type { Written } from "../../../extension/store/rows.ts";
import { sameWritten, tidyTags } from "../../../extension/store/rows.ts";
import type { Send } from "../../../extension/sync/api.ts";
import { Conflict, NotThere, Offline, Refused } from "../../../extension/sync/errors.ts";
import type { Answer } from "../../../extension/sync/http.ts";

export type Fate = "arrives" | "request lost" | "answer lost";

interface Row {
  id: string;
  written: Written;
  revision: number;
  version: number;
  deleted: boolean;
}

interface Snapshot {
  digest: string;
  document: string;
  version: number;
  url: string;
}

interface Item {
  readonly method: string;
  readonly id: string;
  readonly if_match?: string;
  readonly if_none_match?: string;
  readonly annotation?: Written;
}

const ABSENT = { status: 404, code: "not_found", message: "There is nothing here.", fields: {} };

export class ModelServer {
  rows = new Map<string, Row>();
  snapshots = new Map<string, Snapshot>();
  version = 0;
  floor = 0;
  epoch = "epoch-1";
  /** Path and method of everything that arrived. */
  log: string[] = [];
  faults: (what: string) => Fate = () => "arrives";
  /** Refuses a body with a 400, when it answers a message. */
  refuse: (method: string, path: string, json: unknown) => string | null = () => null;

  readonly send: Send = async ({ method, path, headers, json }) => {
    const fate = this.faults(`${method} ${path}`);
    if (fate === "request lost") throw new Offline("lost");
    this.log.push(`${method} ${path}`);
    const answer = this.answer(method, path, headers ?? {}, JSON.parse(JSON.stringify(json ?? null)));
    if (fate === "answer lost") throw new Offline("lost");
    return answer;
  };

  alive(): Row[] {
    return [...this.rows.values()].filter((row) => !row.deleted);
  }

  /** Refuses one item of a batch, when it answers a message. */
  refuseItem: (item: Item) => string | null = () => null;
  /** Every item of a batch that arrived. */
  items: string[] = [];
  mostItems = 100;

  private answer(method: string, path: string, headers: Record<string, string>, json: unknown): Answer {
    const message = this.refuse(method, path, json);
    if (message !== null) throw new Refused({ status: 400, code: "invalid", message, fields: {} });
    const [, kind, name] = /\/libraries\/[^/]+\/(changes|annotations|snapshots)\/?([^/?]*)/.exec(path) ?? [];
    if (kind === "changes") return this.changes(new URL(path, "https://x").searchParams);
    if (name === "batch") return this.batch((json as { items: Item[] }).items);
    if (kind === "snapshots") return this.putSnapshot(name ?? "", json as { url: string });
    if (method === "GET") return this.read(name ?? "");
    if (method === "DELETE") return this.remove(name ?? "", headers);
    return this.put(name ?? "", headers, json as Written);
  }

  private batch(items: readonly Item[]): Answer {
    if (items.length > this.mostItems) throw tooLarge();
    const results = items.map((item) => this.result(item));
    return { status: 200, body: { results }, revision: null, url: "" };
  }

  private result(item: Item): object {
    const { method, id, annotation } = item;
    const headers = {
      ...(item.if_match === undefined ? {} : { "If-Match": item.if_match }),
      ...(item.if_none_match === undefined ? {} : { "If-None-Match": item.if_none_match }),
    };
    this.items.push(`${method} ${id}`);
    try {
      const message = this.refuseItem(item);
      if (message !== null) throw new Refused({ status: 400, code: "invalid", message, fields: {} });
      const answer =
        method === "DELETE" ? this.remove(id, headers) : this.put(id, headers, annotation as Written);
      return { status: answer.status, etag: etag(answer.revision), annotation: answer.body, error: null };
    } catch (error) {
      if (error instanceof Conflict)
        return refusal(412, etag(error.revision), { code: "stale", message: "", fields: {} });
      if (error instanceof NotThere || error instanceof Refused)
        return refusal(error.refusal.status, null, error.refusal);
      throw error;
    }
  }

  private put(id: string, headers: Record<string, string>, json: Written): Answer {
    const written = { ...json, tags: tidyTags(json.tags) };
    const row = this.rows.get(id);
    if (row !== undefined && !row.deleted && sameWritten(row.written, written)) return this.told(row, 200);
    const holds =
      row === undefined ? headers["If-Match"] === undefined : headers["If-Match"] === `"${row.revision}"`;
    if (!holds) throw new Conflict(row?.revision ?? null);
    const next: Row = {
      id,
      written,
      revision: (row?.revision ?? 0) + 1,
      version: ++this.version,
      deleted: false,
    };
    this.rows.set(id, next);
    return this.told(next, row === undefined ? 201 : 200);
  }

  private remove(id: string, headers: Record<string, string>): Answer {
    const row = this.rows.get(id);
    if (row === undefined) throw new NotThere(ABSENT);
    if (!row.deleted) {
      const wanted = headers["If-Match"];
      if (wanted !== undefined && wanted !== `"${row.revision}"`) throw new Conflict(row.revision);
      this.rows.set(id, { ...row, deleted: true, revision: row.revision + 1, version: ++this.version });
    }
    return { status: 204, body: null, revision: this.rows.get(id)?.revision ?? null, url: "" };
  }

  private read(id: string): Answer {
    const row = this.rows.get(id);
    if (row === undefined || row.deleted) throw new NotThere(ABSENT);
    return this.told(row, 200);
  }

  private putSnapshot(digest: string, { url }: { url: string }): Answer {
    const there = this.snapshots.get(digest) ?? {
      digest,
      document: `document of ${url}`,
      version: ++this.version,
      url,
    };
    this.snapshots.set(digest, there);
    return { status: 200, body: there, revision: null, url: "" };
  }

  private changes(query: URLSearchParams): Answer {
    const since = Number(query.get("since"));
    const told = query.get("epoch");
    if ((told !== null && told !== this.epoch) || since > this.version || (since > 0 && since < this.floor)) {
      throw new NotThere({ ...ABSENT, status: 410, code: "feed_lost" });
    }
    const rows = [...this.rows.values()].map((row) => this.change(row));
    const snapshots = [...this.snapshots.values()].map((row) => ({
      kind: "snapshot",
      id: row.digest,
      version: row.version,
      deleted: false,
      row,
    }));
    const found = [...rows, ...snapshots]
      .filter(({ version }) => version > since)
      .sort((a, b) => a.version - b.version);
    const page = found.slice(0, 3);
    const more = found.length > page.length;
    const next = more ? (page.at(-1)?.version ?? since) : this.version;
    const version = this.version;
    return {
      status: 200,
      body: { epoch: this.epoch, version, next, more, changes: page },
      revision: null,
      url: "",
    };
  }

  private change(row: Row): { version: number; [name: string]: unknown } {
    const { id, version, revision, deleted } = row;
    return {
      kind: "annotation",
      id,
      version,
      revision,
      deleted,
      ...(deleted ? {} : { row: this.told(row, 200).body }),
    };
  }

  private told({ id, written, revision, version }: Row, status: number): Answer {
    const anchor = { state: "exact", snapshot: null, start: null, end: null, text: "" };
    const author = { id: "me", name: "Ada" };
    const when = "2026-11-23T10:00:00.000000Z";
    const server = {
      id,
      revision,
      version,
      author,
      anchor,
      created: when,
      updated: when,
      review: "none",
      document: "d",
    };
    return { status, body: { ...written, ...server }, revision, url: "" };
  }
}

function etag(revision: number | null): string | null {
  return revision === null ? null : `"${revision}"`;
}

function refusal(status: number, tag: string | null, error: object): object {
  return { status, etag: tag, annotation: null, error };
}

function tooLarge(): Refused {
  return new Refused({ status: 413, code: "too_large", message: "too many", fields: {} });
}
