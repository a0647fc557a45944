import type { IDBPDatabase } from "idb";
import { openDB } from "idb";
import { afterEach, expect, test } from "vitest";
import { editAnnotation } from "../../../extension/store/deeds.ts";
import { countUnsent } from "../../../extension/store/outbox.ts";
import type { LibraryDatabase } from "../../../extension/store/schema.ts";
import { databaseName, deleteLibrary, openLibrary, SCHEMA_VERSION } from "../../../extension/store/schema.ts";
import { syncState } from "../../../extension/store/sync-state.ts";
import { tagsInUse } from "../../../extension/store/tags.ts";
import { runPass } from "../../../extension/sync/pass.ts";
import { ModelServer } from "../sync/model-server.ts";
import { NOW } from "./rows.ts";

/**
 * The stores of each earlier schema, as they were made then: written out, since the steps to today's are what is
 * tried. A new schema adds the one before it here.
 */
const EARLIER: readonly ((database: IDBPDatabase) => void)[] = [
  (database) => void first(database),
  (database) => {
    const { annotations, outbox } = first(database);
    annotations.createIndex("tags", "written.tags", { multiEntry: true });
    for (const name of ["notBefore", "kind"]) outbox.createIndex(name, name);
    outbox.createIndex("refused", ["kind", "refused.status"]);
  },
];

// The stores that later schemas change come back, as `idb` has them.
function first(database: IDBPDatabase) {
  const annotations = database.createObjectStore("annotations", { keyPath: "id" });
  for (const name of ["page", "document", "deleted"]) annotations.createIndex(name, name);
  database.createObjectStore("documents", { keyPath: "id" });
  database.createObjectStore("aliases", { keyPath: "key" }).createIndex("document", "document");
  const snapshots = database.createObjectStore("snapshots", { keyPath: "id" });
  for (const name of ["page", "digest"]) snapshots.createIndex(name, name);
  const outbox = database.createObjectStore("outbox", { keyPath: "order", autoIncrement: true });
  outbox.createIndex("subject", "subject", { unique: true });
  database.createObjectStore("meta");
  return { annotations, outbox };
}

const OWNER = { server: "https://annotator.test", user: "of an earlier version" };
const MINE = { id: "me", name: "Ada" };
const SENT = "01900000-0000-7000-8000-000000000001";
const EDITED = "01900000-0000-7000-8000-000000000002";
const NEW = "01900000-0000-7000-8000-000000000003";
const DELETED = "01900000-0000-7000-8000-000000000004";
const REFUSED = "01900000-0000-7000-8000-000000000005";

let open: LibraryDatabase | null = null;
afterEach(async () => {
  open?.close();
  await deleteLibrary(OWNER);
});

function content(note: string): Record<string, unknown> {
  const target = {
    snapshot: "a".repeat(64),
    start: { paragraph: 0, offset: 0 },
    end: { paragraph: 0, offset: 5 },
    quote: { exact: "First", prefix: "", suffix: " words" },
  };
  const url = "https://example.org/story";
  return { motivation: "commenting", url, color: "yellow", note, tags: ["old", note], parent: null, target };
}

/** A row as the first schema's code wrote it; `there`: the note that the server has. */
function row(id: string, note: string, there: string | null, deleted: string | null = null): object {
  const base = there === null ? null : { revision: 1, written: content(there) };
  const rest = { document: null, review: "none", anchor: null, version: there === null ? 0 : 1, seen: 0 };
  const made = { created: NOW, updated: NOW, author: MINE, page: "key" };
  return { id, written: content(note), ...made, deleted, ...rest, base };
}

function waiting(id: string, more: object = {}): object {
  const first = { attempts: 0, notBefore: 0, tried: [], refused: null, engine: 0, anchors: [] };
  return { subject: `annotation:${id}`, kind: "annotation", key: id, edits: 1, ...first, ...more };
}

async function filled(version: number): Promise<void> {
  const database = await openDB(await databaseName(OWNER), version, {
    upgrade: (made) => EARLIER[version - 1]?.(made),
  });
  const tx = database.transaction(["annotations", "outbox", "meta"], "readwrite");
  const rows = [
    row(SENT, "sent", "sent"),
    row(EDITED, "edited", "before"),
    row(NEW, "new", null),
    row(DELETED, "deleted", "deleted", NOW),
    row(REFUSED, "refused", null),
  ];
  for (const one of rows) await tx.objectStore("annotations").add(one);
  const refused = { status: 400, code: "invalid", message: "no", fields: {} };
  const outbox = [
    waiting(EDITED, { attempts: 2, tried: [content("edited")] }),
    waiting(NEW),
    waiting(DELETED),
    waiting(REFUSED, { refused }),
  ];
  for (const one of outbox) await tx.objectStore("outbox").add(one);
  const state = { epoch: "epoch-1", since: 0, generation: 0, reconciling: null };
  await tx
    .objectStore("meta")
    .put({ ...state, failures: 0, notBefore: 0, ordered: false, trouble: "" }, "sync");
  await tx.done;
  database.close();
}

/** What the server has of it: two rows and the one that is deleted here. */
async function serverWithTheSent(): Promise<ModelServer> {
  const server = new ModelServer();
  for (const [id, note] of [
    [SENT, "sent"],
    [EDITED, "before"],
    [DELETED, "deleted"],
  ] as const)
    await server.send({
      method: "PUT",
      path: `/api/v1/libraries/lib/annotations/${id}`,
      headers: { "If-None-Match": "*" },
      json: content(note),
    });
  return server;
}

test("every earlier schema is tried here", () => {
  expect(EARLIER).toHaveLength(SCHEMA_VERSION - 1);
});

test.each(EARLIER.map((_, index) => index + 1))(
  "from schema %i nothing unsent is lost: it is sent by today's code",
  async (version) => {
    await filled(version);
    open = await openLibrary(OWNER);
    expect(open.version).toBe(SCHEMA_VERSION);
    expect(await countUnsent(open)).toEqual({ unsent: 3, refused: 1 });
    expect(await syncState(open)).toMatchObject({ epoch: "epoch-1", catchingUp: null });
    expect((await tagsInUse(open)).sort()).toEqual(["edited", "new", "old", "refused", "sent"]);

    const server = await serverWithTheSent();
    const line = { database: open, library: "lib", send: server.send };
    await runPass(line, true);
    await runPass(line, true);
    const notes = new Map(server.alive().map(({ id, written }) => [id, written.note]));
    expect(notes).toEqual(
      new Map([
        [SENT, "sent"],
        [EDITED, "edited"],
        [NEW, "new"],
      ]),
    );
    expect(await countUnsent(open)).toEqual({ unsent: 0, refused: 1 });
    await editAnnotation(open, REFUSED, { note: "shorter" }, NOW);
    await runPass(line, true);
    expect(server.rows.get(REFUSED)?.written.note).toBe("shorter");
  },
);

test("a mirror that is open in an old worker makes way for the new one", async () => {
  await filled(1);
  const old = await openLibraryAt(1);
  open = await openLibrary(OWNER);
  expect(open.version).toBe(SCHEMA_VERSION);
  expect(() => old.transaction("meta")).toThrow();
});

/** As the worker of an earlier version has it: it closes when another wants to upgrade. */
async function openLibraryAt(version: number): Promise<IDBPDatabase> {
  return openDB(await databaseName(OWNER), version, {
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
  });
}
