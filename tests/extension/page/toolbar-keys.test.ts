import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { deedOf } from "../../../extension/page/toolbar-keys.ts";
import { Background, end, host, live, painted, press, rest, settled } from "./life.ts";

const STORY = `<h1 id="h">Walls</h1><p id="b">Work starts in May.</p><input id="field">`;

let background: Background;
let heard: string[];
const hear = (event: KeyboardEvent) => heard.push(event.key);
beforeEach(() => {
  background = new Background();
  heard = [];
  document.addEventListener("keydown", hear);
});
afterEach(() => {
  document.removeEventListener("keydown", hear);
  end();
});

const byId = (id: string) => document.getElementById(id) as HTMLElement;

/** Selects, highlights by the command, and goes into the toolbar by it. */
async function enterToolbar(): Promise<void> {
  const life = await live(STORY, background);
  await userEvent.click(byId("h"));
  await userEvent.tripleClick(byId("b"));
  await vi.waitFor(() => expect(host()).not.toBeNull());
  await life.highlight(null, false);
  await vi.waitFor(() => expect(background.kept).toHaveLength(1));
  await life.highlight(null, false);
  expect(document.activeElement).toBe(host());
}

test("in the toolbar digits choose the colour, letters do the rest, and the page below hears nothing of it", async () => {
  await enterToolbar();
  await userEvent.keyboard("3");
  await vi.waitFor(() => expect(painted()).toEqual({ blue: ["Work starts in May."] }));
  await userEvent.keyboard("n");
  await vi.waitFor(() => expect(background.asked.at(-1)).toEqual({ name: "note.open", ask: { id: "id-0" } }));
  await userEvent.keyboard("d");
  await vi.waitFor(() => expect(background.kept[0]?.deleted).toBe(true));
  await vi.waitFor(() => expect(document.activeElement).toBe(host()));
  await userEvent.keyboard("Z");
  await vi.waitFor(() => expect(painted()).toEqual({ blue: ["Work starts in May."] }));
  expect(heard).toEqual([]);
});

test("pressed again while the highlight is still being saved, the command goes into the toolbar all the same", async () => {
  const life = await live(STORY, background);
  await userEvent.tripleClick(byId("b"));
  await vi.waitFor(() => expect(host()).not.toBeNull());
  const saving = background.holdBack("highlight.create");
  const first = life.highlight(null, false);
  await background.isAsked("highlight.create");
  expect(await life.highlight(null, false)).toBe(true);
  expect(document.activeElement).toBe(host());
  saving.answer();
  await first;
  expect(background.kept).toHaveLength(1);
});

test("O goes on to the next of several highlights at one place", async () => {
  background.keep("Work starts", "green");
  background.keep("Work starts in May.", "pink");
  const life = await live(STORY, background);
  await userEvent.click(byId("h"));
  await userEvent.click(byId("b"), { position: { x: 20, y: 8 } });
  await life.highlight(null, false);
  await userEvent.keyboard("o4{Delete}");
  await vi.waitFor(() => expect(background.kept.map(({ deleted }) => deleted)).toEqual([false, true]));
});

test("while the keyboard is the page's, so is every key, in a field above all", async () => {
  await live(STORY, background);
  await userEvent.click(byId("h"));
  await userEvent.tripleClick(byId("b"));
  await vi.waitFor(() => expect(host()).not.toBeNull());
  await settled();
  await press("yellow");
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["Work starts in May."] }));
  await userEvent.keyboard("2dn");
  byId("field").focus();
  await userEvent.keyboard("3d");
  expect(heard).toEqual(["2", "d", "n", "3", "d"]);
  expect((byId("field") as HTMLInputElement).value).toBe("3d");
  expect(painted()).toEqual({ yellow: ["Work starts in May."] });
});

test("keys that a page's script makes do nothing, also while the toolbar has the keyboard", async () => {
  await enterToolbar();
  for (const target of [host(), document.body])
    target?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "d", code: "KeyD", bubbles: true, composed: true }),
    );
  await rest(50);
  expect(background.kept[0]?.deleted).toBe(false);
});

test("a key that is held, or pressed with Control, is not the toolbar's", async () => {
  await enterToolbar();
  await userEvent.keyboard("{Control>}d{/Control}");
  expect(background.kept[0]?.deleted).toBe(false);
  expect(deedOf(new KeyboardEvent("keydown", { key: "d", repeat: true }))).toBeNull();
});

test.each([
  ["French", { key: "é", code: "Digit2" }, "green"],
  ["Russian", { key: "т", code: "KeyN" }, "note"],
  ["Dvorak", { key: "n", code: "KeyL" }, "note"],
  ["German", { key: "z", code: "KeyY" }, "undo"],
  ["number pad", { key: "6", code: "Numpad6" }, "orange"],
])("a key of a %s keyboard is known", (_what, event, deed) => {
  expect(deedOf(new KeyboardEvent("keydown", event))).toBe(deed);
});
