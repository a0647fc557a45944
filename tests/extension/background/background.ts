/** A background to ask, connected to a server that is never reached. Its caller mocks `browser.ts` by `fake-browser.ts`. */
import { afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { annotationHandlers } from "../../../extension/background/interface.ts";
import { pageHandlers } from "../../../extension/background/pages.ts";
import { closeSession } from "../../../extension/background/session.ts";
import type { InterfaceHandlers } from "../../../extension/messaging.ts";
import { handle } from "../../../extension/messaging.ts";
import type { PageText, Painted } from "../../../extension/model.ts";
import { writeConnection } from "../../../extension/store/connection.ts";
import { deleteLibrary } from "../../../extension/store/schema.ts";
import { asked, local, session, told } from "./fake-browser.ts";

export const OWNER = { server: "https://annotator.test", user: "me" };
export const soon = vi.fn();
export const OTHER_TAB = { id: "abc", tab: { id: 2, windowId: 1 }, url: "https://example.org/story" };
export const ELSEWHERE = { id: "abc", tab: { id: 3, windowId: 1 }, url: "https://elsewhere.org/" };

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

export function page(
  text: string | string[] = "First words. And more.",
  url = "https://example.org/story",
): PageText {
  return {
    facts: { url, canonical: "", title: "Story", language: "en", site_name: "", byline: "", published: "" },
    extractor: "1",
    paragraphs: [text].flat().map((one) => ({ kind: "p", text: one, article: true })),
  };
}

export const SPAN = { start: { paragraph: 0, offset: 0 }, end: { paragraph: 0, offset: 5 } };
export const TARGET = { ...SPAN, quote: { exact: "First", prefix: "", suffix: " words. And more." } };

export async function value<T>(name: string, payload: unknown, sender?: object): Promise<T> {
  const reply = await asked(name, payload, sender);
  expect(reply).toMatchObject({ ok: true });
  return reply.value as T;
}

export async function highlight(): Promise<Painted> {
  const ask = { page: page(), target: TARGET, color: "yellow", shared: false };
  return (await value<{ painted: Painted }>("highlight.create", ask)).painted;
}
