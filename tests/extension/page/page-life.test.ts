import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { Background, end, host, live, painted, press, rest, settled } from "./life.ts";

const STORY = `<h1 id="h">Walls</h1><p id="a">The council voted to raise <b>the flood wall</b> by 40 centimetres.</p><p id="b">Work starts in May.</p>`;

let background: Background;
beforeEach(() => {
  background = new Background();
});
afterEach(end);

const byId = (id: string) => document.getElementById(id) as HTMLElement;

async function select(id: string): Promise<void> {
  // Elsewhere first: clicks of the test before must not count on.
  await userEvent.click(byId("h"));
  await userEvent.tripleClick(byId(id));
  await vi.waitFor(() => expect(host()).not.toBeNull());
}

async function highlight(id: string): Promise<void> {
  await select(id);
  await settled();
  await press("yellow");
  await vi.waitFor(() => expect(background.kept).toHaveLength(1));
}

test("a page without annotations is neither read nor changed, and only its head is watched", async () => {
  const observe = vi.spyOn(MutationObserver.prototype, "observe");
  const style = vi.spyOn(window, "getComputedStyle");
  await live(STORY, background);
  expect(background.asked.map(({ name }) => name)).toEqual(["page.visit"]);
  expect(observe.mock.calls.map(([node]) => node)).toEqual([document.head]);
  expect([style.mock.calls, host(), painted()]).toEqual([[], null, {}]);
  vi.restoreAllMocks();
});

test("a known page is painted at its start, and its body stays as it was", async () => {
  background.keep("raise the flood wall", "green");
  const changes: MutationRecord[] = [];
  document.body.innerHTML = STORY;
  const life = live(STORY, background);
  const observer = new MutationObserver((records) => changes.push(...records));
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  await life;
  await rest(20);
  expect(painted()).toEqual({ green: ["raise the flood wall"] });
  expect([...changes, ...observer.takeRecords()]).toEqual([]);
});

test("what was selected while the background still had to start is offered when it answers", async () => {
  const start = background.holdBack("page.visit");
  const life = live(STORY, background);
  await userEvent.click(byId("h"));
  await userEvent.tripleClick(byId("b"));
  expect(host()).toBeNull();
  start.answer();
  await life;
  await vi.waitFor(() => expect(host()).not.toBeNull());
});

test("what was selected before the script came to the page is offered", async () => {
  document.body.innerHTML = STORY;
  await userEvent.tripleClick(byId("b"));
  const range = document.createRange();
  await live(STORY, background, () => {
    range.selectNodeContents(byId("b"));
    document.getSelection()?.addRange(range);
  });
  await vi.waitFor(() => expect(host()).not.toBeNull());
});

test("selecting, one click on a colour: painted at once, saved, the selection kept, the focus where it was", async () => {
  await live(`${STORY}<input id="field">`, background);
  await select("b");
  expect(host()?.attributes).toHaveLength(1);
  expect(host()?.childNodes).toHaveLength(0);
  await settled();
  await press("pink");
  await vi.waitFor(() =>
    expect(background.kept).toMatchObject([{ quote: "Work starts in May.", color: "pink" }]),
  );
  await vi.waitFor(() => expect(painted()).toEqual({ pink: ["Work starts in May."] }));
  expect(String(document.getSelection()).trim()).toBe("Work starts in May.");
  expect(document.activeElement).toBe(document.body);
});

test("the same colour again removes it, and undo brings it back", async () => {
  await live(STORY, background);
  await highlight("b");
  await press("yellow");
  await vi.waitFor(() => expect(background.kept[0]?.deleted).toBe(true));
  expect(painted()).toEqual({});
  await settled();
  await press("undo");
  await vi.waitFor(() => expect(background.kept[0]?.deleted).toBe(false));
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["Work starts in May."] }));
});

test("another colour changes it", async () => {
  await live(STORY, background);
  await highlight("b");
  await press("blue");
  await vi.waitFor(() => expect(background.kept[0]?.color).toBe("blue"));
  expect(painted()).toEqual({ blue: ["Work starts in May."] });
});

test("a click on a highlight opens its toolbar, one beside it does not", async () => {
  background.keep("Work starts");
  await live(STORY, background);
  await userEvent.click(byId("h"));
  expect(host()).toBeNull();
  await userEvent.click(byId("b"), { position: { x: 20, y: 8 } });
  expect(host()).not.toBeNull();
  await settled();
  await press("delete");
  await vi.waitFor(() => expect(background.kept[0]?.deleted).toBe(true));
});

test("the note button makes a highlight and opens its note outside the page", async () => {
  await live(STORY, background);
  await select("b");
  await settled();
  await press("note");
  await vi.waitFor(() => expect(background.asked.at(-1)).toEqual({ name: "note.open", ask: { id: "id-0" } }));
  expect(background.kept[0]?.color).toBe("yellow");
});

test("what could not be saved is not left painted", async () => {
  await live(STORY, background);
  await select("b");
  await settled();
  background.refusing = true;
  await press("green");
  await vi.waitFor(() => expect(background.count("highlight.create")).toBe(1));
  await vi.waitFor(() => expect(painted()).toEqual({}));
});

test("a page that is left while something is being saved keeps nothing of ours", async () => {
  await live(STORY, background);
  await select("b");
  await settled();
  await press("yellow");
  end();
  await rest(50);
  expect([host(), [...CSS.highlights]]).toEqual([null, []]);
});

test("Escape closes the toolbar and leaves no element of ours", async () => {
  await live(STORY, background);
  await select("b");
  await userEvent.keyboard("{Escape}");
  expect(host()).toBeNull();
});

test("keys reach the page while the toolbar is open", async () => {
  const keys: string[] = [];
  const hear = (event: KeyboardEvent) => keys.push(event.key);
  addEventListener("keydown", hear);
  await live(STORY, background);
  await select("b");
  await userEvent.keyboard("a{ArrowRight}1");
  removeEventListener("keydown", hear);
  expect(keys).toEqual(["a", "ArrowRight", "1"]);
});

test("a command highlights the selection with the last colour; asked again it moves the keyboard into the toolbar", async () => {
  const life = await live(STORY, background);
  await select("b");
  expect(await life.highlight(null, false)).toBe(true);
  expect(background.kept).toMatchObject([{ quote: "Work starts in May.", color: "yellow" }]);
  expect(await life.highlight(null, false)).toBe(true);
  expect(document.activeElement).toBe(host());
  await userEvent.keyboard("{ArrowRight}{ArrowRight}{Enter}");
  await vi.waitFor(() => expect(background.kept[0]?.color).toBe("blue"));
  await userEvent.keyboard("{Escape}");
  expect(host()).toBeNull();
});

test("a command takes the colour that was used last on another page", async () => {
  background.lastColor = "orange";
  const life = await live(STORY, background);
  await select("b");
  await life.highlight(null, false);
  expect(background.kept).toMatchObject([{ color: "orange" }]);
});

test("a command without a selection does nothing", async () => {
  const life = await live(STORY, background);
  expect(await life.highlight("green", false)).toBe(false);
  expect(background.kept).toEqual([]);
});

test("a click sooner than the eye can follow is not taken", async () => {
  await live(STORY, background);
  await select("b");
  const box = host()?.getBoundingClientRect() as DOMRect;
  expect(box.width).toBeGreaterThan(100);
  await press("yellow");
  await rest(50);
  expect(background.kept).toEqual([]);
});

test("events that a page's script makes do nothing", async () => {
  background.keep("Work starts");
  await live(STORY, background);
  document.getSelection()?.selectAllChildren(byId("a"));
  for (const type of ["pointerdown", "pointerup", "click"]) {
    byId("b").dispatchEvent(
      new PointerEvent(type, { bubbles: true, clientX: 20, clientY: byId("b").offsetTop + 8 }),
    );
  }
  document.dispatchEvent(new KeyboardEvent("keyup", { key: "ArrowRight", shiftKey: true, bubbles: true }));
  await rest(50);
  expect(host()).toBeNull();
  await select("b");
  await settled();
  const box = host()?.getBoundingClientRect() as DOMRect;
  const press = { bubbles: true, composed: true, clientX: box.left + 20, clientY: box.top + 20 };
  document.elementFromPoint(press.clientX, press.clientY)?.dispatchEvent(new MouseEvent("click", press));
  (host() as HTMLElement).click();
  await rest(50);
  expect(background.count("highlight.create")).toBe(0);
});

test.each([
  ["transparent", (element: HTMLElement) => element.style.setProperty("opacity", "0", "important")],
  [
    "moved away",
    (element: HTMLElement) => element.style.setProperty("transform", "translateX(900px)", "important"),
  ],
  [
    "under the mouse no more",
    (element: HTMLElement) => element.style.setProperty("pointer-events", "none", "important"),
  ],
])("a page cannot make the toolbar %s", async (_what, change) => {
  await live(STORY, background);
  await select("b");
  const before = host()?.getBoundingClientRect();
  change(host() as HTMLElement);
  await settled();
  expect(getComputedStyle(host() as HTMLElement).opacity).toBe("1");
  expect(host()?.getBoundingClientRect()).toEqual(before);
  await press("yellow");
  await vi.waitFor(() => expect(background.kept).toHaveLength(1));
});

const COVER = `<div id="cover" popover="manual" style="inset:0;width:100vw;height:100vh;border:0;opacity:.01;pointer-events:none"></div>`;

test("what covers the toolbar is covered by it in turn, and a click that was under way is not taken", async () => {
  await live(`${STORY}${COVER}`, background);
  await select("b");
  await settled();
  byId("cover").showPopover();
  await rest(20);
  await press("yellow");
  await rest(50);
  expect(background.kept).toEqual([]);
  await settled();
  await press("yellow");
  await vi.waitFor(() => expect(background.kept).toHaveLength(1));
});

test("a toolbar under a cover that cannot be heard of takes no click", async () => {
  await live(`${STORY}<div id="around"></div>`, background);
  await select("b");
  const root = byId("around").attachShadow({ mode: "closed" });
  root.innerHTML = COVER;
  (root.firstElementChild as HTMLElement).showPopover();
  await settled();
  await press("yellow");
  await rest(50);
  expect(background.kept).toEqual([]);
});

test.each([
  ["taken into the body", () => document.body.append(host() as HTMLElement)],
  ["taken from the top layer", () => (host() as HTMLElement).hidePopover()],
])("a toolbar that was %s takes no click", async (_what, take) => {
  await live(STORY, background);
  await select("b");
  await settled();
  const box = (host() as HTMLElement).getBoundingClientRect();
  take();
  await rest(50);
  await userEvent.click(document.documentElement, { position: { x: box.left + 20, y: box.top + 20 } });
  await rest(50);
  expect(background.kept).toEqual([]);
});

test("text that is written anew keeps its highlight, as frameworks do it", async () => {
  background.keep("raise the flood wall");
  await live(STORY, background);
  document.body.innerHTML = `<div>${STORY}</div>`;
  expect(painted()["yellow"]).not.toEqual(["raise the flood wall"]);
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["raise the flood wall"] }), 2000);
});

test("what comes late is found when it comes", async () => {
  background.keep("Late words");
  await live(STORY, background);
  expect(painted()).toEqual({});
  const late = document.createElement("p");
  late.textContent = "Late words at last.";
  document.body.append(late);
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["Late words"] }), 3000);
});

test("a page that changes all the time is not read again while nothing is lost", async () => {
  background.keep("Work starts");
  await live(`${STORY}<p id="clock">0</p>`, background);
  await rest(200);
  const reads = background.count("page.read");
  for (let tick = 0; tick < 12; tick++) {
    byId("clock").textContent = String(tick);
    await rest(60);
  }
  expect(background.count("page.read")).toBe(reads);
});

test("a highlight that is gone for good is looked for ever more seldom", async () => {
  background.keep("Nowhere on this page");
  await live(`${STORY}<p id="clock">0</p>`, background);
  const reads = background.count("page.read");
  for (let tick = 0; tick < 60; tick++) {
    byId("clock").textContent = String(tick);
    await rest(50);
  }
  expect(background.count("page.read") - reads).toBeLessThanOrEqual(6);
});

test("what is not found is reported only once the page has been quiet, for it may arrive late", async () => {
  background.keep("Nowhere on this page");
  const settled = () => background.asked.some((one) => one.name === "page.read" && one.ask.settled);
  await live(STORY, background);
  await rest(2000);
  expect(settled()).toBe(false);
  await vi.waitFor(() => expect(settled()).toBe(true), 10_000);
});

test("what was found in part of a page is looked for again when the rest arrives", async () => {
  const one = background.keep("Work starts");
  background.state = "moved";
  await live("<p>Work starts here, it seems.</p>", background);
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["Work starts"] }), 2000);
  background.state = "exact";
  one.quote = "Work starts at noon";
  document.body.append(Object.assign(document.createElement("p"), { textContent: "Work starts at noon." }));
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["Work starts at noon"] }), 4000);
});

test("an application's new address is asked about, and its old highlights leave", async () => {
  const before = location.href;
  background.keep("Work starts");
  background.keep("Another story", "blue", `${location.origin}/another`);
  await live(STORY, background);
  history.pushState(null, "", "/another");
  document.body.innerHTML = "<p>Another story begins.</p>";
  await vi.waitFor(() => expect(painted()).toEqual({ blue: ["Another story"] }), 2000);
  history.replaceState(null, "", "/unknown");
  await vi.waitFor(() => expect(painted()).toEqual({}), 2000);
  history.replaceState(null, "", before);
});

test("the text of the page before is never told under the address of the next, and repaints nothing there", async () => {
  const before = location.href;
  background.keep("Work starts");
  // Settling takes as long as it may: nobody judges what belongs to the article.
  background.holdBack("page.article");
  await live(STORY, background);
  const visited = background.holdBack("page.visit");
  history.pushState(null, "", "/unknown");
  document.body.innerHTML = "<p>Nothing that is known.</p>";
  await vi.waitFor(() => expect(background.textsRead("/unknown")).toContain("Nothing that is known."), 3000);
  history.replaceState(null, "", before);
  document.body.innerHTML = STORY;
  dispatchEvent(new PopStateEvent("popstate"));
  visited.answer();
  await rest(2000);
  expect(background.textsRead(before)).not.toContain("Nothing that is known.");
  expect(painted()).toEqual({ yellow: ["Work starts"] });
});

test("a page that says late which page it is, or what it is called, is asked about again, once", async () => {
  const canonical = Object.assign(document.createElement("link"), { rel: "canonical", href: "/before" });
  document.head.append(canonical);
  background.canonical = `${location.origin}/story`;
  background.title = "The story";
  background.keep("Work starts");
  const title = document.title;
  await live(STORY, background);
  expect(painted()).toEqual({});
  canonical.href = "/story";
  await vi.waitFor(() => expect(background.count("page.visit")).toBe(2));
  document.title = "The story";
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["Work starts"] }));
  const visits = background.count("page.visit");
  for (const again of ["(1) The story", "The story", "(2) The story"]) {
    document.title = again;
    await rest(400);
  }
  expect(background.count("page.visit")).toBe(visits);
  canonical.remove();
  document.title = title;
});

test("a list meant for another address changes nothing", async () => {
  background.keep("Work starts");
  const life = await live(STORY, background);
  await life.repaint({ url: `${location.origin}/another`, painted: [] });
  expect(painted()).toEqual({ yellow: ["Work starts"] });
});

test("a look that ends after the page was left paints nothing", async () => {
  background.keep("Work starts");
  const life = await live(STORY, background);
  const held = background.holdBack("page.read");
  const looking = life.repaint(null);
  await background.isAsked("page.read");
  life.leave();
  held.answer();
  await looking;
  expect(painted()).toEqual({});
});

test("a page that was left before it was idle is not read once more, and stays as it was left", async () => {
  background.keep("Work starts");
  let isIdle = (): void => undefined;
  const waiting = vi.spyOn(globalThis, "requestIdleCallback").mockImplementation((deed) => {
    isIdle = () => deed({ didTimeout: false, timeRemaining: () => 10 });
    return 1;
  });
  const life = await live(STORY, background);
  waiting.mockRestore();
  life.leave();
  const before = background.count("page.read");
  isIdle();
  await rest(100);
  expect(background.count("page.read")).toBe(before);
  expect(painted()).toEqual({});
});

test("what is found early is painted before the answer, and only while it is awaited", async () => {
  background.keep("Work starts");
  const life = await live(STORY, background);
  life.leave();
  const held = background.holdBack("page.read");
  const looking = life.repaint(null);
  await background.isAsked("page.read");
  const { ask } = background.asked.at(-1) as { ask: { look: number } };
  const [start, end] = [
    { paragraph: 2, offset: 0 },
    { paragraph: 2, offset: 4 },
  ];
  const early = [
    { id: "id-0", color: "yellow", hasNote: false, mine: true, state: "edited", start, end },
  ] as const;
  life.early(ask.look - 1, early);
  expect(painted()).toEqual({});
  life.early(ask.look, early);
  expect(painted()).toMatchObject({ yellow: ["Work"] });
  held.answer();
  await looking;
  expect(painted()).toEqual({ yellow: ["Work starts"] });
  life.leave();
  life.early(ask.look, early);
  expect(painted()).toEqual({});
});

test("a look that fails does not take with it the one that was wanted meanwhile", async () => {
  background.keep("Work starts");
  const life = await live(STORY, background);
  life.leave();
  const held = background.holdBack("page.read");
  const failing = life.repaint(null);
  await background.isAsked("page.read");
  const wanted = life.repaint(null);
  await rest(50);
  held.refuse();
  await Promise.allSettled([failing, wanted]);
  expect(painted()).toEqual({ yellow: ["Work starts"] });
});

test("a page that the browser had kept while the reader was elsewhere asks anew when it is shown again", async () => {
  const one = background.keep("Work starts");
  await live(STORY, background);
  one.color = "orange";
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await vi.waitFor(() => expect(painted()).toEqual({ orange: ["Work starts"] }));
});

test("what changed elsewhere is painted anew", async () => {
  const one = background.keep("Work starts");
  const life = await live(STORY, background);
  one.color = "orange";
  await life.repaint(null);
  expect(painted()).toEqual({ orange: ["Work starts"] });
  await life.repaint({ url: location.href, painted: [] });
  expect(painted()).toEqual({});
});

test("a list that counts in an older text moves nothing that is painted", async () => {
  background.keep("Work starts");
  const life = await live(STORY, background);
  const start = { paragraph: 0, offset: 0 };
  const end = { paragraph: 0, offset: 5 };
  const mark = {
    id: "id-0",
    color: "purple",
    hasNote: true,
    mine: true,
    state: "exact",
    start,
    end,
  } as const;
  await life.repaint({ url: location.href, painted: [mark] });
  expect(painted()).toEqual({ purple: ["Work starts"] });
});

test("what was deleted comes back where its words stand, also when the page has moved them", async () => {
  await live(STORY, background);
  await highlight("b");
  await press("yellow");
  await vi.waitFor(() => expect(background.kept[0]?.deleted).toBe(true));
  byId("b").outerHTML = `<p>Late news.</p><p>Work starts in May.</p>`;
  await settled();
  await press("undo");
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: ["Work starts in May."] }), 2000);
});

test("leaving takes everything of ours off the page, and selecting opens nothing", async () => {
  background.keep("Work starts");
  const life = await live(STORY, background);
  const sheets = document.adoptedStyleSheets.length;
  life.leave();
  expect([...CSS.highlights]).toEqual([]);
  expect(document.adoptedStyleSheets).toHaveLength(sheets - 1);
  await userEvent.tripleClick(byId("b"));
  await rest(50);
  expect(host()).toBeNull();
});

test("text in an open shadow root can be highlighted and clicked", async () => {
  await live(`${STORY}<x-card id="card" style="display: block"></x-card>`, background);
  const root = byId("card").attachShadow({ mode: "open" });
  root.innerHTML = "<p>Written in the shadow.</p>";
  await userEvent.tripleClick(byId("card"), { position: { x: 30, y: 8 } });
  await vi.waitFor(() => expect(host()).not.toBeNull());
  await settled();
  await press("green");
  await vi.waitFor(() => expect(painted()).toEqual({ green: ["Written in the shadow."] }));
  await vi.waitFor(() => expect(background.kept[0]?.quote).toBe("Written in the shadow."));
  await userEvent.click(byId("h"));
  await vi.waitFor(() => expect(host()).toBeNull());
  await userEvent.click(byId("card"), { position: { x: 30, y: 8 } });
  await vi.waitFor(() => expect(host()).not.toBeNull());
});

test("text in a frame of the same origin can be highlighted and clicked", async () => {
  await live(`${STORY}<iframe id="f" srcdoc="<p>Written in the frame.</p>"></iframe>`, background);
  const frame = byId("f") as HTMLIFrameElement;
  await new Promise((resolve) => frame.addEventListener("load", resolve));
  await userEvent.tripleClick(frame, { position: { x: 40, y: 30 } });
  await vi.waitFor(() => expect(host()).not.toBeNull());
  const [bar, box] = [host()?.getBoundingClientRect(), frame.getBoundingClientRect()];
  expect(bar?.bottom).toBeLessThanOrEqual(box.top + 40);
  expect(bar?.bottom).toBeGreaterThanOrEqual(box.top - 40);
  await settled();
  await press("green");
  await vi.waitFor(() => expect(background.kept[0]?.quote).toBe("Written in the frame."));
  const inside = frame.contentWindow as Window & typeof globalThis;
  await vi.waitFor(() => expect(inside.CSS.highlights.get("annotator-green")?.size).toBe(1));
  await userEvent.click(byId("h"));
  await userEvent.click(frame, { position: { x: 150, y: 90 } });
  expect(host()).toBeNull();
  await userEvent.click(frame, { position: { x: 40, y: 30 } });
  expect(host()).not.toBeNull();
});

test("a selection made with the keyboard opens the toolbar too", async () => {
  await live(STORY, background);
  // Without caret browsing Chromium extends by keys only what is selected already, as by "find in page".
  await userEvent.click(byId("b"), { position: { x: 20, y: 8 } });
  document.getSelection()?.setBaseAndExtent(byId("b").firstChild as Text, 0, byId("b").firstChild as Text, 2);
  await userEvent.keyboard("{Shift>}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{/Shift}");
  await vi.waitFor(() => expect(host()).not.toBeNull());
});

test("a click on a link inside a highlight is the link's", async () => {
  background.keep("by 40");
  await live('<p>The wall rises <a id="l" href="#there">by 40</a> centimetres.</p>', background);
  await userEvent.click(byId("l"));
  expect(host()).toBeNull();
});

test("a selection in a text field or an editor opens nothing", async () => {
  await live(
    `<textarea id="t">typed words</textarea><div id="e" contenteditable>my own words</div>`,
    background,
  );
  await userEvent.tripleClick(byId("t"));
  await userEvent.tripleClick(byId("e"));
  await rest(50);
  expect(host()).toBeNull();
});
