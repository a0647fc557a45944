import { afterEach, describe, expect, test, vi } from "vitest";
import { firstLook, type Sought } from "../../../extension/page/first-look.ts";
import { readInSlices } from "../../../extension/page/text.ts";
import { Background, end, live, painted } from "./life.ts";

afterEach(() => {
  vi.restoreAllMocks();
  end();
});

const WALL = "voted to raise the flood wall";

function sought(exact: string, prefix = "", suffix = ""): Sought {
  return { id: exact, quote: { exact, prefix, suffix } };
}

/** What is found of these on a page of this HTML, as the DOM holds it. */
async function found(html: string, ...quotes: readonly Sought[]): Promise<string[]> {
  document.body.innerHTML = html;
  const ranges = await firstLook(document, quotes, new AbortController().signal);
  return [...ranges.values()].map(String);
}

describe("the first look finds", () => {
  test.each([
    ["plain text", `<p>The council ${WALL} again.</p>`],
    ["through elements", `<p>The council <b>voted</b> to <a href="#x">raise the <i>flood</i> wall</a>.</p>`],
    [
      "through white space in the source",
      `<p>The council voted\n     to  raise<b> the</b> flood <i> wall</i></p>`,
    ],
    ["behind white space at the beginning", `<p>\n\t voted to <b>\n raise</b> the flood wall</p>`],
  ])("a quote in %s", async (_, html) => {
    expect((await found(html, sought(WALL))).map((text) => text.replace(/\s+/g, " "))).toEqual([WALL]);
  });

  test("the one of two twins whose context is its own", async () => {
    const html = `<p>In May they ${WALL}.</p><p>In June they ${WALL}.</p>`;
    document.body.innerHTML = html;
    const quotes = [sought(WALL, "In June they ", ".")];
    const [range] = (await firstLook(document, quotes, new AbortController().signal)).values();
    expect(range?.startContainer).toBe(document.querySelectorAll("p")[1]?.firstChild);
  });

  test("a quote at a border, whatever white space stands between the blocks", async () => {
    const html = `<p>First words.</p><p>${WALL}.</p>\n<p>Last words.</p>`;
    const quote = sought(`${WALL}.`, "First words.\n\n", "\n\nLast words.");
    expect(await found(html, quote)).toEqual([`${WALL}.`]);
  });

  test("characters outside the first plane whole", async () => {
    expect(
      await found(
        "<p>before 🎈🎈 the balloons 😀 fly away 🎈 after</p>",
        sought("🎈🎈 the balloons 😀 fly away 🎈"),
      ),
    ).toEqual(["🎈🎈 the balloons 😀 fly away 🎈"]);
  });
});

describe("the first look leaves to the reading", () => {
  test.each([
    ["what stands twice with its context", `<p>${WALL}</p><p>${WALL}</p>`],
    [
      "other words",
      `<p>voted to raise the flood walls, but not it</p>`.replace("flood walls", "floods wall"),
    ],
    ["what is hidden", `<p hidden>${WALL}</p>`],
    ["what is invisible", `<p style="visibility: hidden">${WALL}</p>`],
    ["what is no text of the page", `<script type="x">${WALL}</script><textarea>${WALL}</textarea>`],
    ["what the reader is writing", `<p contenteditable>${WALL}</p>`],
  ])("%s", async (_, html) => {
    expect(await found(html, sought(WALL))).toEqual([]);
  });

  test("words that say too little, and words of several lines", async () => {
    expect(await found("<p>May</p><p>one line of words\n\nanother line of words</p>", sought("May"))).toEqual(
      [],
    );
    const quote = sought("one line of words\n\nanother line of words");
    expect(await found("<p>one line of words</p><p>another line of words</p>", quote)).toEqual([]);
  });
});

test("what stands there is painted before the background has looked; the background has the last word", async () => {
  const background = new Background();
  const { id } = background.keep("no such words", "green");
  background.quotes = [{ id, color: "green", quote: sought(WALL).quote }];
  let atOnce: unknown = null;
  const { ask } = background;
  Object.assign(background, {
    ask: (...asked: Parameters<typeof ask>) => {
      if (asked[0] === "page.read") atOnce ??= painted();
      return ask(...asked);
    },
  });
  await live(`<p>The council ${WALL}.</p>`, background);
  expect(atOnce).toEqual({ green: [WALL] });
  expect(painted()).toEqual({});
});

test("nothing stays painted that the background did not confirm", async () => {
  const background = new Background();
  const { id } = background.keep(WALL, "green");
  background.quotes = [{ id, color: "green", quote: sought(WALL).quote }];
  const { ask } = background;
  Object.assign(background, {
    ask: (...asked: Parameters<typeof ask>) =>
      asked[0] === "page.read" ? Promise.reject(new Error("gone")) : ask(...asked),
  });
  await expect(live(`<p>The council ${WALL}.</p>`, background)).rejects.toThrow("gone");
  expect(painted()).toEqual({});
});

/** Where every look at the clock finds the slice over, a pause follows each: so many nodes pass at most in one task. */
describe("a long page is never worked on in one piece", () => {
  const NODES = 8_000;
  const LONG = "<p>words <b>of</b></p>".repeat(NODES / 2);

  async function pauses(work: () => Promise<unknown>): Promise<number> {
    let time = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (time += 1000));
    const pause = vi.spyOn(scheduler(), "postTask");
    await work();
    return pause.mock.calls.length;
  }

  test("in the first look", async () => {
    document.body.innerHTML = LONG;
    const quotes = [sought(WALL), sought(`${WALL} again`)];
    const count = await pauses(() => firstLook(document, quotes, new AbortController().signal));
    expect(count).toBeGreaterThan(NODES / 300);
  });

  test("in the reading", async () => {
    document.body.innerHTML = LONG;
    const { signal } = new AbortController();
    const read = () =>
      readInSlices(
        document,
        () => false,
        () => 0,
        signal,
      );
    expect(await pauses(read)).toBeGreaterThan(NODES / 100);
  });
});

function scheduler(): { postTask: () => Promise<void> } {
  return (globalThis as unknown as { scheduler: { postTask: () => Promise<void> } }).scheduler;
}
