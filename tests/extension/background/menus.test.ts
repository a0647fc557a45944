import { beforeAll, expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import { followTheBrowser, makeMenus } from "../../../extension/background/menus.ts";
import { connectionChanged } from "../../../extension/background/news.ts";
import type { PageVisit } from "../../../extension/messages.ts";
import type { PanelPage } from "../../../extension/model.ts";
import { readConnection, writeConnection } from "../../../extension/store/connection.ts";
import { openLibrary } from "../../../extension/store/schema.ts";
import { changeSyncState } from "../../../extension/store/sync-state.ts";
import { highlight, OWNER, page, soon, value } from "./background.ts";
import { browser, PANEL_SENDER, panel, told } from "./fake-browser.ts";

const TAB = { id: 1, windowId: 1 };
const STORY = { url: "https://example.org/story", canonical: "" };
const WINDOW = /note\.html\?id=/;

const choose = (menuItemId: string, more: object = {}) =>
  void browser.contextMenus.onClicked.fire({ menuItemId, ...more }, TAB);
const pressed = (command: string) => void browser.commands.onCommand.fire(command, TAB);
const title = () => (browser.action.setTitle.mock.lastCall as unknown as [{ title: string }])[0].title;
const hidden = async () => (await value<PanelPage>("panel.page", { tabId: 1 }, PANEL_SENDER)).hidden;
const opened = () =>
  (browser.windows.create.mock.calls as unknown as [{ url: string }][]).map(([{ url }]) => url);

beforeAll(() => followTheBrowser(soon));

async function signedIn(): Promise<void> {
  const row = await readConnection();
  if (row === null) throw new Error("no connection");
  await writeConnection({ ...row, tokens: { access: "a", refresh: "r", expires: 0 } });
}

async function notes(): Promise<string[]> {
  const database = await openLibrary(OWNER);
  const rows = await database.getAll("annotations");
  database.close();
  return rows.filter(({ written }) => written.motivation === "describing").map(({ id }) => id);
}

test("selections, pages, links and the icon have entries, and addresses that cannot be annotated have none of them", async () => {
  await makeMenus();
  const entries = browser.contextMenus.create.mock.calls.map(([entry]) => entry);
  const of = (context: string) => entries.filter(({ contexts }) => contexts.includes(context));
  expect(of("selection").map(({ id }) => id)).toEqual(["highlight", "note"]);
  expect(of("page").map(({ id }) => id)).toEqual(["panel", "page-note", "toggle-highlights"]);
  expect(of("action").map(({ id }) => id)).toEqual(["toggle-highlights"]);
  expect(of("link")).toMatchObject([{ id: "link-note", targetUrlPatterns: ["http://*/*", "https://*/*"] }]);
});

test("one key hides all highlights of a tab and shows them again; the icon's title says so", async () => {
  await signedIn();
  await highlight();
  await connectionChanged();
  pressed("toggle-highlights");
  await vi.waitFor(() => expect(title()).toBe("action_title_hidden"));
  expect(told.at(-1)).toEqual({ tabId: 1, name: "page.hide", payload: { hidden: true } });
  expect(await value<PageVisit>("page.visit", STORY)).toMatchObject({ hidden: true });
  expect(await hidden()).toBe(true);
  pressed("toggle-highlights");
  await vi.waitFor(() => expect(title()).toBe("action_title_count"));
  expect(told.at(-1)).toMatchObject({ name: "page.hide", payload: { hidden: false } });
  expect(await value<PageVisit>("page.visit", STORY)).toMatchObject({ hidden: false });
});

test("offline the title says so too: that the server is away is seen by the grey icon", async () => {
  await highlight();
  await signedIn();
  const database = await openLibrary(OWNER);
  await changeSyncState(database, { trouble: "trouble_offline" });
  database.close();
  pressed("toggle-highlights");
  await vi.waitFor(() => expect(title()).toBe("action_title_hidden"));
});

test("another tab keeps its highlights, and what is highlighted anew shows them again", async () => {
  await highlight();
  const there = await value("panel.hide", { tabId: 1, hidden: true }, PANEL_SENDER);
  expect(there).toEqual({ hidden: true });
  const elsewhere = { id: "abc", tab: { id: 2, windowId: 1 }, url: STORY.url };
  expect(await value<PageVisit>("page.visit", STORY, elsewhere)).toMatchObject({ hidden: false });
  await highlight();
  expect(await hidden()).toBe(false);
});

test("where nobody may enter nothing is hidden", async () => {
  const send = vi.spyOn(browser.tabs, "sendMessage").mockRejectedValue(new Error("nobody there"));
  browser.scripting.executeScript.mockRejectedValue(new Error("may not be scripted"));
  expect(await value("panel.hide", { tabId: 1, hidden: true }, PANEL_SENDER)).toEqual({ hidden: false });
  browser.scripting.executeScript.mockResolvedValue([]);
  send.mockRestore();
});

test("a note on the page opens the panel in the click, and in it the note; a window where no panel may open", async () => {
  const answering = vi.spyOn(browser.tabs, "sendMessage").mockImplementation(async () => ({
    ok: true,
    value: { page: page() },
  }));
  choose("page-note");
  expect(panel.open).toHaveBeenCalledOnce();
  await vi.waitFor(async () => expect(await notes()).toHaveLength(1));
  await vi.waitFor(() =>
    expect(browser.runtime.sendMessage).toHaveBeenCalledWith(expect.objectContaining({ name: "note.show" })),
  );
  expect(opened()).toEqual([]);
  panel.open.mockRejectedValueOnce(new Error("may only be opened in a click"));
  choose("page-note");
  await vi.waitFor(() => expect(opened()).toEqual([expect.stringMatching(WINDOW)]));
  answering.mockRestore();
});

test("a note on a linked page asks for its site, opens it, and begins when its script answers", async () => {
  const answering = vi.spyOn(browser.tabs, "sendMessage").mockImplementation(async () => ({
    ok: true,
    value: { page: page("Linked words.", "https://example.org/linked") },
  }));
  const tab = vi.spyOn(browser.tabs, "get").mockResolvedValue({
    id: 9,
    url: "https://example.org/linked",
    title: "Linked",
  });
  choose("link-note", { linkUrl: "https://example.org/linked" });
  expect(browser.permissions.request).toHaveBeenCalledWith({ origins: ["https://example.org/*"] });
  await vi.waitFor(() => expect(browser.tabs.create).toHaveBeenCalledOnce());
  expect([await notes(), opened()]).toEqual([[], []]);
  const linked = { id: "abc", tab: { id: 9, windowId: 1 }, url: "https://example.org/linked" };
  const visit = { url: "https://example.org/linked", canonical: "" };
  for (let visits = 0; visits < 3; visits++) await value("page.visit", visit, linked);
  await vi.waitFor(() => expect(opened()).toEqual([expect.stringMatching(WINDOW)]));
  expect(await notes()).toHaveLength(1);
  answering.mockRestore();
  tab.mockRestore();
});

test("a linked page is opened where asking is impossible and its site is allowed already", async () => {
  browser.permissions.request.mockRejectedValueOnce(new Error("only in a click"));
  choose("link-note", { linkUrl: "https://example.org/linked" });
  await vi.waitFor(() => expect(browser.tabs.create).toHaveBeenCalledOnce());
});

test("a linked page whose site is refused is not opened", async () => {
  browser.permissions.request.mockResolvedValueOnce(false);
  choose("link-note", { linkUrl: "https://example.org/linked" });
  choose("link-note", { linkUrl: "javascript:alert(1)" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(browser.permissions.request).toHaveBeenCalledOnce();
  expect(browser.tabs.create).not.toHaveBeenCalled();
});
