import { expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import { connectionChanged } from "../../../extension/background/news.ts";
import { reported } from "../../../extension/background/own-rows.ts";
import type { PanelPage } from "../../../extension/model.ts";
import { readConnection, writeConnection } from "../../../extension/store/connection.ts";
import { openLibrary } from "../../../extension/store/schema.ts";
import { changeSyncState } from "../../../extension/store/sync-state.ts";
import { probe } from "../../../extension/sync/probe.ts";
import { highlight, OWNER, value } from "./background.ts";
import { browser, PANEL_SENDER, session } from "./fake-browser.ts";

const icon = () => browser.action.setIcon.mock.lastCall as unknown as [{ path: Record<number, string> }];
const title = () => browser.action.setTitle.mock.lastCall as unknown as [{ tabId?: number; title: string }];
const badge = () =>
  browser.action.setBadgeText.mock.lastCall as unknown as [{ tabId?: number; text: string }];

async function signedIn(trouble = ""): Promise<void> {
  const row = await readConnection();
  if (row === null) throw new Error("no connection");
  await writeConnection({ ...row, tokens: { access: "a", refresh: "r", expires: 0 } });
  const database = await openLibrary(OWNER);
  await changeSyncState(database, { trouble });
  database.close();
}

test("the icon counts the page's highlights, in words too", async () => {
  await signedIn();
  await highlight();
  await connectionChanged();
  expect(icon()[0].path[16]).toBe("/icon-16.png");
  expect(badge()[0]).toEqual({ tabId: 1, text: "1" });
  expect(title()[0]).toEqual({ tabId: 1, title: "action_title_count" });
});

test("offline it is grey and says so, and still counts", async () => {
  await highlight();
  await signedIn("trouble_offline");
  await connectionChanged();
  expect(icon()[0].path[16]).toBe("/icon-away-16.png");
  expect(badge()[0]).toEqual({ tabId: 1, text: "1" });
  expect(title()[0]).toEqual({ tabId: 1, title: "action_title_offline" });
});

test("signed out it is grey with a mark, on pages that had a number too", async () => {
  await highlight();
  await connectionChanged();
  expect(icon()[0].path[16]).toBe("/icon-away-16.png");
  expect(badge()[0]).toEqual({ tabId: 1, text: "!" });
  expect(title()[0]).toEqual({ tabId: 1, title: "action_title_signed_out" });
});

test("a page that the browser keeps from everybody is told from one that has nothing yet", async () => {
  session.clear();
  const tab = { id: 5, url: "https://addons.example/", title: "Add-ons", status: "complete" };
  const get = vi.spyOn(browser.tabs, "get").mockResolvedValue(tab);
  const send = vi.spyOn(browser.tabs, "sendMessage").mockRejectedValue(new Error("nobody there"));
  const access = async () => (await value<PanelPage>("panel.page", { tabId: 5 }, PANEL_SENDER)).access;
  expect(await access()).toBe("ready");
  browser.scripting.executeScript.mockRejectedValueOnce(new Error("may not be scripted"));
  expect(await access()).toBe("restricted");
  browser.permissions.contains.mockResolvedValueOnce(false);
  expect(await access()).toBe("unpermitted");
  get.mockRestore();
  send.mockRestore();
});

test("a full disk has a name of its own", async () => {
  const full = new DOMException("no room", "QuotaExceededError");
  await expect(reported(Promise.reject(full))).rejects.toMatchObject({ code: "trouble_quota" });
  const other = new DOMException("strange", "UnknownError");
  await expect(reported(Promise.reject(other))).rejects.toMatchObject({ code: "trouble_storage" });
});

test("a server that moved is told from one that does not answer", async () => {
  const fetching = vi.spyOn(globalThis, "fetch");
  fetching.mockImplementation(async (_, init) => {
    if (init?.redirect !== "manual") throw new TypeError("Failed to fetch");
    return { type: "opaqueredirect" } as Response;
  });
  expect(await probe("https://old.example.org")).toMatchObject({ kind: "moved" });
  fetching.mockRejectedValue(new TypeError("Failed to fetch"));
  expect(await probe("http://old.example.org")).toMatchObject({ kind: "no_answer" });
  fetching.mockRestore();
});
