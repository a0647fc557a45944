import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import { connectionHandlers } from "../../../extension/background/connection.ts";
import { libraryHandlers, refreshLibraries } from "../../../extension/background/libraries.ts";
import { lines, needSession } from "../../../extension/background/session.ts";
import type { AnnotationView, Library, PanelPage } from "../../../extension/model.ts";
import { readConnection, writeConnection } from "../../../extension/store/connection.ts";
import { databaseName, deleteLibrary, openLibrary } from "../../../extension/store/schema.ts";
import { highlight, OWNER, page, soon, TARGET, value } from "./background.ts";
import { asked, browser, PANEL_SENDER, told } from "./fake-browser.ts";

const OWN: Library = { id: "lib", name: "Ada", role: "owner", own: true };
const DESK: Library = { id: "desk", name: "Private name of the desk", role: "editor", own: false };
const ARCHIVE: Library = { id: "archive", name: "Archive", role: "reader", own: false };
const TOKENS = { access: "a", refresh: null, expires: Date.now() + 1e9 };
const VISIT = { url: page().facts.url, canonical: "" };

const {
  "library.choose": choose,
  "library.unsent": unsent,
  "library.forget": forget,
} = libraryHandlers(soon);
const { "connection.sign_out": signOut, "connection.get": status } = connectionHandlers(soon);
const INSIDE = { tabId: null };
const shared = () => asked("highlight.create", { page: page(), target: TARGET, color: "blue", shared: true });
const panel = () => value<PanelPage>("panel.page", { tabId: 1 }, PANEL_SENDER);

/** What the server tells of the user's libraries from now on. */
function serverTells(libraries: readonly Library[]): void {
  const me = { user: { id: "me", username: "ada", name: "Ada" }, libraries };
  vi.stubGlobal("fetch", async () => Response.json(me));
}

beforeEach(async () => {
  const row = await readConnection();
  if (row === null) throw new Error("not connected");
  await writeConnection({ ...row, libraries: [OWN, DESK, ARCHIVE], tokens: TOKENS });
  serverTells([OWN, DESK, ARCHIVE]);
});

afterEach(async () => {
  vi.unstubAllGlobals();
  for (const library of ["desk", "archive"]) await deleteLibrary({ ...OWNER, library });
});

async function countIn(library?: string): Promise<number> {
  const database = await openLibrary(library === undefined ? OWNER : { ...OWNER, library });
  const count = await database.count("annotations");
  database.close();
  return count;
}

describe("the chosen library", () => {
  test("takes what is made, and alone is painted, listed and counted on the icon", async () => {
    await highlight();
    await choose({ id: "desk" }, INSIDE);
    expect(await value("page.visit", VISIT)).toMatchObject({ known: false, toolbar: true, shared: true });
    expect((await panel()).annotations).toEqual([]);
    expect(await shared()).toMatchObject({ ok: true });
    expect(await countIn()).toBe(1);
    expect(await countIn("desk")).toBe(1);
    const { annotations, unsent: waiting } = await panel();
    expect(annotations).toHaveLength(1);
    // What waits in the other one waits all the same.
    expect(waiting).toBe(2);
    expect(browser.action.setBadgeText).toHaveBeenLastCalledWith({ tabId: 1, text: "1" });
    await choose({ id: "lib" }, INSIDE);
    expect((await panel()).annotations[0]).toMatchObject({ color: "yellow" });
    expect(await value("page.visit", VISIT)).toMatchObject({ known: true, shared: false });
  });

  test("is not told to a page: only whether others read it", async () => {
    await value("page.visit", VISIT);
    await choose({ id: "desk" }, INSIDE);
    const answers = [await asked("page.visit", VISIT), await shared()];
    await value("page.read", { page: page(), settled: true });
    expect(told.map(({ name }) => name)).toContain("page.repaint");
    expect(JSON.stringify([answers, told])).not.toMatch(/Private name|"desk"/);
  });

  test("is never another than the one that the reader saw on the toolbar", async () => {
    await choose({ id: "desk" }, INSIDE);
    const create = { page: page(), target: TARGET, color: "blue", shared: false };
    expect(await asked("highlight.create", create)).toMatchObject({
      failure: { code: "trouble_other_library" },
    });
    expect((await countIn()) + (await countIn("desk"))).toBe(0);
    expect(told.at(-1)).toMatchObject({ name: "page.repaint", payload: { page: null } });
  });

  test("that is only read makes nothing, and says why", async () => {
    await choose({ id: "archive" }, INSIDE);
    expect(await value("page.visit", VISIT)).toMatchObject({ toolbar: false, readOnly: true });
    for (const [name, payload, from] of [
      ["highlight.create", { page: page(), target: TARGET, color: "blue", shared: true }, undefined],
    ] as const)
      expect(await asked(name, payload, from)).toMatchObject({ failure: { code: "trouble_read_only" } });
    expect(await countIn("archive")).toBe(0);
  });

  test("that the user does not have is refused", async () => {
    await expect(choose({ id: "elsewhere" }, INSIDE)).rejects.toMatchObject({ code: "trouble_library_gone" });
    expect((await needSession()).library).toEqual(OWN);
  });
});

test("a note that is open is kept in the library it was begun in, whichever is chosen meanwhile", async () => {
  const { id } = await highlight();
  await choose({ id: "desk" }, INSIDE);
  await value("annotation.write", { id, note: "typed before and after" }, PANEL_SENDER);
  const answer = await value<{ annotation: AnnotationView; library: Library }>(
    "annotation.get",
    { id },
    PANEL_SENDER,
  );
  expect(answer).toMatchObject({ annotation: { note: "typed before and after" }, library: { id: "lib" } });
  expect(await countIn("desk")).toBe(0);
});

test("sent are the chosen library's changes, and those of every other one that still has some", async () => {
  await choose({ id: "desk" }, INSIDE);
  expect((await lines()).map(({ library }) => library)).toEqual(["desk"]);
  await shared();
  await choose({ id: "lib" }, INSIDE);
  expect((await lines()).map(({ library }) => library)).toEqual(["desk", "lib"]);
  const row = await readConnection();
  await writeConnection(row && { ...row, tokens: null });
  expect(await lines()).toEqual([]);
});

describe("taken out of a library", () => {
  test("the user is back in the own one; what was never sent can be copied, and is removed when told to", async () => {
    await choose({ id: "desk" }, INSIDE);
    await shared();
    serverTells([OWN, ARCHIVE]);
    expect(await refreshLibraries(true)).toBe(true);
    expect((await needSession()).library).toEqual(OWN);
    const { connection } = await status({}, INSIDE);
    expect(connection).toMatchObject({
      libraries: { chosen: OWN, left: [{ id: "desk", name: DESK.name, unsent: 1 }] },
    });
    const copied = await unsent({ id: "desk" }, INSIDE);
    expect(copied.count).toBe(1);
    expect(copied.markdown).toContain("> First");
    await forget({ id: "desk" }, INSIDE);
    expect(await namesOf()).not.toContain(await databaseName({ ...OWNER, library: "desk" }));
    await expect(unsent({ id: "desk" }, INSIDE)).rejects.toMatchObject({ code: "trouble_library_gone" });
  });

  test("nothing of it stays here where nothing of it was unsent", async () => {
    await choose({ id: "desk" }, INSIDE);
    const database = await openLibrary({ ...OWNER, library: "desk" });
    await database.put("documents", {
      id: "d",
      version: 1,
      url: "",
      title: "theirs",
      aliases: [],
      snapshots: [],
      seen: 0,
    });
    database.close();
    serverTells([OWN]);
    await refreshLibraries(true);
    const after = await openLibrary({ ...OWNER, library: "desk" });
    expect(await after.count("documents")).toBe(0);
    after.close();
  });

  test("a server that cannot be reached takes nobody out", async () => {
    await choose({ id: "desk" }, INSIDE);
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("offline");
    });
    expect(await refreshLibraries(true)).toBe(false);
    expect((await needSession()).library).toEqual(DESK);
  });
});

test("signing out forgets every mirror, and asks about what is unsent in any of them", async () => {
  await highlight();
  await choose({ id: "desk" }, INSIDE);
  await shared();
  expect(await status({}, INSIDE)).toMatchObject({ unsent: 2 });
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("offline");
  });
  await expect(signOut({ unsent: "send_first" }, INSIDE)).rejects.toMatchObject({ code: "trouble_offline" });
  await signOut({ unsent: "discard" }, INSIDE);
  const left = await namesOf();
  expect(left).not.toContain(await databaseName(OWNER));
  expect(left).not.toContain(await databaseName({ ...OWNER, library: "desk" }));
});

async function namesOf(): Promise<(string | undefined)[]> {
  return (await indexedDB.databases()).map(({ name }) => name);
}
