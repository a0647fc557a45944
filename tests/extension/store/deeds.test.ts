import { describe, expect, test } from "vitest";
import type { ServerAnnotation } from "../../../extension/store/answers.ts";
import { noteOutcomes } from "../../../extension/store/answers.ts";
import {
  addAnnotation,
  addSnapshot,
  deleteAnnotation,
  editAnnotation,
  Gone,
  restoreAnnotation,
  settleRefused,
} from "../../../extension/store/deeds.ts";
import type { Waiting } from "../../../extension/store/outbox.ts";
import {
  countUnsent,
  dueAfter,
  endLeases,
  isDue,
  LONGEST_WAIT,
  quarantine,
} from "../../../extension/store/outbox.ts";
import type { AnnotationRow } from "../../../extension/store/rows.ts";
import type { LibraryDatabase } from "../../../extension/store/schema.ts";
import { databaseName, inOneWrite, openLibrary } from "../../../extension/store/schema.ts";
import type { Sending } from "../../../extension/store/sending.ts";
import { leaseAnnotations } from "../../../extension/store/sending.ts";
import { urlKey } from "../../../extension/url-key.ts";
import { uuid7 } from "../../../extension/uuid7.ts";
import { aHighlight, aLibrary, aSnapshot, ME, NOW, outbox, PAGE, written } from "./rows.ts";

function answerTo(
  { id, written: content, created, updated, author }: AnnotationRow,
  revision = 1,
): ServerAnnotation {
  const anchor = { state: "exact" as const, snapshot: null, start: null, end: null, text: "" };
  return {
    id,
    written: content,
    revision,
    version: revision,
    created,
    updated,
    author,
    document: "d",
    review: "none",
    anchor,
  };
}

async function nextDue(database: LibraryDatabase, now = Date.now()): Promise<Waiting | undefined> {
  return (await dueAfter(database, now, 0, 1))[0];
}

/** Takes the lease of the next row, as if it were about to be sent. */
async function leaseNext(database: LibraryDatabase, now = Date.now()): Promise<Sending> {
  const room = { items: 1, bytes: 1_000, sizeOf: () => 1 };
  const { sendings } = await leaseAnnotations(database, await dueAfter(database, now, 0, 1), now, room);
  return sendings[0] as Sending;
}

async function sent(database: LibraryDatabase, row: AnnotationRow): Promise<AnnotationRow> {
  const waiting = (await nextDue(database)) as Waiting;
  await noteOutcomes(database, [{ waiting, kind: "stored", answer: answerTo(row), page: row.page }]);
  return (await database.get("annotations", row.id)) as AnnotationRow;
}

describe("saving", () => {
  test("an annotation, its snapshot and their outbox rows are written together, the snapshot to be sent first", async () => {
    const database = await aLibrary();
    const row = { id: uuid7(), written: written(), author: ME, page: await urlKey(PAGE), now: NOW };
    const snapshot = await aSnapshot();
    await addAnnotation(database, row, snapshot);
    expect(await outbox(database)).toEqual([`snapshot:${snapshot.id}`, `annotation:${row.id}`]);
    expect(await database.get("annotations", row.id)).toMatchObject({ base: null, deleted: null });
  });

  test("the same text at two addresses is sent for both", async () => {
    const database = await aLibrary();
    const facts = { ...(await aSnapshot()).facts, url: "https://mirror.example/story" };
    const [here, there] = [await aSnapshot(), await aSnapshot({ facts })];
    for (const snapshot of [here, there, here]) await addSnapshot(database, snapshot);
    expect(await outbox(database)).toEqual([`snapshot:${here.id}`, `snapshot:${there.id}`]);
  });

  test("nothing is written when one part of it fails", async () => {
    const database = await aLibrary();
    const row = await aHighlight(database);
    const again = { id: row.id, written: written(), author: ME, page: row.page, now: NOW };
    await expect(addAnnotation(database, again, await aSnapshot())).rejects.toThrow();
    expect(await database.count("snapshots")).toBe(0);
    expect(await outbox(database)).toEqual([`annotation:${row.id}`]);
  });

  test("a write that throws half-way leaves nothing behind", async () => {
    const database = await aLibrary();
    const row = await aHighlight(database);
    const deed = inOneWrite(database, async (tx) => {
      await tx.objectStore("annotations").delete(row.id);
      throw new Error("no such luck");
    });
    await expect(deed).rejects.toThrow("no such luck");
    expect(await database.get("annotations", row.id)).toBeDefined();
  });

  test("what was saved is there for whoever opens the database anew", async () => {
    const user = uuid7();
    const row = await aHighlight(await aLibrary(user));
    const again = await openLibrary({ server: "https://annotator.test", user });
    expect(await again.get("annotations", row.id)).toEqual(row);
    again.close();
  });

  test("another user, and another server, have another database", async () => {
    const names = await Promise.all(
      [
        { server: "https://a.test", user: "1" },
        { server: "https://a.test", user: "2" },
        { server: "https://b.test", user: "1" },
      ].map(databaseName),
    );
    expect(new Set(names).size).toBe(3);
  });
});

describe("changing", () => {
  test("a create and its edits are one row in the outbox", async () => {
    const database = await aLibrary();
    const { id } = await aHighlight(database);
    await editAnnotation(database, id, { note: "one" }, NOW);
    await editAnnotation(database, id, { note: "one two", tags: [" b ", "a", "b"] }, NOW);
    expect(await outbox(database)).toEqual([`annotation:${id}`]);
    expect((await database.get("annotations", id))?.written).toMatchObject({
      note: "one two",
      tags: ["a", "b"],
      motivation: "commenting",
    });
  });

  test("a create that was never sent and is deleted leaves nothing to send", async () => {
    const database = await aLibrary();
    const { id } = await aHighlight(database);
    await deleteAnnotation(database, id, NOW);
    expect(await outbox(database)).toEqual([]);
    await restoreAnnotation(database, id, NOW);
    expect(await outbox(database)).toEqual([`annotation:${id}`]);
  });

  test("a create that may have arrived and is deleted has to be followed up", async () => {
    const database = await aLibrary();
    const row = await aHighlight(database);
    await leaseNext(database);
    await deleteAnnotation(database, row.id, NOW);
    expect(await outbox(database)).toEqual([`annotation:${row.id}`]);
  });

  test("an edit taken back before it was sent leaves nothing to send", async () => {
    const database = await aLibrary();
    const row = await sent(database, await aHighlight(database));
    expect(await outbox(database)).toEqual([]);
    await editAnnotation(database, row.id, { color: "blue" }, NOW);
    expect(await outbox(database)).toEqual([`annotation:${row.id}`]);
    await editAnnotation(database, row.id, { color: "yellow" }, NOW);
    expect(await outbox(database)).toEqual([]);
  });

  test("an edit made while the request was under way is sent too", async () => {
    const database = await aLibrary();
    const row = await aHighlight(database);
    const { waiting } = await leaseNext(database);
    await editAnnotation(database, row.id, { note: "meanwhile" }, NOW);
    await noteOutcomes(database, [{ waiting, kind: "stored", answer: answerTo(row), page: row.page }]);
    expect(await outbox(database)).toEqual([`annotation:${row.id}`]);
    expect(await database.get("annotations", row.id)).toMatchObject({
      written: { note: "meanwhile" },
      base: { revision: 1, written: { note: "" } },
    });
  });

  test("what is gone cannot be changed", async () => {
    const database = await aLibrary();
    const { id } = await aHighlight(database);
    await deleteAnnotation(database, id, NOW);
    await expect(editAnnotation(database, id, { note: "x" }, NOW)).rejects.toThrow(Gone);
    await expect(deleteAnnotation(database, uuid7(), NOW)).rejects.toThrow(Gone);
  });
});

describe("the outbox", () => {
  test("a leased row is not due until the lease has run out", async () => {
    const database = await aLibrary();
    const row = await aHighlight(database);
    await leaseNext(database, 1000);
    expect(await nextDue(database, 1001)).toBeUndefined();
    expect((await nextDue(database, 1000 + 60_000))?.key).toBe(row.id);
  });

  test("the lease of a worker that was stopped is ended by the next; a back-off is not", async () => {
    const database = await aLibrary();
    const row = await aHighlight(database);
    await leaseNext(database, 1000);
    await endLeases(database);
    expect((await nextDue(database, 1001))?.key).toBe(row.id);
    const { waiting } = await leaseNext(database, 1001);
    await noteOutcomes(database, [{ waiting, kind: "later", notBefore: 9000 }]);
    await endLeases(database);
    expect(await nextDue(database, 1002)).toBeUndefined();
  });

  test("what fits is leased, in order, and at least one row whatever its size", async () => {
    const database = await aLibrary();
    const rows = [];
    for (let count = 0; count < 5; count++) rows.push(await aHighlight(database));
    const due = () => dueAfter(database, 1000, 0, 10);
    const some = await leaseAnnotations(database, await due(), 1000, {
      items: 3,
      bytes: 1_000,
      sizeOf: () => 1,
    });
    expect(some.sendings.map(({ row }) => row.id)).toEqual(rows.slice(0, 3).map(({ id }) => id));
    expect(some.looked).toBe(3);
    const large = await leaseAnnotations(database, await due(), 1000, {
      items: 3,
      bytes: 10,
      sizeOf: () => 11,
    });
    expect(large.sendings.map(({ row }) => row.id)).toEqual([rows[3]?.id]);
    expect((await due()).map(({ key }) => key)).toEqual([rows[4]?.id]);
  });

  test("a clock that was set back does not hold a row for years", () => {
    const row = { refused: null, notBefore: 4_000_000_000_000 } as Waiting;
    expect(isDue(row, 1_700_000_000_000)).toBe(true);
    expect(isDue({ ...row, notBefore: 1_700_000_000_000 + LONGEST_WAIT }, 1_700_000_000_000)).toBe(false);
  });

  const refusal = { status: 400, code: "invalid", message: "note: too long", fields: {} };

  test("a refused row lets the others pass, and gets its next chance when it is edited", async () => {
    const database = await aLibrary();
    const first = await aHighlight(database);
    const second = await aHighlight(database);
    await quarantine(database, (await nextDue(database)) as Waiting, refusal);
    expect((await nextDue(database))?.key).toBe(second.id);
    expect(await countUnsent(database)).toEqual({ unsent: 1, refused: 1 });
    await editAnnotation(database, first.id, { note: "shorter" }, NOW);
    expect((await nextDue(database))?.key).toBe(first.id);
  });

  test("giving up a refused edit brings back what the server has; a refused create goes", async () => {
    const database = await aLibrary();
    const row = await sent(database, await aHighlight(database));
    await editAnnotation(database, row.id, { note: "x" }, NOW);
    await quarantine(database, (await nextDue(database)) as Waiting, refusal);
    await settleRefused(database, row.id, "discard");
    expect((await database.get("annotations", row.id))?.written.note).toBe("");
    const fresh = await aHighlight(database);
    await quarantine(database, (await nextDue(database)) as Waiting, refusal);
    await settleRefused(database, fresh.id, "discard");
    expect(await database.get("annotations", fresh.id)).toBeUndefined();
    expect(await outbox(database)).toEqual([]);
  });
});
