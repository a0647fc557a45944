/** In a library that others read, or that is only read: what the toolbar offers, and what goes with a highlight. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { Background, end, host, live, rest } from "./life.ts";

const STORY = `<h1 id="h">Walls</h1><p id="b">Work starts in May.</p>`;

let background: Background;
beforeEach(() => {
  background = new Background();
});
afterEach(end);

const byId = (id: string) => document.getElementById(id) as HTMLElement;
const shared = () =>
  background.asked.flatMap((one) => (one.name === "highlight.create" ? [one.ask.shared] : []));

async function select(): Promise<void> {
  await userEvent.click(byId("h"));
  await userEvent.tripleClick(byId("b"));
}

test("a highlight takes along what the toolbar said of the library", async () => {
  const life = await live(STORY, background);
  await select();
  await life.highlight(null, false);
  background.shared = true;
  await life.repaint(null);
  await select();
  await life.highlight(null, false);
  expect(shared()).toEqual([false, true]);
});

test("an open toolbar goes away when another kind of library is chosen", async () => {
  const life = await live(STORY, background);
  await select();
  await vi.waitFor(() => expect(host()).not.toBeNull());
  await life.repaint(null);
  expect(host()).not.toBeNull();
  background.shared = true;
  await life.repaint(null);
  expect(host()).toBeNull();
});

test("where one may only read, a selection is offered nothing, and a key says why", async () => {
  background.toolbar = false;
  background.readOnly = true;
  const life = await live(STORY, background);
  await select();
  await rest(50);
  expect(host()).toBeNull();
  expect(await life.highlight(null, true)).toBe(false);
  expect(host()).not.toBeNull();
  expect(background.count("highlight.create")).toBe(0);
});

test("what somebody else made has one button, which shows it", async () => {
  background.keep("Work starts");
  background.mine = false;
  await live(STORY, background);
  await userEvent.click(byId("b"), { position: { x: 20, y: 8 } });
  const box = host()?.getBoundingClientRect() as DOMRect;
  expect(box.width).toBeLessThan(60);
  await rest(350);
  await userEvent.click(host() as HTMLElement);
  expect(background.asked.at(-1)).toEqual({ name: "note.open", ask: { id: "id-0" } });
});
