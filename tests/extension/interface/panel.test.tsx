import "./background.ts";

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Panel } from "../../../extension/interface/Panel.tsx";
import {
  ARCHIVE,
  activate,
  arrangeLibraries,
  DESK,
  listening,
  loaded,
  ONE_LIBRARY,
  OWN,
  payloads,
} from "./background.ts";
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
    await expect.poll(card).toContain("Other");
    await expect.poll(card).toContain("syrie");
    await expect.poll(card).toContain("By Zoé");
    expect(the("article", "The words of two").element().textContent).toContain("Not sent yet");
    expect(the("button", /Edit: The words of one/).query()).toBeNull();
  });

  test("a card tells how often it was answered, and nothing where it was not", async () => {
    annotation({ id: "one", replies: 1 });
    annotation({ id: "two", replies: 2 });
    annotation({ id: "none" });
    openPanel();
    const facts = (id: string) => document.querySelector(`[data-id="${id}"] .facts`)?.textContent;
    await expect.poll(() => facts("one")).toContain("1 reply");
    expect(facts("two")).toContain("2 replies");
    expect(facts("none")).not.toContain("repl");
    expect(await faults()).toEqual([]);
  });

  test("an edited highlight shows the old and the new sentence, and says in words what differs", async () => {
    annotation({
      id: "one",
      state: "edited",
      quote: "Prices rose 21 % in May",
      now: "Prices fell 12 % in May",
    });
    openPanel();
    const words = (selector: string) =>
      [...document.querySelectorAll(selector)].map((one) => one.textContent?.replace(/\s+/g, " ").trim());
    await expect.poll(() => words("del")).toEqual(["removed: rose 21 end of what was removed"]);
    expect(words("ins")).toEqual(["added: fell 12 end of what was added"]);
    expect(await faults()).toEqual([]);
  });

  test("a lost highlight shows the paragraph it stood in, and one with several places asks which", async () => {
    const origin = { before: "Before it, ", exact: "the words", after: " and after." };
    annotation({ id: "gone", state: "orphaned", start: null, origin });
    annotation({ id: "twice", state: "ambiguous", start: null });
    annotation({ id: "theirs", state: "orphaned", start: null, mine: false });
    openPanel();
    await expect.element(the("region", "Is it this one?")).toBeVisible();
    expect(the("region", "Is it this one?").element().textContent).toContain("The words of twice");
    await page.getByText("The paragraph as it was").click();
    await shows("Before it, the words and after.");
    expect(the("button", "Attach here: The words of gone").query()).not.toBeNull();
    expect(the("button", "Attach here: The words of theirs").query()).toBeNull();
    expect(await faults()).toEqual([]);
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
    const connection = {
      kind: "signed_in",
      server: "https://n.test",
      user: "ada",
      online: false,
      libraries: ONE_LIBRARY,
    } as const;
    world.page = { ...world.page, connection: { ...connection, trouble: "" } };
    openPanel();
    await shows("Offline: changes are kept and sent later");
    world.page = { ...world.page, connection: { ...connection, trouble: "trouble_certificate" } };
    announce("changed", { what: "connection" });
    await shows("The server’s certificate is not trusted.");
  });

  test("not connected: the button opens the first minute, which knows the page", async () => {
    world.page = { ...world.page, connection: { kind: "unset" } };
    openPanel();
    await shows("Connect to your server");
    await the("button", "Begin").click();
    expect(world.opened).toEqual([
      "chrome-extension://annotator/welcome.html?page=https%3A%2F%2Fexample.org%2Fstory&tab=7",
    ]);
  });

  test("signed out: the highlights of the mirror stay readable", async () => {
    annotation({ id: "one" });
    world.page = {
      ...world.page,
      connection: { kind: "signed_out", server: "https://n.test", libraries: ONE_LIBRARY },
    };
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
    await shows("The permission was not given, so this page stays as it is.");
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

  test("a file of this computer is not annotated, and the panel says why", async () => {
    world.page = { ...world.page, access: "restricted", url: "file:///home/ada/story.html" };
    openPanel();
    await shows("Files of this computer are not annotated");
  });

  test("hidden highlights are told of, and shown again", async () => {
    annotation({ id: "one" });
    world.page = { ...world.page, hidden: true };
    openPanel("?tab=7");
    await shows("Highlights are hidden");
    await the("button", "Show them").click();
    await expect.poll(() => document.body.textContent).not.toContain("Highlights are hidden");
    expect(payloads("panel.hide")).toEqual([{ tabId: 7, hidden: false }]);
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

describe("more than one library", () => {
  const chooser = () => the("combobox", "Library");
  const both = { chosen: OWN, all: [OWN, ARCHIVE, DESK], left: [] };

  test("with one there is nothing to choose, and it says that it is private", async () => {
    openPanel();
    await shows("your own library, which is private");
    expect(chooser().query()).toBeNull();
  });

  test("another one is chosen, and says who sees what is made", async () => {
    arrangeLibraries(both);
    openPanel();
    await expect.element(chooser()).toHaveValue("own");
    await expect.element(chooser()).toHaveAccessibleDescription(/which is private/);
    expect(await faults()).toEqual([]);
    await userEvent.selectOptions(chooser(), "Foreign desk");
    expect(payloads("library.choose")).toEqual([{ id: "desk" }]);
    await expect.element(chooser()).toHaveAccessibleDescription(/its members see it/);
    await shows("Library now shown: Foreign desk");
  });

  test("one that is only read offers no note on the page, and says why", async () => {
    arrangeLibraries({ ...both, chosen: ARCHIVE });
    openPanel();
    await shows("In this library you may read, not write.");
    await shows("you may only read in it");
    expect(the("button", "Note on this page").query()).toBeNull();
    await expect.element(the("option", "Archive (reading only)")).toBeInTheDocument();
  });

  test("a choice that fails says so and shows the one that still is", async () => {
    arrangeLibraries(both);
    openPanel();
    await expect.element(chooser()).toHaveValue("own");
    world.libraries = ONE_LIBRARY;
    await userEvent.selectOptions(chooser(), "Foreign desk");
    await shows("You have no such library any more.");
    await expect.element(chooser()).toHaveValue("own");
  });

  test("its name is shown as it is written, markup and all", async () => {
    const name = "<img src=x onerror=alert(1)>";
    arrangeLibraries({ ...both, all: [OWN, { ...DESK, name }], chosen: { ...DESK, name } });
    openPanel();
    await expect.element(the("option", name)).toBeInTheDocument();
    expect(document.querySelector("img")).toBeNull();
  });

  test("being taken out of one is said, and what was never sent goes only after a second click", async () => {
    arrangeLibraries({ ...ONE_LIBRARY, left: [{ id: "desk", name: "Foreign desk", unsent: 2 }] });
    openPanel();
    await shows("You are no longer a member of “Foreign desk”");
    await shows("2 annotations that you made in it never reached the server");
    expect(await faults()).toEqual([]);
    await the("button", "Remove").click();
    expect(payloads("library.forget")).toEqual([]);
    await the("button", "Really remove, for good").click();
    await expect.poll(() => payloads("library.forget")).toEqual([{ id: "desk" }]);
    await expect.poll(() => document.body.textContent).not.toContain("no longer a member");
  });

  test("what somebody else made is read, not edited, even when its note was asked for", async () => {
    annotation({ id: "theirs", mine: false, author: "bob", note: "**Hers**" });
    openPanel("?note=theirs");
    await shows("Hers");
    expect(document.querySelector("textarea")).toBeNull();
    expect(the("button", /^Edit/).query()).toBeNull();
  });
});
