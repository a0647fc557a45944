import "./background.ts";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Panel } from "../../../extension/interface/Panel.tsx";
import { activate, listening, loaded, payloads } from "./background.ts";
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

const openPanel = (query = "") =>
  open(<Panel address={`chrome-extension://annotator/sidepanel.html${query}`} />);
const quotes = () => [...document.querySelectorAll("li article")].map((card) => card.getAttribute("data-id"));
const toast = () => document.querySelector(".toast")?.textContent ?? "";

describe("what it lists", () => {
  test("highlights stand in page order, the lost ones in a group at the end", async () => {
    annotation({ id: "late", start: { paragraph: 4, offset: 0 } });
    annotation({ id: "lost", state: "orphaned", start: null });
    annotation({ id: "second", start: { paragraph: 2, offset: 9 } });
    annotation({ id: "first", start: { paragraph: 2, offset: 3 } });
    annotation({ id: "page-note", motivation: "describing", quote: "", start: null, state: null });
    openPanel();
    await expect.poll(quotes).toEqual(["page-note", "first", "second", "late", "lost"]);
    await expect.element(the("region", "3 highlights")).toBeVisible();
    expect(the("region", "Not found on this page").element().textContent).toContain("The words of lost");
    await expect.element(the("region", "Notes on the page")).toBeVisible();
  });

  test("a card tells colour, state, author, tags and what has not been sent, in words", async () => {
    annotation({
      id: "one",
      color: "pink",
      state: "edited",
      now: "Other words",
      tags: ["syrie"],
      mine: false,
      author: "Zoé",
    });
    annotation({ id: "two", start: { paragraph: 2, offset: 0 }, send: { kind: "unsent" } });
    openPanel();
    const card = () => document.querySelector<HTMLElement>('[data-id="one"]')?.innerText;
    await expect.poll(card).toContain("Pink");
    await expect.poll(card).toContain("The words have changed");
    await expect.poll(card).toContain("Other words");
    await expect.poll(card).toContain("syrie");
    await expect.poll(card).toContain("By Zoé");
    expect(the("article", "The words of two").element().textContent).toContain("Not sent yet");
    expect(the("button", /Edit: The words of one/).query()).toBeNull();
  });

  test("a note is shown as Markdown and never as markup", async () => {
    annotation({ id: "one", note: "**bold** <img src=x onerror=alert(1)> [go](javascript:alert(1))" });
    openPanel();
    await expect.element(page.getByText("bold", { exact: true })).toBeVisible();
    expect(document.querySelector(".note strong")?.textContent).toBe("bold");
    expect(document.querySelector(".note img, .note a")).toBeNull();
    await shows("[go](javascript:alert(1))");
  });

  test("a refused change says why, and can be tried again or discarded", async () => {
    annotation({ id: "one", send: { kind: "refused", reason: "the note is too long" } });
    openPanel();
    await shows("Refused by the server: the note is too long");
    await the("button", "Try again").click();
    await shows("Not sent yet");
    expect(payloads("refused.settle")).toEqual([{ id: "one", deed: "retry" }]);
  });
});

describe("where it looks", () => {
  test("it follows the active tab of its own window only", async () => {
    openPanel();
    await expect.poll(() => payloads("panel.page")).toEqual([{ tabId: 7 }]);
    activate(9, 2);
    activate(8);
    await expect.poll(() => payloads("panel.page")).toEqual([{ tabId: 7 }, { tabId: 8 }]);
    loaded(7);
    loaded(8);
    await expect.poll(() => payloads("panel.page")).toEqual([{ tabId: 7 }, { tabId: 8 }, { tabId: 8 }]);
  });

  test("opened in a tab, it stays with the tab that its address names", async () => {
    openPanel("?tab=12");
    await expect.poll(() => payloads("panel.page")).toEqual([{ tabId: 12 }]);
    activate(8);
    announce("changed", { what: "annotations" });
    await expect.poll(() => payloads("panel.page")).toEqual([{ tabId: 12 }, { tabId: 12 }]);
  });

  test("news from the background are shown", async () => {
    openPanel();
    await shows("Nothing highlighted here yet");
    annotation({ id: "new" });
    announce("changed", { what: "annotations" });
    await shows("The words of new");
  });

  test("a slow answer about the tab before does not replace the one that is shown", async () => {
    let answerFirst = () => {};
    world.instead["panel.page"] = ({ tabId }) =>
      tabId === 7
        ? new Promise((resolve) => {
            answerFirst = () => resolve({ ...world.page, title: "Old page" });
          })
        : { ...world.page, title: "New page" };
    openPanel();
    await expect.poll(() => payloads("panel.page").length).toBe(1);
    activate(8);
    await shows("New page");
    answerFirst();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await shows("New page");
  });

  test("a background that is restarting is asked again", async () => {
    world.away = true;
    openPanel();
    await shows("The panel could not be filled");
    world.away = false;
    await shows("Nothing highlighted here yet");
  });

  test("closed, it listens to nothing any more", async () => {
    openPanel();
    await shows("Nothing highlighted here yet");
    close();
    await expect.poll(listening).toBe(0);
  });
});

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
    expect(toast()).toContain("Tag old removed");
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
    await expect.element(the("main", "Highlights on this page")).toHaveFocus();
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

describe("what it says of the connection", () => {
  test("who is signed in, and what has not been sent or was refused", async () => {
    world.page = { ...world.page, unsent: 1, refused: 2 };
    openPanel();
    await shows("ada, signed in on 127.0.0.1:8000");
    await shows("1 change not sent yet");
    await shows("2 changes refused by the server");
    await the("button", "Sync now").click();
    await expect.poll(() => payloads("sync.now").length).toBe(1);
  });

  test("offline is said, and a trouble with a name is said by its name", async () => {
    const connection = { kind: "signed_in", server: "https://n.test", user: "ada", online: false } as const;
    world.page = { ...world.page, connection: { ...connection, trouble: "" } };
    openPanel();
    await shows("Offline: changes are kept and sent later");
    world.page = { ...world.page, connection: { ...connection, trouble: "trouble_certificate" } };
    announce("changed", { what: "connection" });
    await shows("The server’s certificate is not trusted.");
  });

  test("not connected: the button opens the options", async () => {
    world.page = { ...world.page, connection: { kind: "unset" } };
    openPanel();
    await shows("Connect to your server");
    await the("button", "Open the options").click();
    expect(world.optionsOpened).toBe(1);
  });

  test("signed out: the highlights of the mirror stay readable", async () => {
    annotation({ id: "one" });
    world.page = { ...world.page, connection: { kind: "signed_out", server: "https://n.test" } };
    openPanel();
    await shows("You are signed out of n.test.");
    await shows("The words of one");
  });
});

describe("where it may not look", () => {
  test("a permission is asked for in the click itself, for this site or for all", async () => {
    world.page = { ...world.page, access: "unpermitted", url: "https://example.org:8443/story" };
    openPanel();
    await the("button", "Allow on example.org").click();
    await expect.poll(() => payloads("sites.changed").length).toBe(1);
    await the("button", "Allow on all sites").click();
    expect(world.requested).toEqual([
      { origins: ["https://example.org/*"], inTheClick: true },
      { origins: ["http://*/*", "https://*/*"], inTheClick: true },
    ]);
  });

  test("a refused permission changes nothing, and says so", async () => {
    world.page = { ...world.page, access: "unpermitted" };
    world.grants = false;
    openPanel();
    await the("button", "Allow on all sites").click();
    await shows("Nothing was changed: the permission was not given.");
    expect(payloads("sites.changed")).toEqual([]);
  });

  test("a page whose address is unknown offers only all sites", async () => {
    world.page = { ...world.page, access: "unpermitted", url: "" };
    openPanel();
    await expect.element(the("button", "Allow on all sites")).toBeVisible();
    expect(the("button", /^Allow on (?!all)/).query()).toBeNull();
  });

  test("a page whose address is unknown although all sites are allowed is the browser's own", async () => {
    world.page = { ...world.page, access: "unpermitted", url: "" };
    world.sites = { ...world.sites, all: true };
    openPanel();
    await shows("Extensions may not run on this page");
    expect(the("button", "Allow on all sites").query()).toBeNull();
  });

  test("a restricted page is explained", async () => {
    world.page = { ...world.page, access: "restricted" };
    openPanel();
    await shows("Extensions may not run on this page");
  });

  test("a pause is explained and ended", async () => {
    world.sites = { ...world.sites, paused: true };
    openPanel();
    await shows("Annotator is paused");
    await the("button", "Resume").click();
    await expect.poll(() => world.sites.paused).toBe(false);
    announce("changed", { what: "sites" });
    await shows("Nothing highlighted here yet");
  });
});

describe("accessibility", () => {
  test("axe finds nothing in a full panel, nor in one with an open editor", async () => {
    annotation({ id: "one", note: "a *note* with a [link](https://example.org/)", tags: ["syrie"] });
    annotation({
      id: "two",
      start: { paragraph: 2, offset: 0 },
      send: { kind: "refused", reason: "too long" },
    });
    annotation({ id: "lost", state: "pending", start: null, send: { kind: "unsent" } });
    openPanel();
    await shows("The words of lost");
    expect(await faults()).toEqual([]);
    await the("button", "Edit: The words of one").click();
    await userEvent.click(the("combobox", "Tags"));
    await userEvent.keyboard("pre");
    await expect.element(the("option", "presse")).toBeVisible();
    expect(await faults()).toEqual([]);
  });

  test.each([
    { connection: { kind: "unset" } as const },
    { access: "unpermitted" as const },
    { access: "restricted" as const },
    {},
  ])("axe finds nothing in the empty state %#", async (changes) => {
    world.page = { ...world.page, ...changes };
    openPanel();
    await expect.element(page.getByRole("heading", { level: 2 })).toBeVisible();
    expect(await faults()).toEqual([]);
  });

  test("in French, all of it is French", async () => {
    world.language = "fr";
    annotation({ id: "one" });
    openPanel();
    await shows("1 surlignage");
    await shows("ada, connecté à 127.0.0.1:8000");
    expect(document.documentElement.lang).toBe("fr");
    expect(await faults()).toEqual([]);
  });
});
