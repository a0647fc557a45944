import { describe, expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import type { AnnotationView, PanelPage } from "../../../extension/model.ts";
import { anchorsStored } from "../../../extension/store/anchors.ts";
import type { AnnotationRow } from "../../../extension/store/rows.ts";
import { openLibrary } from "../../../extension/store/schema.ts";
import { highlight, OWNER, page, SPAN, TARGET, value } from "./background.ts";
import { asked, browser, ORIGIN, PANEL_SENDER, panel } from "./fake-browser.ts";

describe("the panel", () => {
  test("shows the page's annotations in page order, with what is unsent", async () => {
    const first = await highlight();
    const later = { ...SPAN, start: { paragraph: 0, offset: 13 }, end: { paragraph: 0, offset: 16 } };
    await value("highlight.create", {
      page: page(),
      target: { ...TARGET, ...later },
      color: "blue",
      shared: false,
    });
    const shown = await value<PanelPage>("panel.page", { tabId: 1 }, PANEL_SENDER);
    expect(shown).toMatchObject({
      access: "ready",
      unsent: 2,
      refused: 0,
      connection: { kind: "signed_out" },
    });
    expect(shown.annotations.map(({ quote }) => quote)).toEqual(["First", "And"]);
    expect(shown.annotations[0]).toMatchObject({
      id: first.id,
      send: { kind: "unsent" },
      state: "exact",
      mine: true,
    });
  });

  test("tells on every card how often it was answered, as the mirror has it", async () => {
    const { id } = await highlight();
    const database = await openLibrary(OWNER);
    const row = (await database.get("annotations", id)) as AnnotationRow;
    await database.put("annotations", { ...row, document: "article" });
    for (const [number, deleted] of [null, null, "2026-11-23T12:00:00Z"].entries()) {
      const written = { ...row.written, motivation: "replying" as const, parent: id };
      await database.put("annotations", { ...row, id: `${number}`, document: "article", deleted, written });
    }
    const { annotations } = await value<PanelPage>("panel.page", { tabId: 1 }, PANEL_SENDER);
    expect(annotations.map(({ motivation, replies }) => [motivation, replies])).toEqual(
      expect.arrayContaining([
        ["highlighting", 2],
        ["replying", 0],
      ]),
    );
    const { annotation } = await value<{ annotation: AnnotationView }>(
      "annotation.get",
      { id },
      PANEL_SENDER,
    );
    expect(annotation.replies).toBe(2);
  });

  test("writes note and tags, which are saved when it is answered", async () => {
    const { id } = await highlight();
    await value("annotation.write", { id, note: "a note", tags: ["  two  words "] }, PANEL_SENDER);
    const { annotation } = await value<{ annotation: AnnotationView }>(
      "annotation.get",
      { id },
      PANEL_SENDER,
    );
    expect(annotation).toMatchObject({ note: "a note", tags: ["two words"], motivation: "commenting" });
    expect(await value("tags.all", {}, PANEL_SENDER)).toEqual({ tags: ["two words"] });
  });

  test("is opened for a note within the click itself", () => {
    void asked("note.open", { id: "1" });
    expect(panel.open).toHaveBeenCalledWith({ tabId: 1 });
  });

  test("gives way to a small window where the browser refuses it", async () => {
    panel.open.mockRejectedValueOnce(new Error("no"));
    expect(await value("note.open", { id: "a b" })).toEqual({ opened: "window" });
    expect(browser.windows.create).toHaveBeenCalledWith(
      expect.objectContaining({ type: "popup", url: `${ORIGIN}note.html?id=a%20b` }),
    );
  });
});

describe("what the server refused", () => {
  test("is given up, and brought back as it was by undo", async () => {
    const { id } = await highlight();
    await value("annotation.write", { id, note: "too long" }, PANEL_SENDER);
    const database = await openLibrary(OWNER);
    const [waiting] = (await database.getAll("outbox")).filter(({ kind }) => kind === "annotation");
    if (waiting?.order === undefined) throw new Error("nothing waits");
    const refused = { status: 400, code: "invalid", message: "no", fields: {} };
    await database.put("outbox", { ...waiting, refused });
    const { before } = await value<{ before: AnnotationRow }>(
      "refused.settle",
      { id, deed: "discard" },
      PANEL_SENDER,
    );
    expect(await database.get("annotations", id)).toBeUndefined();
    await value("refused.bring_back", { before }, PANEL_SENDER);
    expect(await database.get("annotations", id)).toMatchObject({ written: { note: "too long" } });
    expect((await database.getAll("outbox")).filter(({ kind }) => kind === "annotation")).toMatchObject([
      { key: id, refused: null },
    ]);
    database.close();
  });
});

describe("snapshots", () => {
  const DAY = 24 * 60 * 60 * 1000;
  const read = (text: string) => asked("page.read", { page: page(text), settled: true });
  const count = async () => {
    const database = await openLibrary(OWNER);
    const kept = await database.count("snapshots");
    database.close();
    return kept;
  };

  test("of a changed page are kept at most once a day, whatever was highlighted", async () => {
    await highlight();
    await read("First words. And more, changed.");
    expect(await count()).toBe(2);
    await read("First words. And more, changed again.");
    expect(await count()).toBe(2);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * DAY);
    await read("First words. And more, changed again.");
    expect(await count()).toBe(3);
    await read("First words. And more, changed once more.");
    expect(await count()).toBe(3);
    vi.restoreAllMocks();
  });

  test("bring with them what became of the highlights, once", async () => {
    const { id } = await highlight();
    const database = await openLibrary(OWNER);
    const row = await database.get("annotations", id);
    if (row === undefined) throw new Error("no row");
    await database.put("annotations", { ...row, base: { revision: 1, written: row.written } });
    const anchors = async () =>
      (await database.getAll("outbox")).filter(({ kind }) => kind === "anchors").map((one) => one.anchors);

    await read("First words. And more, changed.");
    const place = { state: "exact", start: SPAN.start, end: SPAN.end };
    expect(await anchors()).toEqual([[{ annotation: id, ...place }]]);
    const [waiting] = (await database.getAll("outbox")).filter(({ kind }) => kind === "anchors");
    await anchorsStored(database, waiting?.key ?? "", waiting?.engine ?? 0, waiting?.anchors ?? []);
    await database.delete("outbox", waiting?.order ?? 0);
    await read("First words. And more, changed.");
    expect(await anchors()).toEqual([]);
    database.close();
  });
});
