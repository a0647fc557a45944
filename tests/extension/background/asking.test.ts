import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import { annotationHandlers } from "../../../extension/background/interface.ts";
import { pageHandlers } from "../../../extension/background/pages.ts";
import { closeSession } from "../../../extension/background/session.ts";
import type { InterfaceHandlers } from "../../../extension/messaging.ts";
import { handle } from "../../../extension/messaging.ts";
import type { AnnotationView, PageText, Painted, PanelPage } from "../../../extension/model.ts";
import { anchorsStored } from "../../../extension/store/anchors.ts";
import { readConnection, writeConnection } from "../../../extension/store/connection.ts";
import { deleteLibrary, openLibrary } from "../../../extension/store/schema.ts";
import { asked, browser, local, ORIGIN, PANEL_SENDER, panel, session, told } from "./fake-browser.ts";

const OWNER = { server: "https://annotator.test", user: "me" };
const soon = vi.fn();
const OTHER_TAB = { id: "abc", tab: { id: 2, windowId: 1 }, url: "https://example.org/story" };
const ELSEWHERE = { id: "abc", tab: { id: 3, windowId: 1 }, url: "https://elsewhere.org/" };

beforeAll(() => {
  handle({ page: pageHandlers(soon), interface: annotationHandlers(soon) as InterfaceHandlers });
});

beforeEach(async () => {
  const oauth = { client_id: "c", authorize: "/a", token: "/t", revoke: "/r", scopes: [] };
  await writeConnection({
    server: OWNER.server,
    user: { id: "me", name: "Ada" },
    library: "lib",
    oauth,
    tokens: null,
  });
});

afterEach(async () => {
  closeSession();
  await deleteLibrary(OWNER);
  await writeConnection(null);
  session.clear();
  local.clear();
  told.length = 0;
  vi.clearAllMocks();
});

function page(
  text: string | string[] = "First words. And more.",
  url = "https://example.org/story",
): PageText {
  return {
    facts: { url, canonical: "", title: "Story", language: "en", site_name: "", byline: "", published: "" },
    extractor: "1",
    paragraphs: [text].flat().map((one) => ({ kind: "p", text: one, article: true })),
  };
}

const SPAN = { start: { paragraph: 0, offset: 0 }, end: { paragraph: 0, offset: 5 } };
const TARGET = { ...SPAN, quote: { exact: "First", prefix: "", suffix: " words. And more." } };

async function value<T>(name: string, payload: unknown, sender?: object): Promise<T> {
  const reply = await asked(name, payload, sender);
  expect(reply).toMatchObject({ ok: true });
  return reply.value as T;
}

async function highlight(): Promise<Painted> {
  const ask = { page: page(), target: TARGET, color: "yellow" };
  return (await value<{ painted: Painted }>("highlight.create", ask)).painted;
}

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
    const create = { page: page("First words.", "https://bank.example/"), target: TARGET, color: "yellow" };
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
    });
    expect(soon).not.toHaveBeenCalled();
  });

  test("of the page in another spelling of its address finds the highlight", async () => {
    await highlight();
    const url = "https://www.example.org/story/?utm_source=x#top";
    const sender = { ...OTHER_TAB, url };
    expect(await value("page.visit", { url, canonical: "" }, sender)).toEqual({ known: true, toolbar: true });
  });

  test("offers nothing while paused or before a server is connected", async () => {
    await highlight();
    await local.set({ paused: true });
    const visit = { url: page().facts.url, canonical: "" };
    expect(await value("page.visit", visit)).toEqual({ known: false, toolbar: false });
    await local.set({ paused: false });
    await writeConnection(null);
    expect(await value("page.visit", visit)).toEqual({ known: false, toolbar: false });
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
      });
      expect(reply).toMatchObject({ ok: false, failure: { code: "toolbar_impossible" } });
    }
    const blank = { ...TARGET, start: { paragraph: 0, offset: 5 }, end: { paragraph: 0, offset: 6 } };
    expect(await asked("highlight.create", { page: page(), target: blank, color: "yellow" })).toMatchObject({
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
    await value("highlight.create", { page: page(story), target, color: "yellow" });
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
        { tabId: 2, name: "page.repaint", payload: { painted: [{ id, color: "pink" }] } },
      ]),
    );
  });
});

describe("the panel", () => {
  test("shows the page's annotations in page order, with what is unsent", async () => {
    const first = await highlight();
    const later = { ...SPAN, start: { paragraph: 0, offset: 13 }, end: { paragraph: 0, offset: 16 } };
    await value("highlight.create", { page: page(), target: { ...TARGET, ...later }, color: "blue" });
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
