/** A browser without context menus, commands, windows, side bar and `identity`, as Firefox for Android is. */
import { afterEach, expect, test, vi } from "vitest";

vi.mock("wxt/browser", async () => {
  const { browser } = await import("./fake-browser.ts");
  const { commands: _commands, contextMenus: _menus, windows: _windows, ...rest } = browser;
  return {
    browser: { ...rest, tabs: { ...rest.tabs, update: async (id: number) => ({ id, windowId: 1 }) } },
  };
});

import { followTheBrowser, makeMenus } from "../../../extension/background/menus.ts";
import { openNote } from "../../../extension/background/notes.ts";
import { goTo } from "../../../extension/interface/own-pages.ts";
import { signIn } from "../../../extension/sync/sign-in.ts";
import { soon } from "./background.ts";
import { browser, ORIGIN } from "./fake-browser.ts";

const opened = () => browser.tabs.create.mock.calls.map(([{ url }]) => url);

afterEach(() => vi.clearAllMocks());

test("the background starts, and a tap on the icon opens the panel in a tab of its own", async () => {
  followTheBrowser(soon);
  await makeMenus();
  expect(browser.contextMenus.create).not.toHaveBeenCalled();
  browser.action.onClicked.fire({ id: 7, windowId: 1 });
  await vi.waitFor(() => expect(opened()).toEqual([`${ORIGIN}sidepanel.html?tab=7`]));
});

test("a note is typed in a tab", async () => {
  expect(await openNote("one", 7)).toEqual({ opened: "window" });
  expect(opened()).toEqual([`${ORIGIN}note.html?id=one`]);
});

test("a tab is brought forward without a window to raise", async () => {
  await goTo(7, "https://example.org/");
  expect(opened()).toEqual([]);
});

test("signing in says that this browser offers no way to, and nothing breaks", async () => {
  const oauth = { client_id: "c", authorize: "/a", token: "/t", revoke: "/r", scopes: [] };
  await expect(signIn("https://annotator.test", oauth)).rejects.toMatchObject({
    failure: "trouble_sign_in_unsupported",
  });
});
