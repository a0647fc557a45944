import { describe, expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import { everythingHandlers } from "../../../extension/background/everything.ts";
import { ANYTHING } from "../../../extension/interface/use-everything.ts";
import type { Everything, Sought } from "../../../extension/model.ts";
import type { AnnotationRow } from "../../../extension/store/rows.ts";
import { openLibrary } from "../../../extension/store/schema.ts";
import { highlight, OWNER, page, SPAN, value } from "./background.ts";
import { browser, PANEL_SENDER, told } from "./fake-browser.ts";

type Find = (typeof everythingHandlers)["everything.find"];
const find = (sought: Partial<Sought> = {}, first = 0, count = 10): ReturnType<Find> =>
  everythingHandlers["everything.find"](
    { sought: { ...ANYTHING, ...sought }, first, count, fresh: true },
    { tabId: null },
  );
const quotes = async (sought: Partial<Sought>): Promise<string[]> =>
  (await find(sought)).rows.map((row) => row?.quote ?? "");

async function second(): Promise<void> {
  const elsewhere = page("Élan. And more.", "https://www.example.org/other");
  const target = { ...SPAN, quote: { exact: "Élan.", prefix: "", suffix: " And more." } };
  const from = { id: "abc", tab: { id: 3, windowId: 1 }, url: "https://www.example.org/" };
  await value("highlight.create", { page: elsewhere, target, color: "green", shared: false }, from);
}

describe("everything", () => {
  test("finds by folded words, site, colour and day, with what there is to choose from", async () => {
    await highlight();
    await second();
    const all: Everything = await find();
    expect(all).toMatchObject({ all: 2, total: 2, sites: [{ name: "example.org", count: 2 }] });
    expect(all.rows.map((row) => row?.title)).toEqual(["Story", "Story"]);
    expect(await quotes({ text: "ELAN" })).toEqual(["Élan."]);
    expect(await quotes({ text: "first nowhere" })).toEqual([]);
    expect(await quotes({ color: "yellow" })).toEqual(["First"]);
    expect(await quotes({ site: "elsewhere.org" })).toEqual([]);
    const { format } = new Intl.DateTimeFormat("sv");
    expect(await quotes({ from: format(new Date()) })).toHaveLength(2);
    expect(await quotes({ to: format(new Date(Date.now() - 24 * 3600e3)) })).toEqual([]);
    expect(await quotes({ from: "no day" })).toEqual([]);
  });

  test("gives the part of the list that is asked for, and knows of what is written at once", async () => {
    const { id } = await highlight();
    await second();
    expect((await find({}, 1, 1)).rows).toHaveLength(1);
    expect((await find({}, 5, 1)).rows).toEqual([]);
    await value("annotation.write", { id, tags: ["syrie"] }, PANEL_SENDER);
    const question = { sought: { ...ANYTHING, tag: "syrie" }, first: 0, count: 5, fresh: false };
    expect(await everythingHandlers["everything.find"](question, { tabId: null })).toMatchObject({
      total: 1,
    });
    await value("annotation.delete", { id }, PANEL_SENDER);
    expect(await everythingHandlers["everything.find"](question, { tabId: null })).toMatchObject({ all: 1 });
  });

  test("tells how often each was answered", async () => {
    const { id } = await highlight();
    const database = await openLibrary(OWNER);
    const row = (await database.get("annotations", id)) as AnnotationRow;
    const written = { ...row.written, motivation: "replying" as const, parent: id };
    await database.put("annotations", { ...row, id: "answer", written });
    const { rows } = await find();
    expect(new Map(rows.map((found) => [found?.id, found?.replies]))).toEqual(
      new Map([
        [id, 1],
        ["answer", 0],
      ]),
    );
  });

  test("opens the tab that shows it, or a new one; a site that is not allowed gets the words in the address", async () => {
    const { id } = await highlight();
    const open = () => everythingHandlers["everything.open"]({ id }, { tabId: null });
    expect(await open()).toEqual({ opened: "tab" });
    expect(told.at(-1)).toMatchObject({ tabId: 1, name: "page.scroll", payload: { id } });
    const { session } = await import("./fake-browser.ts");
    session.clear();
    expect(await open()).toEqual({ opened: "page" });
    expect(browser.tabs.create).toHaveBeenLastCalledWith({ url: "https://example.org/story" });
    browser.permissions.contains.mockResolvedValueOnce(false);
    expect(await open()).toEqual({ opened: "passage" });
    const { url } = browser.tabs.create.mock.lastCall?.[0] ?? { url: "" };
    expect(url).toContain("https://example.org/story#:~:text=First");
  });

  test("never opens what is no web address", async () => {
    const { id } = await highlight();
    const database = await openLibrary(OWNER);
    const row = await database.get("annotations", id);
    if (row === undefined) throw new Error("no row");
    await database.put("annotations", { ...row, written: { ...row.written, url: "javascript:alert(1)" } });
    database.close();
    const opening = everythingHandlers["everything.open"]({ id }, { tabId: null });
    await expect(opening).rejects.toMatchObject({ code: "trouble_bad_address" });
  });

  test("copies what was found, with quote, note and source", async () => {
    const { id } = await highlight();
    await value("annotation.write", { id, note: "Why?" }, PANEL_SENDER);
    await second();
    const one = await everythingHandlers["markdown.one"]({ id }, { tabId: null });
    expect(one.markdown).toContain("> First\n\nWhy?\n\n— [Story](https://example.org/story#:~:text=First");
    const found = await everythingHandlers["markdown.found"](
      { sought: { ...ANYTHING, color: "green" } },
      { tabId: null },
    );
    expect(found).toMatchObject({ count: 1 });
    expect(found.markdown).toContain("## Story\n\n<https://www.example.org/other>\n\n> Élan.");
  });

  test("of a large mirror shows the newest at once, and tells when it knows what there is to choose from", async () => {
    const { id } = await highlight();
    const database = await openLibrary(OWNER);
    const row = (await database.get("annotations", id)) as AnnotationRow;
    const tx = database.transaction("annotations", "readwrite");
    for (let each = 0; each < 600; each++) {
      const created = new Date(Date.UTC(2020, 0, 1) + each * 3600e3).toISOString();
      // Ids that say nothing of the time, as of what was imported.
      const made = { ...row, id: `${(each * 7919) % 600} imported`, created };
      void tx.store.put(each === 599 ? { ...made, deleted: created } : made);
    }
    await tx.done;
    database.close();
    const early = await find();
    expect(early).toMatchObject({ all: 600, total: 600, first: 0, sites: [] });
    const toldAll = { to: "interface", name: "changed", payload: { what: "annotations" } };
    await vi.waitFor(() => expect(browser.runtime.sendMessage).toHaveBeenLastCalledWith(toldAll));
    const question = { sought: ANYTHING, first: 0, count: 10, fresh: false };
    const whole = await everythingHandlers["everything.find"](question, { tabId: null });
    expect(whole).toEqual({ ...early, sites: [{ name: "example.org", count: 600 }] });
    expect(whole.rows[0]?.id).toBe(id);
  });

  test("is empty before any server is connected", async () => {
    const { writeConnection } = await import("../../../extension/store/connection.ts");
    await writeConnection(null);
    expect(await find()).toMatchObject({ all: 0, rows: [] });
  });
});
