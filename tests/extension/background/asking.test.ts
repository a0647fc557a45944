import { describe, expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import type { Painted } from "../../../extension/model.ts";
import { readConnection, writeConnection } from "../../../extension/store/connection.ts";
import { openLibrary } from "../../../extension/store/schema.ts";
import { ELSEWHERE, highlight, OTHER_TAB, OWNER, page, SPAN, soon, TARGET, value } from "./background.ts";
import { asked, local, ORIGIN, PANEL_SENDER, told } from "./fake-browser.ts";

describe("who may ask what", () => {
  test("a content script cannot ask what only the extension's own pages may", async () => {
    for (const name of ["panel.page", "annotation.get", "tags.all", "constructor", "nothing"]) {
      expect(await asked(name, {})).toMatchObject({ ok: false, failure: { code: "trouble_forbidden" } });
    }
  });

  test("a page of the extension cannot pose as a content script", async () => {
    const sender = { id: "abc", tab: { id: 1, windowId: 1 }, url: `${ORIGIN}options.html` };
    expect(await asked("highlight.delete", { id: "1" }, sender)).toMatchObject({ ok: false });
    expect(await asked("tags.all", {}, sender)).toMatchObject({ ok: true });
  });

  test("a page cannot speak for the address of another site", async () => {
    const visit = { url: "https://bank.example/", canonical: "" };
    expect(await asked("page.visit", visit)).toMatchObject({
      ok: false,
      failure: { code: "trouble_forbidden" },
    });
    const create = {
      page: page("First words.", "https://bank.example/"),
      target: TARGET,
      color: "yellow",
      shared: false,
    };
    expect(await asked("highlight.create", create)).toMatchObject({ failure: { code: "trouble_forbidden" } });
  });

  test("a page cannot change an annotation that is not on it", async () => {
    const { id } = await highlight();
    await value("page.visit", { url: ELSEWHERE.url, canonical: "" }, ELSEWHERE);
    for (const name of ["highlight.delete", "highlight.color", "highlight.restore"]) {
      const reply = await asked(name, { id, color: "blue" }, ELSEWHERE);
      expect(reply).toMatchObject({ ok: false, failure: { code: "trouble_gone" } });
    }
  });

  test("no answer to a page holds a word of the reader's", async () => {
    const { id } = await highlight();
    await value("annotation.write", { id, note: "secret words", tags: ["secret"] }, PANEL_SENDER);
    const answers = [
      await asked("page.visit", { url: page().facts.url, canonical: "" }),
      await asked("page.read", { page: page(), settled: true }),
      await asked("highlight.color", { id, color: "green" }),
    ];
    expect(JSON.stringify([answers, told])).not.toContain("secret");
    expect(answers[2]).toMatchObject({ value: { painted: { hasNote: true, color: "green" } } });
  });
});

describe("a visit", () => {
  test("of an unknown page learns nothing and asks for no exchange with the server", async () => {
    expect(await value("page.visit", { url: page().facts.url, canonical: "" })).toEqual({
      known: false,
      toolbar: true,
      shared: false,
      readOnly: false,
      color: "yellow",
      hidden: false,
      quotes: [],
    });
    expect(soon).not.toHaveBeenCalled();
  });

  test("tells the colour that was used last, on whatever page", async () => {
    const { id } = await highlight();
    await value("highlight.color", { id, color: "pink" });
    const elsewhere = { url: "https://elsewhere.org/", canonical: "" };
    expect(await value("page.visit", elsewhere, ELSEWHERE)).toMatchObject({ color: "pink" });
  });

  test("of the page in another spelling of its address finds the highlight", async () => {
    await highlight();
    const url = "https://www.example.org/story/?utm_source=x#top";
    const sender = { ...OTHER_TAB, url };
    expect(await value("page.visit", { url, canonical: "" }, sender)).toMatchObject({
      known: true,
      toolbar: true,
    });
  });

  test("offers nothing while paused or before a server is connected", async () => {
    await highlight();
    await local.set({ paused: true });
    const visit = { url: page().facts.url, canonical: "" };
    expect(await value("page.visit", visit)).toMatchObject({ known: false, toolbar: false });
    await local.set({ paused: false });
    await writeConnection(null);
    expect(await value("page.visit", visit)).toMatchObject({ known: false, toolbar: false });
    expect(await readConnection()).toBeNull();
  });
});

describe("a highlight", () => {
  test("is in the database, with the quote that stands there, when it is answered", async () => {
    const painted = await highlight();
    expect(painted).toMatchObject({ state: "exact", ...SPAN, hasNote: false });
    const database = await openLibrary(OWNER);
    expect(await database.get("annotations", painted.id)).toMatchObject({
      written: { target: { quote: { exact: "First" } } },
    });
    expect(await database.count("outbox")).toBe(2);
    database.close();
    expect(soon).toHaveBeenCalledOnce();
  });

  test("outside of the text, or of nothing but white space, is refused", async () => {
    for (const end of [
      { paragraph: 7, offset: 1 },
      { paragraph: 0, offset: 99 },
    ]) {
      const reply = await asked("highlight.create", {
        page: page(),
        target: { ...TARGET, end },
        color: "yellow",
        shared: false,
      });
      expect(reply).toMatchObject({ ok: false, failure: { code: "toolbar_impossible" } });
    }
    const blank = { ...TARGET, start: { paragraph: 0, offset: 5 }, end: { paragraph: 0, offset: 6 } };
    expect(
      await asked("highlight.create", { page: page(), target: blank, color: "yellow", shared: false }),
    ).toMatchObject({
      ok: false,
    });
  });

  test("is painted in the same place again, follows its words, and is orphaned where they are gone", async () => {
    await highlight();
    const read = async (text: string | string[]) =>
      (await value<{ painted: Painted[] }>("page.read", { page: page(text), settled: true })).painted[0];
    expect(await read("First words. And more.")).toMatchObject({ state: "exact", ...SPAN });
    expect(await read(["A new paragraph.", "First words. And more."])).toMatchObject({
      start: { paragraph: 1, offset: 0 },
    });
    expect(await read("Something else entirely.")).toMatchObject({
      state: "orphaned",
      start: null,
      end: null,
    });
  });

  test("is told from a twin with the same words around it by its whole paragraph", async () => {
    const body = "One sentence stands in the opening and again in the body of it";
    const story = [`${body} all`, "Between.", `${body} all, and goes on.`, "The end."];
    const target = {
      start: { paragraph: 2, offset: 4 },
      end: { paragraph: 2, offset: 12 },
      quote: { exact: "sentence", prefix: "", suffix: "" },
    };
    await value("highlight.create", { page: page(story), target, color: "yellow", shared: false });
    const now = ["An advertisement.", "Another.", ...story.slice(0, 3), "A third.", "The end."];
    const { painted } = await value<{ painted: Painted[] }>("page.read", { page: page(now), settled: true });
    expect(painted).toMatchObject([{ state: "exact", start: { paragraph: 4, offset: 4 } }]);
  });

  test("whose words were changed is edited, and its old paragraph is known", async () => {
    await highlight();
    const { painted } = await value<{ painted: Painted[] }>("page.read", {
      page: page("Frist words. And more."),
      settled: true,
    });
    expect(painted).toMatchObject([{ state: "edited", start: { paragraph: 0, offset: 0 } }]);
  });

  test("that was deleted comes back with undo", async () => {
    const { id } = await highlight();
    await value("highlight.delete", { id });
    const empty = await value<{ painted: Painted[] }>("page.read", { page: page(), settled: true });
    expect(empty.painted).toEqual([]);
    expect(await value("highlight.restore", { id })).toMatchObject({ painted: { id, ...SPAN } });
  });

  test("that another tab of the page shows changes there too", async () => {
    const { id } = await highlight();
    await value("page.visit", { url: page().facts.url, canonical: "" }, OTHER_TAB);
    await value("page.read", { page: page(), settled: true }, OTHER_TAB);
    told.length = 0;
    await value("highlight.color", { id, color: "pink" });
    await vi.waitFor(() =>
      expect(told).toMatchObject([
        { tabId: 2, name: "page.repaint", payload: { page: { painted: [{ id, color: "pink" }] } } },
      ]),
    );
  });
});
