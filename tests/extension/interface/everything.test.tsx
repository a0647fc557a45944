import "./background.ts";

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Panel } from "../../../extension/interface/Panel.tsx";
import { payloads } from "./background.ts";
import {
  annotation,
  announce,
  close,
  faults,
  fresh,
  open,
  page,
  shows,
  the,
  userEvent,
  world,
} from "./pages.tsx";

beforeEach(fresh);
afterEach(close);

const openEverything = () =>
  open(<Panel address="chrome-extension://annotator/sidepanel.html?view=everything" />);
const toast = () => document.querySelector(".toast")?.textContent ?? "";
const shown = () =>
  [...document.querySelectorAll(".found-row [data-id]")].map((card) => card.getAttribute("data-id"));

/** `count` highlights, a day apart, the last one the newest. */
function many(count: number): void {
  for (let each = 0; each < count; each += 1) {
    const created = new Date(Date.UTC(2020, 0, 1 + each, 12)).toISOString();
    annotation({ id: `n${each}`, created, url: `https://site${each % 3}.example.org/${each}` });
  }
}

describe("what it lists", () => {
  test("the newest first, and of thousands only those that are seen are drawn", async () => {
    many(5000);
    openEverything();
    await shows("5,000 highlights");
    await expect.poll(() => shown()[0]).toBe("n4999");
    expect(shown().length).toBeLessThan(30);
    const row = document.querySelector(".found-row[data-index='3']");
    expect(row?.getAttribute("aria-setsize")).toBe("5000");
    expect(row?.getAttribute("aria-posinset")).toBe("4");
    window.scrollTo(0, document.documentElement.scrollHeight);
    await expect.poll(() => shown().at(-1)).toBe("n0");
    expect(shown().length).toBeLessThan(30);
  });

  test("a row that has the focus stays, however far the list is scrolled", async () => {
    many(500);
    openEverything();
    await expect.poll(() => shown()[0]).toBe("n499");
    (the("button", "Copy as Markdown: The words of n499").element() as HTMLElement).focus();
    window.scrollTo(0, document.documentElement.scrollHeight);
    await expect.poll(shown).toContain("n0");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Copy as Markdown: The words of n499");
  });

  test("the Tab key goes on to rows that were not drawn yet", async () => {
    many(60);
    openEverything();
    await expect.poll(() => shown()[0]).toBe("n59");
    (the("button", "Delete: The words of n59").element() as HTMLElement).focus();
    expect(shown()).not.toContain("n46");
    for (let step = 0; step < 4 * 13; step += 1) await userEvent.keyboard("{Tab}");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Delete: The words of n46");
  });

  test("news are shown where the reader is", async () => {
    many(3);
    openEverything();
    await shows("3 highlights");
    annotation({ id: "new", created: "2026-11-23T10:00:00Z" });
    announce("changed", { what: "annotations" });
    await expect.poll(() => shown()[0]).toBe("new");
  });
});

describe("finding", () => {
  test("every letter narrows the list, and Escape empties the field", async () => {
    annotation({ id: "a", quote: "Raqa est encerclée", tags: ["syrie"] });
    annotation({ id: "b", quote: "Mossoul", note: "la syrie aussi" });
    annotation({ id: "c", quote: "Paris" });
    openEverything();
    await shows("3 highlights");
    await userEvent.fill(the("searchbox", "Search everything"), "syrie");
    await shows("2 of 3");
    await userEvent.type(the("searchbox", "Search everything"), " mossoul");
    await shows("1 of 3");
    await expect.poll(shown).toEqual(["b"]);
    await userEvent.keyboard("{Escape}");
    await shows("3 highlights");
  });

  test("site, tag, colour and days each narrow it, and say how many there are", async () => {
    annotation({ id: "old", created: "2026-01-05T10:00:00Z", color: "green", tags: ["presse"] });
    annotation({ id: "new", created: "2026-11-05T10:00:00Z", url: "https://www.other.org/" });
    openEverything();
    await shows("2 highlights");
    await page.getByText("Site, tag, colour, date").click();
    const choose = (name: string, value: string) => userEvent.selectOptions(the("combobox", name), value);
    expect(the("combobox", "Site").element().textContent).toContain("other.org (1)");
    await choose("Site", "other.org");
    await expect.poll(shown).toEqual(["new"]);
    await choose("Site", "");
    await choose("Tag", "presse");
    await expect.poll(shown).toEqual(["old"]);
    await choose("Colour", "yellow");
    await shows("Nothing matches");
    expect(await faults()).toEqual([]);
    await page.getByRole("button", { name: "Clear the filters" }).first().click();
    await shows("2 highlights");
    await userEvent.fill(page.getByLabelText("To"), "2026-10-31");
    await expect.poll(shown).toEqual(["old"]);
    await shows("1 chosen");
  });

  test("an empty library says what will be here", async () => {
    openEverything();
    await shows("Nothing highlighted yet");
    expect(await faults()).toEqual([]);
  });
});

describe("doing", () => {
  test("a click on the words opens their page", async () => {
    annotation({ id: "one" });
    world.instead["everything.open"] = () => ({ opened: "passage" });
    openEverything();
    await the("button", "Open its page: The words of one").click();
    await expect.poll(() => payloads("everything.open")).toEqual([{ id: "one" }]);
    await shows("the browser itself looks for the words");
  });

  test("deleted, the next one has the focus, and Ctrl+Z brings it back", async () => {
    many(3);
    openEverything();
    await the("button", "Delete: The words of n2").click();
    await expect.poll(toast).toContain("Highlight deleted");
    announce("changed", { what: "annotations" });
    await expect.poll(shown).toEqual(["n1", "n0"]);
    await expect.element(the("button", "Open its page: The words of n1")).toHaveFocus();
    await userEvent.keyboard("{Control>}z{/Control}");
    announce("changed", { what: "annotations" });
    await expect.poll(shown).toEqual(["n2", "n1", "n0"]);
  });

  test("all that was found is copied as Markdown, and said how many", async () => {
    many(3);
    const written: string[] = [];
    const { clipboard } = navigator;
    const writeText = clipboard.writeText;
    clipboard.writeText = async (text) => void written.push(text);
    openEverything();
    await the("button", "Copy all as Markdown").click();
    await expect.poll(toast).toContain("3 copied as Markdown");
    await the("button", "Copy as Markdown: The words of n2").click();
    await expect.poll(toast).toContain("1 copied as Markdown");
    clipboard.writeText = writeText;
    expect(written).toEqual(["3 found", "one n2"]);
  });

  test("axe finds nothing in it, in English or in French", async () => {
    annotation({ id: "one", note: "a note", tags: ["syrie"], send: { kind: "refused", reason: "too long" } });
    annotation({ id: "two", mine: false, author: "Zoé", quote: "" });
    openEverything();
    await shows("2 highlights");
    await page.getByText("Site, tag, colour, date").click();
    expect(await faults()).toEqual([]);
    world.language = "fr";
    openEverything();
    await shows("2 surlignages");
    expect(await faults()).toEqual([]);
  });
});

describe("the tabs", () => {
  test("arrows go from this page to everything and back", async () => {
    annotation({ id: "one" });
    open(<Panel address="chrome-extension://annotator/sidepanel.html" />);
    await shows("1 highlight");
    await the("tab", "This page").click();
    await userEvent.keyboard("{ArrowRight}");
    await expect.element(the("tab", "Everything")).toHaveFocus();
    await expect.poll(shown).toEqual(["one"]);
    await userEvent.keyboard("{ArrowLeft}");
    await expect.element(the("tabpanel", "This page")).toBeVisible();
  });

  test("a note that is wanted from the page brings its tab forward", async () => {
    annotation({ id: "one" });
    openEverything();
    await expect.poll(shown).toEqual(["one"]);
    announce("note.show", { id: "one", tabId: 7 });
    await expect.element(the("textbox", "Note")).toHaveFocus();
  });
});
