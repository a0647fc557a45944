/** What a tab is told when annotations of its page change elsewhere, at an awkward moment. */
import { expect, test, vi } from "vitest";

vi.mock("../../../extension/browser.ts", () => import("./fake-browser.ts"));

import { annotationsChanged } from "../../../extension/background/news.ts";
import { changeReading, readingOf } from "../../../extension/background/readings.ts";
import { pageKeys } from "../../../extension/store/pages.ts";
import { openLibrary } from "../../../extension/store/schema.ts";
import { highlight, OWNER, page, value } from "./background.ts";
import { browser, PANEL_SENDER, told } from "./fake-browser.ts";

const STORY = page().facts.url;
/** The same article under an address of its own, known by what it says is its canonical one. */
const COPY = "https://example.org/story-of-the-day";
const COPY_TAB = { id: "abc", tab: { id: 2, windowId: 1 }, url: COPY };

/** Titles tell whether a canonical address is to be believed: they come from the server's documents. */
async function serverKnowsTheStory(): Promise<string> {
  const { own } = await pageKeys(STORY, "");
  const database = await openLibrary(OWNER);
  const told = {
    id: "story",
    url: STORY,
    title: "Story",
    aliases: [STORY],
    snapshots: [],
    version: 1,
    seen: 1,
  };
  await database.put("documents", told);
  await database.put("aliases", { key: own, document: "story", url: STORY });
  database.close();
  return own;
}

const repaints = () => told.filter(({ tabId, name }) => tabId === 2 && name === "page.repaint");

test("a page whose text was not read yet looks for itself: that nothing is its own is not known", async () => {
  await highlight();
  const key = await serverKnowsTheStory();
  expect(await value("page.visit", { url: COPY, canonical: STORY }, COPY_TAB)).toMatchObject({ known: true });
  await annotationsChanged(new Set([key]));
  expect(repaints()).toMatchObject([{ payload: { page: null } }]);
});

test("a page that was read while the news was on its way is not painted as it was before", async () => {
  const { id } = await highlight();
  const key = await serverKnowsTheStory();
  await value("page.visit", { url: COPY, canonical: STORY }, COPY_TAB);
  const read = { ...page(), facts: { ...page().facts, url: COPY, canonical: STORY } };
  const { painted } = await value<{ painted: { id: string }[] }>(
    "page.read",
    { page: read, settled: false },
    COPY_TAB,
  );
  expect(painted).toMatchObject([{ id }]);
  const before = await readingOf(2);
  told.length = 0;

  // The number on the icon comes first: by then, the page has read another text of its own.
  browser.action.setBadgeText.mockImplementation(async () => {
    await changeReading(2, () => before && { ...before, digest: "of another text", placed: {} });
  });
  await annotationsChanged(new Set([key]), 1);
  expect(repaints()).toMatchObject([{ payload: { page: null } }]);
});

test("a page that was read is told its highlights as they are now", async () => {
  const { id } = await highlight();
  const key = await serverKnowsTheStory();
  const read = { ...page(), facts: { ...page().facts, url: COPY, canonical: STORY } };
  await value("page.visit", { url: COPY, canonical: STORY }, COPY_TAB);
  await value("page.read", { page: read, settled: false }, COPY_TAB);
  await value("annotation.delete", { id }, PANEL_SENDER);
  told.length = 0;
  await annotationsChanged(new Set([key]));
  expect(repaints()).toMatchObject([{ payload: { page: { url: COPY, painted: [] } } }]);
});
