import "./background.ts";

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoteWindow } from "../../../extension/interface/NoteWindow.tsx";
import { arrangeLibraries, DESK, ONE_LIBRARY, payloads } from "./background.ts";
import { annotation, announce, close, faults, fresh, open, shows, the, userEvent, world } from "./pages.tsx";

beforeEach(fresh);
afterEach(close);

const closing = vi.fn();
const openNote = (id = "one") => {
  closing.mockReset();
  open(<NoteWindow id={id} close={closing} />);
};

test("it shows the quote and is ready to be typed in", async () => {
  annotation({ id: "one", note: "before" });
  openNote();
  await expect.element(the("textbox", "Note")).toHaveFocus();
  await expect.element(the("textbox", "Note")).toHaveValue("before");
  await shows("The words of one");
  await shows("Yellow");
});

test("every input is saved while typing goes on, not only after it", async () => {
  annotation({ id: "one" });
  openNote();
  await expect.element(the("textbox", "Note")).toHaveFocus();
  for (const typed of ["a", "ab", "abc"]) {
    await userEvent.keyboard(typed.slice(-1));
    expect(payloads("annotation.write").at(-1)).toEqual({ id: "one", note: typed });
  }
  await userEvent.keyboard("def");
  await expect.poll(() => world.rows.get("one")?.note).toBe("abcdef");
});

test.each(["{Escape}", "{Control>}{Enter}{/Control}", "{Meta>}{Enter}{/Meta}"])(
  "%s writes and closes",
  async (keys) => {
    annotation({ id: "one" });
    openNote();
    await expect.element(the("textbox", "Note")).toHaveFocus();
    await userEvent.keyboard(`last words${keys}`);
    expect(closing).toHaveBeenCalledOnce();
    await expect.poll(() => world.rows.get("one")?.note).toBe("last words");
  },
);

test("it does not close over words that could not be kept, and closes once they are", async () => {
  annotation({ id: "one" });
  openNote();
  await expect.element(the("textbox", "Note")).toHaveFocus();
  world.away = true;
  await userEvent.keyboard("precious{Escape}");
  await shows("Not saved.");
  expect(closing).not.toHaveBeenCalled();
  world.away = false;
  await expect.poll(() => world.rows.get("one")?.note, { timeout: 4000 }).toBe("precious");
  await the("button", "Close").click();
  await expect.poll(() => closing.mock.calls.length).toBeGreaterThan(0);
});

test("a page that is hidden or goes away has written what was typed", async () => {
  annotation({ id: "one" });
  openNote();
  await expect.element(the("textbox", "Note")).toHaveFocus();
  // The first write is slow to be answered: what comes after it would wait.
  let answer = () => {};
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  world.instead["annotation.write"] = async ({ id, note }) => {
    await slow;
    return { annotation: annotation({ id, note: note ?? "" }) };
  };
  await userEvent.keyboard("xy");
  expect(payloads("annotation.write")).toEqual([{ id: "one", note: "x" }]);
  window.dispatchEvent(new PageTransitionEvent("pagehide"));
  expect(payloads("annotation.write").at(-1)).toEqual({ id: "one", note: "xy" });
  answer();
  await expect.poll(() => world.rows.get("one")?.note).toBe("xy");
});

test("a background that is restarting is asked until it answers", async () => {
  annotation({ id: "one", note: "kept" });
  world.away = true;
  openNote();
  await shows("The extension is restarting");
  world.away = false;
  await expect.element(the("textbox", "Note")).toHaveValue("kept");
  await expect.element(the("textbox", "Note")).toHaveFocus();
});

test("what was written elsewhere arrives in a field that nobody is typing in", async () => {
  annotation({ id: "one", note: "old" });
  openNote();
  await expect.element(the("textbox", "Note")).toHaveValue("old");
  annotation({ id: "one", note: "new" });
  announce("changed", { what: "annotations" });
  await expect.element(the("textbox", "Note")).toHaveValue("new");
});

test("a highlight that does not exist is said to be gone, and the window can be closed", async () => {
  openNote("gone");
  await shows("This highlight no longer exists");
  await the("button", "Close").click();
  await expect.poll(() => closing.mock.calls.length).toBe(1);
});

test("Escape in a half-typed tag empties it; the next one closes", async () => {
  annotation({ id: "one" });
  openNote();
  await userEvent.click(the("combobox", "Tags"));
  await userEvent.keyboard("pre{Escape}");
  expect(closing).not.toHaveBeenCalled();
  await userEvent.keyboard("{Escape}");
  await expect.poll(() => closing.mock.calls.length).toBe(1);
  expect(world.rows.get("one")?.tags).toEqual([]);
});

test("Ctrl+Enter takes a half-typed tag along", async () => {
  annotation({ id: "one" });
  openNote();
  await userEvent.click(the("combobox", "Tags"));
  await userEvent.keyboard("presse{Control>}{Enter}{/Control}");
  await expect.poll(() => closing.mock.calls.length).toBe(1);
  expect(world.rows.get("one")?.tags).toEqual(["presse"]);
});

test("axe finds nothing in it, with a note and without one", async () => {
  annotation({ id: "one", tags: ["syrie"] });
  openNote();
  await expect.element(the("textbox", "Note")).toHaveFocus();
  expect(await faults()).toEqual([]);
  openNote("gone");
  await shows("This highlight no longer exists");
  expect(await faults()).toEqual([]);
});

test("it says which library the note is in", async () => {
  annotation({ id: "one" });
  arrangeLibraries({ ...ONE_LIBRARY, chosen: DESK });
  openNote();
  await shows("Library: Foreign desk");
});

test("somebody else's note is there to be read, with its author", async () => {
  annotation({ id: "one", mine: false, author: "bob", note: "his **words**" });
  openNote();
  await shows("his words");
  await shows("bob");
  expect(document.querySelector("textarea")).toBeNull();
});
