import { describe, expect, test } from "vitest";
import {
  addAnnotation,
  deleteAnnotation,
  editAnnotation,
  restoreAnnotation,
} from "../../../extension/store/deeds.ts";
import { countUnsent } from "../../../extension/store/outbox.ts";
import type { LibraryDatabase } from "../../../extension/store/schema.ts";
import { changeSyncState, syncState } from "../../../extension/store/sync-state.ts";
import { Busy, Unauthorized } from "../../../extension/sync/errors.ts";
import type { Line } from "../../../extension/sync/line.ts";
import { nextPass, runPass } from "../../../extension/sync/pass.ts";
import { urlKey } from "../../../extension/url-key.ts";
import { uuid7 } from "../../../extension/uuid7.ts";
import { aHighlight, aLibrary, aSnapshot, ME, NOW, outbox, PAGE, written } from "../store/rows.ts";
import { ModelServer } from "./model-server.ts";

async function setUp(): Promise<{ server: ModelServer; database: LibraryDatabase; line: Line }> {
  const server = new ModelServer();
  const database = await aLibrary();
  return { server, database, line: { database, library: "lib", send: server.send } };
}

async function device(server: ModelServer): Promise<{ database: LibraryDatabase; line: Line }> {
  const database = await aLibrary();
  return { database, line: { database, library: "lib", send: server.send } };
}

async function noteOf(database: LibraryDatabase, id: string): Promise<string | undefined> {
  return (await database.get("annotations", id))?.written.note;
}

/** Exchanges until nothing is left to do: waits are not waited out, they are set back. */
async function settle(...lines: Line[]): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    for (const line of lines) {
      for (const row of await line.database.getAll("outbox"))
        await line.database.put("outbox", { ...row, notBefore: 0 });
      await runPass(line, true);
    }
  }
}

describe("sending", () => {
  test("the snapshot goes first, then the annotation; both leave the outbox", async () => {
    const { server, database, line } = await setUp();
    const made = { id: uuid7(), written: written(), author: ME, page: await urlKey(PAGE), now: NOW };
    await addAnnotation(database, made, await aSnapshot());
    expect(await runPass(line, true)).toMatchObject({ taken: 2, trouble: "" });
    expect(server.log.slice(0, 2).map((request) => request.split("/").at(-2))).toEqual([
      "snapshots",
      "annotations",
    ]);
    expect(server.items).toEqual([`PUT ${made.id}`]);
    expect(await outbox(database)).toEqual([]);
    expect(await database.get("snapshots", (await aSnapshot()).id)).toMatchObject({ onServer: true });
  });

  test("a refused snapshot does not hold its annotation back", async () => {
    const { server, database, line } = await setUp();
    server.refuse = (_method, path) => (path.includes("/snapshots/") ? "too large" : null);
    const made = { id: uuid7(), written: written(), author: ME, page: await urlKey(PAGE), now: NOW };
    await addAnnotation(database, made, await aSnapshot());
    await runPass(line, true);
    expect(server.alive().map((row) => row.id)).toEqual([made.id]);
    expect(await countUnsent(database)).toEqual({ unsent: 0, refused: 0 });
  });

  test("a refused row is shown with its reason and does not hold the next one back", async () => {
    const { server, database, line } = await setUp();
    server.refuseItem = ({ annotation }) => (annotation?.note === "bad" ? "note: is bad" : null);
    const bad = await aHighlight(database, { note: "bad" });
    const good = await aHighlight(database, { note: "good" });
    await runPass(line, true);
    expect(server.alive().map((row) => row.id)).toEqual([good.id]);
    const [row] = await database.getAll("outbox");
    expect(row).toMatchObject({ key: bad.id, refused: { message: "note: is bad" } });
    expect(await nextPass(database)).toBeNull();
  });

  test("nothing of a page whose only highlight was deleted before it was sent goes out", async () => {
    const { server, database, line } = await setUp();
    const made = { id: uuid7(), written: written(), author: ME, page: await urlKey(PAGE), now: NOW };
    await addAnnotation(database, made, await aSnapshot());
    await deleteAnnotation(database, made.id, NOW);
    await runPass(line, true);
    expect(server.log.filter((request) => !request.includes("/changes"))).toEqual([]);
    expect(await outbox(database)).toEqual([]);
  });

  test("a create whose answer was lost is one row on the server, with the edit made after it", async () => {
    const { server, database, line } = await setUp();
    const { id } = await aHighlight(database, { note: "a" });
    server.faults = () => "answer lost";
    await runPass(line, true);
    await editAnnotation(database, id, { note: "ab" }, NOW);
    server.faults = () => "arrives";
    await settle(line);
    expect(server.alive()).toMatchObject([{ id, written: { note: "ab" } }]);
    expect(await noteOf(database, id)).toBe("ab");
    expect(await outbox(database)).toEqual([]);
  });

  test("a create whose answer was lost and which was then deleted is gone on the server too", async () => {
    const { server, database, line } = await setUp();
    const { id } = await aHighlight(database);
    server.faults = () => "answer lost";
    await runPass(line, true);
    expect(server.alive()).toHaveLength(1);
    await deleteAnnotation(database, id, NOW);
    server.faults = () => "arrives";
    await settle(line);
    expect(server.alive()).toEqual([]);
    expect(await outbox(database)).toEqual([]);
  });

  test("undo of a delete that was sent brings the row back", async () => {
    const { server, database, line } = await setUp();
    const { id } = await aHighlight(database, { note: "kept" });
    await settle(line);
    await deleteAnnotation(database, id, NOW);
    await settle(line);
    expect(server.alive()).toEqual([]);
    await restoreAnnotation(database, id, NOW);
    await settle(line);
    expect(server.alive()).toMatchObject([{ id, written: { note: "kept" } }]);
  });
});

describe("trouble", () => {
  test("without a server everything stays in the outbox, and the next scheduled try waits longer each time", async () => {
    const { server, database, line } = await setUp();
    await aHighlight(database);
    server.faults = () => "request lost";
    expect(await runPass(line, true)).toMatchObject({ trouble: "trouble_offline", taken: 0 });
    expect((await database.getAll("outbox"))[0]).toMatchObject({ attempts: 0, notBefore: 0 });
    expect((await syncState(database)).failures).toBe(1);
    await runPass(line, true);
    expect((await syncState(database)).failures).toBe(1);
    await changeSyncState(database, { notBefore: 0 });
    await runPass(line, false);
    expect((await syncState(database)).failures).toBe(2);
  });

  test("a wait that the server ordered is kept, even when the user does something", async () => {
    const { server, database, line } = await setUp();
    await aHighlight(database);
    const busy: Line = { ...line, send: () => Promise.reject(new Busy(60_000)) };
    expect(await runPass(busy, true)).toMatchObject({ trouble: "trouble_busy" });
    expect(await runPass(line, true)).toBeNull();
    expect(server.log).toEqual([]);
    const wait = ((await nextPass(database)) ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(50_000);
    expect(wait).toBeLessThanOrEqual(60_000);
  });

  test("a token that opens nothing pauses the sending and keeps the rows", async () => {
    const { database, line } = await setUp();
    await aHighlight(database);
    const out: Line = { ...line, send: () => Promise.reject(new Unauthorized("no")) };
    expect(await runPass(out, true)).toMatchObject({ trouble: "trouble_signed_out" });
    expect(await nextPass(database)).toBeNull();
    expect(await outbox(database)).toHaveLength(1);
  });
});

describe("two devices", () => {
  test("what one made, changed and deleted is so on the other", async () => {
    const { server, database, line } = await setUp();
    const other = await device(server);
    const rows = [];
    for (let count = 0; count < 10; count++) rows.push(await aHighlight(database, { note: `${count}` }));
    await settle(line, other.line);
    expect(await other.database.count("annotations")).toBe(10);
    await editAnnotation(other.database, rows[3]?.id ?? "", { note: "changed" }, NOW);
    await deleteAnnotation(other.database, rows[4]?.id ?? "", NOW);
    await settle(other.line, line);
    expect(await noteOf(database, rows[3]?.id ?? "")).toBe("changed");
    expect(await database.get("annotations", rows[4]?.id ?? "")).toBeUndefined();
  });

  test("notes written on both while apart are both kept, on both", async () => {
    const { server, database, line } = await setUp();
    const other = await device(server);
    const { id } = await aHighlight(database, { note: "start", tags: ["a"] });
    await settle(line, other.line);
    await editAnnotation(database, id, { note: "from here", tags: ["a", "here"] }, NOW);
    await editAnnotation(other.database, id, { note: "from there", tags: ["there"] }, NOW);
    await settle(line, other.line);
    for (const side of [database, other.database]) {
      expect(await noteOf(side, id)).toContain("from here");
      expect(await noteOf(side, id)).toContain("from there");
      expect((await side.get("annotations", id))?.written.tags).toEqual(["here", "there"]);
      expect(await outbox(side)).toEqual([]);
    }
  });

  test("an edit outlives the other device's delete", async () => {
    const { server, database, line } = await setUp();
    const other = await device(server);
    const { id } = await aHighlight(database);
    await settle(line, other.line);
    await deleteAnnotation(database, id, NOW);
    await editAnnotation(other.database, id, { note: "still wanted" }, NOW);
    await settle(line, other.line);
    expect(server.alive()).toMatchObject([{ id, written: { note: "still wanted" } }]);
    expect(await noteOf(database, id)).toBe("still wanted");
  });
});

describe("a lost place in the feed", () => {
  test("after a restore from an older backup the server gets back what it lost", async () => {
    const { server, database, line } = await setUp();
    const old = await aHighlight(database, { note: "old" });
    await settle(line);
    const backup = { rows: new Map(server.rows), version: server.version };
    await editAnnotation(database, old.id, { note: "newer" }, NOW);
    const made = {
      id: uuid7(),
      written: written({ note: "new" }),
      author: ME,
      page: await urlKey(PAGE),
      now: NOW,
    };
    await addAnnotation(database, made, await aSnapshot());
    await settle(line);
    Object.assign(server, { ...backup, epoch: "epoch-2", snapshots: new Map() });
    await settle(line);
    expect(new Map(server.alive().map((row) => [row.id, row.written.note]))).toEqual(
      new Map([
        [old.id, "newer"],
        [made.id, "new"],
      ]),
    );
    expect([...server.snapshots.keys()]).toEqual(["a".repeat(64)]);
    expect(await syncState(database)).toMatchObject({ epoch: "epoch-2", reconciling: null });
  });

  test("an edit that meets a restored server keeps what the server lost, though the feed could not be read at first", async () => {
    const { server, database, line } = await setUp();
    const { id } = await aHighlight(database, { note: "old" });
    await settle(line);
    const backup = { rows: new Map(server.rows), version: server.version };
    await editAnnotation(database, id, { note: "newer" }, NOW);
    await settle(line);
    Object.assign(server, { ...backup, epoch: "epoch-2" });
    // After a restore revisions begin above all earlier ones; another device has written meanwhile.
    const [row] = server.alive();
    if (row === undefined) throw new Error("the backup is empty");
    const elsewhere = { ...row.written, tags: ["elsewhere"] };
    server.rows.set(id, { ...row, written: elsewhere, revision: 1000, version: ++server.version });

    await editAnnotation(database, id, { color: "pink" }, NOW);
    server.faults = (what) => (what.includes("/changes") ? "request lost" : "arrives");
    await settle(line);
    server.faults = () => "arrives";
    await settle(line);
    expect(server.alive()).toMatchObject([{ written: { note: expect.stringContaining("newer") } }]);
    expect(server.alive()).toMatchObject([{ written: { color: "pink", tags: ["elsewhere"] } }]);
  });

  test("rows deleted so long ago that their tombstones are purged go, and unsent edits stay", async () => {
    const { server, database, line } = await setUp();
    const [gone, edited] = [await aHighlight(database), await aHighlight(database)];
    await settle(line);
    server.rows.clear();
    server.version += 10;
    server.floor = server.version;
    await editAnnotation(database, edited.id, { note: "unsent" }, NOW);
    await settle(line);
    expect(await database.get("annotations", gone.id)).toBeUndefined();
    expect(server.alive()).toMatchObject([{ id: edited.id, written: { note: "unsent" } }]);
  });
});
