import { afterEach, describe, expect, test, vi } from "vitest";
import { deleteAnnotation, editAnnotation } from "../../../extension/store/deeds.ts";
import { countUnsent, dueAfter, LEASE } from "../../../extension/store/outbox.ts";
import type { AnnotationRow } from "../../../extension/store/rows.ts";
import type { LibraryDatabase } from "../../../extension/store/schema.ts";
import { leaseAnnotations } from "../../../extension/store/sending.ts";
import { syncState } from "../../../extension/store/sync-state.ts";
import type { Send } from "../../../extension/sync/api.ts";
import { NotThere, Offline, Refused, ServerFault } from "../../../extension/sync/errors.ts";
import type { Line } from "../../../extension/sync/line.ts";
import { nextPass, runPass } from "../../../extension/sync/pass.ts";
import { aHighlight, aLibrary, NOW, outbox } from "../store/rows.ts";
import { ModelServer } from "./model-server.ts";

afterEach(() => vi.useRealTimers());

interface Device {
  readonly server: ModelServer;
  readonly database: LibraryDatabase;
  readonly line: Line;
}

async function device(server = new ModelServer()): Promise<Device> {
  const database = await aLibrary();
  return { server, database, line: { database, library: "lib", send: server.send } };
}

async function highlights(database: LibraryDatabase, count: number, note = ""): Promise<AnnotationRow[]> {
  const rows = [];
  for (let at = 0; at < count; at++) rows.push(await aHighlight(database, { note: `${note}${at}` }));
  return rows;
}

/** Requests that carried annotations. */
function batches({ log }: ModelServer): number {
  return log.filter((request) => request.endsWith("/batch")).length;
}

/** A line whose requests with annotations meet `fate` first; it may throw. */
function through({ line, server }: Device, fate: (notes: readonly string[]) => void): Line {
  const send: Send = async (ask) => {
    if (ask.path.endsWith("/batch")) {
      const { items } = ask.json as { items: readonly { annotation?: { note: string } }[] };
      fate(items.map(({ annotation }) => annotation?.note ?? ""));
    }
    return server.send(ask);
  };
  return { ...line, send };
}

function refused(status: number, code: string): Refused {
  return new Refused({ status, code, message: code, fields: {} });
}

describe("many at a time", () => {
  test("250 rows go in three requests, each once, in the order in which they were made", async () => {
    const { server, database, line } = await device();
    const rows = await highlights(database, 250);
    expect(await runPass(line, true)).toMatchObject({ taken: 250, trouble: "" });
    expect(batches(server)).toBe(3);
    expect(server.items).toEqual(rows.map(({ id }) => `PUT ${id}`));
    expect(await outbox(database)).toEqual([]);
  });

  test("a request never holds more bytes than it may, but for one row that is larger by itself", async () => {
    const there = await device();
    const { server, database } = there;
    await highlights(database, 6, "x".repeat(1_000));
    await aHighlight(database, { note: "y".repeat(9_000) });
    const sizes: number[] = [];
    const send: Send = (ask) => {
      if (ask.path.endsWith("/batch")) sizes.push(new TextEncoder().encode(JSON.stringify(ask.json)).length);
      return server.send(ask);
    };
    await runPass({ ...there.line, send, batch: { items: 100, bytes: 5_000 } }, true);
    expect(server.alive()).toHaveLength(7);
    expect(sizes.filter((size) => size > 5_020)).toHaveLength(1);
    expect(sizes.length).toBe(3);
  });

  test("bytes are counted as they are sent, not as characters", async () => {
    const { server, database, line } = await device();
    for (let at = 0; at < 4; at++) await aHighlight(database, { note: "語".repeat(1_000) });
    await runPass({ ...line, batch: { items: 100, bytes: 5_000 } }, true);
    expect(batches(server)).toBe(4);
  });

  test("an edit made while its row is under way is not taken for sent", async () => {
    const there = await device();
    const { server, database } = there;
    const [first] = await highlights(database, 3);
    const id = first?.id ?? "";
    let typed: Promise<unknown> | null = null;
    const send: Send = async (ask) => {
      if (ask.path.endsWith("/batch")) typed ??= editAnnotation(database, id, { note: "meanwhile" }, NOW);
      await typed;
      return server.send(ask);
    };
    await runPass({ ...there.line, send }, true);
    expect((await database.get("annotations", id))?.written.note).toBe("meanwhile");
    expect(server.rows.get(id)).toMatchObject({ revision: 2, written: { note: "meanwhile" } });
    expect(await outbox(database)).toEqual([]);
  });

  test("a lost answer is asked for again, and nothing is stored twice", async () => {
    const { server, database, line } = await device();
    const rows = await highlights(database, 120);
    server.faults = (what) => (what.endsWith("/batch") ? "answer lost" : "arrives");
    expect(await runPass(line, true)).toMatchObject({ trouble: "trouble_offline" });
    expect(server.alive()).toHaveLength(100);
    await deleteAnnotation(database, rows[7]?.id ?? "", NOW);
    server.faults = () => "arrives";
    await runPass(line, true);
    await runPass(line, true);
    expect(server.alive()).toHaveLength(119);
    expect(server.alive().every(({ revision }) => revision === 1)).toBe(true);
    expect(await outbox(database)).toEqual([]);
  });

  test("what a stopped worker had leased is sent by the next one at once", async () => {
    const { server, database, line } = await device();
    await highlights(database, 3);
    const now = Date.now();
    const room = { items: 9, bytes: 9_999, sizeOf: () => 1 };
    await leaseAnnotations(database, await dueAfter(database, now, 0, 9), now, room);
    expect(await dueAfter(database, Date.now(), 0, 9)).toEqual([]);
    await runPass(line, true);
    expect(server.alive()).toHaveLength(3);
  });
});

describe("one bad row never blocks the rest", () => {
  test("a row that is refused by itself", async () => {
    const { server, database, line } = await device();
    await highlights(database, 40);
    server.refuseItem = ({ annotation }) => (annotation?.note === "13" ? "no" : null);
    await runPass(line, true);
    expect(server.alive()).toHaveLength(39);
    expect(batches(server)).toBe(1);
    expect(await countUnsent(database)).toEqual({ unsent: 0, refused: 1 });
  });

  test("a row for whose text the whole request is refused is found by halving", async () => {
    const there = await device();
    await highlights(there.database, 100);
    const line = through(there, (notes) => {
      if (notes.includes("77")) throw refused(400, "invalid");
    });
    await runPass(line, true);
    expect(there.server.alive()).toHaveLength(99);
    expect(await countUnsent(there.database)).toEqual({ unsent: 0, refused: 1 });
    const [row] = await there.database.getAll("outbox");
    expect(row?.refused).toMatchObject({ status: 400 });
  });

  test("a row that something on the way dislikes waits, and is not given up", async () => {
    const there = await device();
    await highlights(there.database, 100);
    let requests = 0;
    const line = through(there, (notes) => {
      requests++;
      if (notes.includes("0")) throw new ServerFault(403, "<html>Forbidden");
    });
    await runPass(line, true);
    expect(there.server.alive()).toHaveLength(99);
    expect(requests).toBeLessThan(20);
    expect(await countUnsent(there.database)).toEqual({ unsent: 1, refused: 0 });
    expect(await nextPass(there.database)).toBeGreaterThan(0);
  });

  test("a server that takes fewer gets fewer", async () => {
    const { server, database, line } = await device();
    server.mostItems = 30;
    await highlights(database, 100);
    await runPass(line, true);
    expect(server.alive()).toHaveLength(100);
    expect(await outbox(database)).toEqual([]);
  });
});

describe("trouble of the server as a whole is no row's fault", () => {
  test.each([
    ["answers are lost on the way back and forth", () => new Offline("lost")],
    [
      "the library is not there",
      () => new NotThere({ status: 404, code: "not_found", message: "", fields: {} }),
    ],
    ["the token may not write", () => refused(403, "insufficient_scope")],
  ])("%s: nothing is refused, everything is due again", async (_what, error) => {
    const there = await device();
    await highlights(there.database, 30);
    let requests = 0;
    const line = through(there, () => {
      requests++;
      throw error();
    });
    const passed = await runPass(line, true);
    expect(passed?.trouble).not.toBe("");
    expect(requests).toBe(1);
    expect(await countUnsent(there.database)).toEqual({ unsent: 30, refused: 0 });
    expect(await dueAfter(there.database, Date.now(), 0, 99)).toHaveLength(30);
  });

  test("a broken server is left alone after a few requests, and the pass waits longer each time", async () => {
    const there = await device();
    await highlights(there.database, 300);
    let requests = 0;
    const line = through(there, () => {
      requests++;
      throw new ServerFault(500, "");
    });
    expect(await runPass(line, true)).toMatchObject({ trouble: "trouble_server_error" });
    expect(requests).toBeLessThanOrEqual(10);
    expect((await syncState(there.database)).notBefore).toBeGreaterThan(0);
    await runPass(there.line, true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(there.server.alive().length).toBeGreaterThanOrEqual(297);
  });
});

test("a conflict after many tries without a server is settled as fast as any other", async () => {
  const here = await device();
  const there = await device(here.server);
  const [row] = await highlights(here.database, 1);
  for (const { line } of [here, there]) await runPass(line, true);
  await editAnnotation(there.database, row?.id ?? "", { note: "there" }, NOW);
  await runPass(there.line, true);
  here.server.faults = () => "request lost";
  for (let tries = 0; tries < 20; tries++) {
    await editAnnotation(here.database, row?.id ?? "", { note: `here ${tries}` }, NOW);
    await runPass(here.line, true);
  }
  here.server.faults = () => "arrives";
  await runPass(here.line, true);
  expect(await outbox(here.database)).toEqual([]);
  expect(here.server.alive()[0]?.written.note).toMatch(/there\s+---\s+here 19/);
});

test("hundreds of conflicts are joined from the feed, without a request for each", async () => {
  const here = await device();
  const there = await device(here.server);
  const rows = await highlights(here.database, 150);
  for (const { line } of [here, there]) await runPass(line, true);
  for (const { id } of rows) {
    await editAnnotation(here.database, id, { note: `${id} here` }, NOW);
    await editAnnotation(there.database, id, { note: `${id} there` }, NOW);
  }
  here.server.log = [];
  for (const { line } of [here, there, here]) await runPass(line, true);
  expect(
    here.server.log.filter((request) => request.startsWith("GET") && !request.includes("/changes")),
  ).toEqual([]);
  for (const { written } of here.server.alive()) {
    expect(written.note).toContain("here");
    expect(written.note).toContain("there");
  }
  for (const { database } of [here, there]) expect(await outbox(database)).toEqual([]);
});

test("conflicts wait for the feed, however long the server takes over them", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const here = await device();
  const there = await device(here.server);
  const rows = await highlights(here.database, 250);
  for (const { line } of [here, there]) await runPass(line, true);
  for (const { id } of rows) {
    await editAnnotation(here.database, id, { note: `${id} here` }, NOW);
    await editAnnotation(there.database, id, { note: `${id} there` }, NOW);
  }
  await runPass(here.line, true);
  let requests = 0;
  const slow = through(there, () => {
    requests++;
    vi.setSystemTime(Date.now() + 2 * LEASE);
    if (requests > 20) throw new Offline("asked for ever");
  });
  expect(await runPass(slow, true)).toMatchObject({ trouble: "" });
  // Each once in vain, and once joined.
  expect(requests).toBe(6);
  expect(await outbox(there.database)).toEqual([]);
});
