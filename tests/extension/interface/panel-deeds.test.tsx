import "./background.ts";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Panel } from "../../../extension/interface/Panel.tsx";
import { payloads, Refusal } from "./background.ts";
import { annotation, announce, close, fresh, open, shows, the, userEvent, world } from "./pages.tsx";

beforeEach(fresh);
afterEach(close);

const openPanel = () => open(<Panel address="chrome-extension://annotator/sidepanel.html" />);
const quotes = () => [...document.querySelectorAll("li article")].map((card) => card.getAttribute("data-id"));
const toast = () => document.querySelector(".toast")?.textContent ?? "";

describe("what it does", () => {
  test("a click on the words, or Enter, scrolls the page to them", async () => {
    annotation({ id: "one" });
    openPanel();
    await the("button", "Show on the page: The words of one").click();
    (the("button", "Show on the page: The words of one").element() as HTMLElement).focus();
    await userEvent.keyboard("{Enter}");
    await expect
      .poll(() => payloads("panel.show"))
      .toEqual([
        { tabId: 7, id: "one" },
        { tabId: 7, id: "one" },
      ]);
  });

  test("a lost highlight is attached to the selection, and undo takes it back", async () => {
    annotation({ id: "gone", state: "orphaned", start: null });
    openPanel();
    await the("button", "Attach here: The words of gone").click();
    await expect.poll(toast).toContain("Attached to the selection");
    expect(payloads("annotation.attach")).toEqual([{ id: "gone", tabId: 7 }]);
    await expect.element(the("region", "1 highlight")).toBeVisible();
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.element(the("region", "Not found on this page")).toBeVisible();
    expect(payloads("annotation.reattach")).toMatchObject([{ id: "gone", target: { snapshot: "old" } }]);
  });

  test("a highlight in its place can be given the selection instead", async () => {
    annotation({ id: "one" });
    openPanel();
    await the("button", "Edit: The words of one").click();
    await the("button", "Use the selection instead: The words of one").click();
    await expect.poll(() => payloads("annotation.attach")).toEqual([{ id: "one", tabId: 7 }]);
  });

  test("without a selection, attaching says what to do", async () => {
    annotation({ id: "gone", state: "orphaned", start: null });
    world.instead["annotation.attach"] = () => {
      throw new Refusal("trouble_no_selection");
    };
    openPanel();
    await the("button", "Attach here: The words of gone").click();
    await expect.poll(toast).toContain("Nothing is selected on the page");
  });

  test("a note is saved as it is typed, and “Saved” is said only after the answer", async () => {
    annotation({ id: "one" });
    let answer = () => {};
    world.instead["annotation.write"] = ({ id, note }) =>
      new Promise((resolve) => {
        answer = () => resolve({ annotation: annotation({ id, note: note ?? "" }) });
      });
    openPanel();
    await the("button", "Edit: The words of one").click();
    await expect.element(the("textbox", "Note")).toHaveFocus();
    await userEvent.keyboard("Why?");
    // The first letter at once, the rest as soon as that is answered.
    expect(payloads("annotation.write")).toEqual([{ id: "one", note: "W" }]);
    answer();
    await expect.poll(() => payloads("annotation.write").at(-1)).toEqual({ id: "one", note: "Why?" });
    const said = () => document.querySelector(".save-state [role=status]")?.textContent;
    expect(said()).toBe("");
    answer();
    await expect.poll(said).toBe("Saved");
  });

  test("what was typed last is written when the editor closes at once", async () => {
    annotation({ id: "one" });
    openPanel();
    await the("button", "Edit: The words of one").click();
    await userEvent.keyboard("quick{Escape}");
    await expect.poll(() => world.rows.get("one")?.note).toBe("quick");
    await expect.element(the("button", "Edit: The words of one")).toHaveFocus();
  });

  test("closed, the card shows what was just written before the news of it comes round", async () => {
    annotation({ id: "one" });
    openPanel();
    await the("button", "Edit: The words of one").click();
    world.instead["panel.page"] = () => new Promise(() => undefined);
    await userEvent.keyboard("written");
    await expect.poll(() => world.rows.get("one")?.note).toBe("written");
    await userEvent.keyboard("{Escape}");
    expect(document.querySelector(".note")?.textContent).toBe("written");
  });

  test("a note that could not be saved says so, and is saved once the background is back", async () => {
    annotation({ id: "one" });
    openPanel();
    await the("button", "Edit: The words of one").click();
    world.away = true;
    await userEvent.keyboard("kept");
    await shows("Not saved.");
    world.away = false;
    await expect.poll(() => world.rows.get("one")?.note, { timeout: 3000 }).toBe("kept");
  });

  test("news from elsewhere do not overwrite what is being typed", async () => {
    annotation({ id: "one", note: "before" });
    openPanel();
    await the("button", "Edit: The words of one").click();
    world.away = true;
    await userEvent.fill(the("textbox", "Note"), "mine");
    await shows("Not saved.");
    annotation({ id: "one", note: "theirs" });
    world.away = false;
    announce("changed", { what: "annotations" });
    await expect.poll(() => payloads("panel.page").length).toBe(2);
    await expect.poll(() => world.rows.get("one")?.note, { timeout: 3000 }).toBe("mine");
    await expect.element(the("textbox", "Note")).toHaveValue("mine");
  });

  test("the page's toolbar opens a note here, focused, also one that was only just made", async () => {
    openPanel();
    await shows("Nothing highlighted here yet");
    annotation({ id: "new" });
    announce("note.show", { id: "new", tabId: 7 });
    await expect.element(the("textbox", "Note")).toHaveFocus();
    annotation({ id: "other", start: { paragraph: 3, offset: 0 } });
    announce("note.show", { id: "other", tabId: 99 });
    await userEvent.keyboard("here");
    await expect.poll(() => world.rows.get("new")?.note).toBe("here");
  });

  test("a wish that comes while the panel is still opening is heard", async () => {
    annotation({ id: "one" });
    world.instead["panel.page"] = () => {
      announce("note.show", { id: "one", tabId: 7 });
      world.instead = {};
      return { ...world.page, annotations: [...world.rows.values()] };
    };
    openPanel();
    await expect.element(the("textbox", "Note")).toHaveFocus();
  });

  test("tags are added with completion, by Enter or comma, and removed", async () => {
    annotation({ id: "one", tags: ["old"] });
    openPanel();
    await the("button", "Edit: The words of one").click();
    await userEvent.click(the("combobox", "Tags"));
    await userEvent.keyboard("syst");
    await expect.element(the("option", "Système")).toBeVisible();
    await userEvent.keyboard("{ArrowDown}{Enter}");
    await userEvent.keyboard("new one,OLD,");
    await expect.poll(() => world.rows.get("one")?.tags).toEqual(["old", "Système", "new one"]);
    await the("button", "Remove the tag old").click();
    await expect.poll(() => world.rows.get("one")?.tags).toEqual(["Système", "new one"]);
    await expect.element(the("combobox", "Tags")).toHaveFocus();
    // Said, and not shown: everybody else sees the tag go, and a message would cover what stands at the foot.
    expect(document.querySelector(".unseen[role=status]")?.textContent).toBe("Tag old removed");
    expect(toast()).toBe("");
  });

  test("the colour changes, and Ctrl+Z changes it back", async () => {
    annotation({ id: "one" });
    openPanel();
    await the("button", "Edit: The words of one").click();
    await userEvent.click(the("radio", "Blue"), { force: true });
    await expect.poll(() => world.rows.get("one")?.color).toBe("blue");
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.poll(() => world.rows.get("one")?.color).toBe("yellow");
    await shows("Undone");
  });
});

describe("deleting", () => {
  test("the focus moves to the neighbour, and “Undo” brings it back", async () => {
    annotation({ id: "one" });
    annotation({ id: "two", start: { paragraph: 2, offset: 0 } });
    openPanel();
    await the("button", "Delete: The words of one").click();
    await expect.poll(quotes).toEqual(["two"]);
    await expect.element(the("button", "Show on the page: The words of two")).toHaveFocus();
    expect(toast()).toContain("Highlight deleted");
    await the("button", "Undo").click();
    await expect.poll(quotes).toEqual(["one", "two"]);
    await expect.element(the("button", "Show on the page: The words of one")).toHaveFocus();
  });

  test("Ctrl+Z brings back one after the other, last first", async () => {
    annotation({ id: "one" });
    annotation({ id: "two", start: { paragraph: 2, offset: 0 } });
    openPanel();
    await the("button", "Delete: The words of one").click();
    await the("button", "Delete: The words of two").click();
    await expect.poll(quotes).toEqual([]);
    await expect.element(the("main", "Highlights")).toHaveFocus();
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.poll(quotes).toEqual(["two"]);
    await userEvent.keyboard("{Meta>}z{/Meta}");
    await expect.poll(quotes).toEqual(["one", "two"]);
  });

  test("Ctrl+Z in a note takes back typing, not a deed", async () => {
    annotation({ id: "one" });
    annotation({ id: "two", start: { paragraph: 2, offset: 0 } });
    openPanel();
    await the("button", "Delete: The words of one").click();
    await the("button", "Edit: The words of two").click();
    await userEvent.keyboard("text{Control>}z{/Control}");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(payloads("annotation.restore")).toEqual([]);
  });

  test("a delete that fails leaves the card and says why", async () => {
    annotation({ id: "one" });
    world.instead["annotation.delete"] = () => {
      throw new Error("full disk");
    };
    openPanel();
    await the("button", "Delete: The words of one").click();
    await vi.waitFor(() => expect(toast()).not.toBe(""));
    expect(quotes()).toEqual(["one"]);
  });
});

describe("the page as a whole", () => {
  test("a note on the page is begun, typed, and taken back by undo", async () => {
    openPanel();
    await the("button", "Note on this page").click();
    await expect.element(the("textbox", "Note")).toHaveFocus();
    await userEvent.keyboard("On all of it{Escape}");
    await expect.poll(() => world.rows.get("page-note")?.note).toBe("On all of it");
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.poll(() => world.rows.get("page-note")?.note).toBe("");
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.poll(() => world.rows.size).toBe(0);
  });

  test("what was written in one editor is one deed to undo: note and tags", async () => {
    annotation({ id: "one", note: "before", tags: ["syrie"] });
    openPanel();
    await the("button", "Edit: The words of one").click();
    await userEvent.fill(the("textbox", "Note"), "after");
    await userEvent.fill(the("combobox", "Tags"), "presse,");
    await expect.poll(() => world.rows.get("one")?.tags).toEqual(["syrie", "presse"]);
    await the("button", "Done").click();
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.poll(() => world.rows.get("one")).toMatchObject({ note: "before", tags: ["syrie"] });
    await expect.poll(toast).toContain("Undone");
  });

  test("the filter narrows the page's list, and says when nothing is left", async () => {
    annotation({ id: "one", quote: "Été à Paris" });
    annotation({ id: "two", start: { paragraph: 2, offset: 0 }, tags: ["syrie"] });
    openPanel();
    await shows("2 highlights");
    await userEvent.fill(the("searchbox", "Filter this page"), "ete");
    await expect.poll(quotes).toEqual(["one"]);
    await userEvent.fill(the("searchbox", "Filter this page"), "nowhere");
    await shows("Nothing matches");
    await the("button", "Clear the filters").click();
    await expect.poll(quotes).toEqual(["one", "two"]);
  });

  test("what has the focus is never under the message at the foot", async () => {
    for (let each = 0; each < 12; each += 1)
      annotation({ id: `n${each}`, start: { paragraph: each, offset: 0 } });
    openPanel();
    await the("button", "Delete: The words of n0").click();
    await expect.poll(toast).toContain("Highlight deleted");
    const line = () => document.querySelector(".toast")?.getBoundingClientRect().top ?? 0;
    for (let step = 0; step < 30; step += 1) {
      await userEvent.keyboard("{Tab}");
      const focused = document.activeElement;
      if (focused === null || focused.closest(".toast") !== null || focused === document.body) break;
      await expect.poll(() => focused.getBoundingClientRect().bottom).toBeLessThanOrEqual(line());
    }
  });
});

test("what was refused and given up is brought back by undo", async () => {
  annotation({ id: "one", send: { kind: "refused", reason: "the note is too long" } });
  openPanel();
  await the("button", "Discard the change").click();
  await shows("The change was discarded");
  await the("button", "Undo").click();
  await shows("Refused by the server: the note is too long");
  expect(payloads("refused.bring_back")).toEqual([{ before: { id: "one" } }]);
});
