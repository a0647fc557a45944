import { expect, test } from "vitest";
import { editAnnotation } from "../../../extension/store/deeds.ts";
import { carryOver } from "../../../extension/store/moving.ts";
import { deleteLibrary, openLibrary } from "../../../extension/store/schema.ts";
import { changeSyncState, syncState } from "../../../extension/store/sync-state.ts";
import { aHighlight, NOW } from "./rows.ts";

const OLD = { server: "https://old.test", user: "moving" };
const MADE = { server: "https://new.test", user: "moving" };

test("a server's new address gets all of the mirror, with what is unsent; repeated, nothing is doubled", async () => {
  const old = await openLibrary(OLD);
  const unsent = await aHighlight(old);
  const edited = await aHighlight(old);
  await changeSyncState(old, { epoch: "e", since: 42 });
  old.close();
  await carryOver(OLD, MADE);

  const made = await openLibrary(MADE);
  expect((await made.getAllKeys("annotations")).sort()).toEqual([unsent.id, edited.id].sort());
  expect(await syncState(made)).toMatchObject({ epoch: "e", since: 42 });
  const subjects = async () => (await made.getAll("outbox")).map(({ subject }) => subject).sort();
  const before = await subjects();
  expect(before).toContain(`annotation:${unsent.id}`);

  // Stopped before the old one was gone, and something was written here meanwhile: that stays.
  await editAnnotation(made, edited.id, { note: "newer" }, NOW);
  await carryOver(OLD, MADE);
  expect(await subjects()).toEqual(before);
  expect((await made.get("annotations", edited.id))?.written.note).toBe("newer");
  made.close();
  await deleteLibrary(OLD);
  await deleteLibrary(MADE);
});

test("what is unsent is not lost to a row that the new address has told already", async () => {
  const old = await openLibrary(OLD);
  const row = await aHighlight(old);
  await editAnnotation(old, row.id, { note: "mine" }, NOW);
  old.close();
  const made = await openLibrary(MADE);
  await made.put("annotations", { ...row, base: { revision: 2, written: row.written } });
  await carryOver(OLD, MADE);
  expect((await made.get("annotations", row.id))?.written.note).toBe("mine");
  expect(await made.getAll("outbox")).not.toEqual([]);
  made.close();
  await deleteLibrary(OLD);
  await deleteLibrary(MADE);
});
