import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { Background, end, host, live, painted, rest } from "./life.ts";

const STORY = `<h1 id="h">Walls</h1><p id="a">The council voted.</p><p id="b">Work starts in May.</p>`;

let background: Background;
beforeEach(() => {
  background = new Background();
  background.keep("Work starts", "green");
});
afterEach(end);

const byId = (id: string) => document.getElementById(id) as HTMLElement;

test("hidden highlights are not painted and answer no click, and come back as they were", async () => {
  const life = await live(STORY, background);
  const before = document.documentElement.outerHTML;
  life.hide(true);
  expect([...CSS.highlights]).toEqual([]);
  await userEvent.click(byId("b"), { position: { x: 20, y: 8 } });
  expect(host()).toBeNull();
  expect(document.documentElement.outerHTML).toBe(before);
  life.hide(false);
  expect(painted()).toEqual({ green: ["Work starts"] });
  await userEvent.click(byId("b"), { position: { x: 20, y: 8 } });
  expect(host()).not.toBeNull();
});

test("a page that is opened in a tab with hidden highlights shows none, whatever changes there", async () => {
  background.hidden = true;
  const life = await live(STORY, background);
  expect(painted()).toEqual({});
  byId("b").outerHTML = "<p>Late news.</p><p>Work starts in June.</p>";
  await life.repaint(null);
  expect([...CSS.highlights]).toEqual([]);
  life.hide(false);
  expect(painted()).toEqual({ green: ["Work starts"] });
});

test("an answer that was asked for before they were hidden does not bring them back", async () => {
  const life = await live(STORY, background);
  const late = background.holdBack("page.visit");
  const looking = life.repaint(null);
  await rest(10);
  life.hide(true);
  late.answer();
  await looking;
  expect(painted()).toEqual({});
});

test("one that is looked for flashes all the same", async () => {
  const life = await live(STORY, background);
  life.hide(true);
  expect(life.show("id-0")).toBe(true);
  expect([...CSS.highlights].map(([name]) => name)).toEqual(["annotator-flash"]);
});

test("whoever highlights anew sees all of them again", async () => {
  const life = await live(STORY, background);
  life.hide(true);
  await userEvent.tripleClick(byId("a"));
  await vi.waitFor(() => expect(host()).not.toBeNull());
  await life.highlight("blue", false);
  await rest(20);
  expect(painted()).toEqual({ green: ["Work starts"], blue: ["The council voted."] });
});
