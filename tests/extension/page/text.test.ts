import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Position } from "../../../extension/anchoring/types.ts";
import type { Run } from "../../../extension/page/composer.ts";
import type { Point } from "../../../extension/page/points.ts";
import { isShadowRoot } from "../../../extension/page/reader.ts";
import type { Reading } from "../../../extension/page/reading.ts";
import { readAtOnce, readInSlices } from "../../../extension/page/text.ts";
import { codePointLength, comparePositions, cut } from "../../../extension/paragraphs.ts";
import { closeAll, expected, open, openPage, PAGES, random } from "./loading.ts";

const SELECTIONS = 300;

test("there are pages to read", () => {
  expect(PAGES.length).toBeGreaterThanOrEqual(60);
});

describe.each(PAGES)("%s", (name) => {
  let page: Document;
  let reading: Reading;
  // No test here changes the page: it is opened once.
  beforeAll(async () => {
    page = await openPage(name);
    reading = readAtOnce(page);
  });
  afterAll(closeAll);

  test("it reads what a reader sees", () => {
    expect(reading.paragraphs.map(({ kind, text }) => [kind, text])).toEqual(expected(page));
  });

  test("every character comes from where it says", () => {
    for (const { text, runs } of reading.paragraphs) {
      let covered = 0;
      for (const { node, from, at, size } of runs) {
        expect(at).toBeGreaterThanOrEqual(covered);
        expect(text.slice(covered, at)).toMatch(/^\n*$/);
        expect(node.data.slice(from, from + size).replace(/\s/g, " ")).toBe(
          text.slice(at, at + size).replace(/\s/g, " "),
        );
        covered = at + size;
      }
      expect(covered).toBe(text.length);
    }
  });

  test("reading twice, or in slices, gives the same", async () => {
    const texts = (reading: Reading) => reading.paragraphs.map(({ kind, text }) => `${kind} ${text}`);
    const sliced = await readInSlices(
      page,
      () => false,
      () => 0,
      new AbortController().signal,
    );
    expect(texts(readAtOnce(page))).toEqual(texts(readAtOnce(page)));
    expect(texts(sliced)).toEqual(texts(readAtOnce(page)));
  });

  test("every selection of its text comes back as it was", () => {
    const next = random(name.length);
    for (let count = 0; count < SELECTIONS; count++) {
      const [start, end] = somewhere(reading, next);
      const span = reading.span(start, end);
      if (span === null) continue;
      const ranges = reading.ranges(span);
      const [first, last] = [ranges[0] as Range, ranges[ranges.length - 1] as Range];
      const again = reading.span(pointAt(first, "start"), pointAt(last, "end"));
      expect(again).toEqual(span);
      const wanted = cut(reading.paragraphs, span);
      expect(wanted.trim()).toBe(wanted);
      // What is painted is what was asked for, white space and skipped annotations aside.
      const painted = ranges.map(shownText).join("");
      expect(painted.replace(/\s/g, "")).toBe(wanted.replace(/\s/g, ""));
      expect(reading.target(start, end)?.quote.exact).toBe(wanted);
    }
  });

  test("a selection between visible characters of one node comes back to the same point", () => {
    const strayed: unknown[] = [];
    for (const { runs } of reading.paragraphs) {
      for (const { node, from, size } of runs) {
        for (let at = from; at < from + size; at++) {
          const whole = node.data.codePointAt(at) as number;
          const end = at + (whole > 0xffff ? 2 : 1);
          if (/\s/.test(node.data[at] as string) || isLow(node.data, at)) continue;
          const span = reading.span({ node, offset: at }, { node, offset: end });
          const [range] = span === null ? [] : reading.ranges(span);
          const back = range?.startContainer === node && range.startOffset === at && range.endOffset === end;
          if (!back) strayed.push([node.data, at, range?.toString()]);
        }
      }
    }
    expect(strayed).toEqual([]);
  });

  test("the whole page can be selected", () => {
    const end = { node: page.body, offset: page.body.childNodes.length };
    const last = reading.paragraphs.length - 1;
    expect(reading.span({ node: page.body, offset: 0 }, end)).toEqual({
      start: { paragraph: 0, offset: /\S/.exec(reading.paragraphs[0]?.text ?? "")?.index },
      end: { paragraph: last, offset: codePointLength(reading.paragraphs[last]?.text ?? "") },
    });
  });

  test("every element can be selected from outside", () => {
    for (const element of page.body.querySelectorAll("*")) {
      const parent = element.parentNode as ParentNode;
      const index = Array.prototype.indexOf.call(parent.childNodes, element);
      const span = reading.span({ node: parent, offset: index }, { node: parent, offset: index + 1 });
      if (span === null) continue;
      expect(comparePositions(span.start, span.end)).toBeLessThan(0);
      for (const range of reading.ranges(span)) expect(holds(element, range.startContainer)).toBe(true);
    }
  });
});

describe("selections as browsers make them", () => {
  afterEach(closeAll);
  const page = () =>
    open("<p id=a>First block.</p>\n<div><p id=b>  Second <b>bold</b> block. </p></div><p id=c>Third.</p>");
  const quoteOf = async (pick: (byId: (id: string) => Element) => [Point, Point]) => {
    const document = await page();
    const points = pick((id) => document.getElementById(id) as Element);
    return readAtOnce(document).target(...points)?.quote.exact;
  };

  test("a triple click ends at the start of the next block", async () => {
    const quote = await quoteOf((id) => [
      { node: id("a").firstChild as Text, offset: 0 },
      { node: id("b"), offset: 0 },
    ]);
    expect(quote).toBe("First block.");
  });

  test("the white space at its edges is no part of it", async () => {
    const quote = await quoteOf((id) => [
      { node: id("a").firstChild as Text, offset: 5 },
      { node: id("b").firstChild as Text, offset: 9 },
    ]);
    expect(quote).toBe("block.\n\nSecond");
  });

  test("it goes through bold text", async () => {
    const quote = await quoteOf((id) => [
      { node: id("b").firstChild as Text, offset: 4 },
      { node: id("b").lastChild as Text, offset: 4 },
    ]);
    expect(quote).toBe("cond bold blo");
  });

  test("a selection without text is none", async () => {
    const quote = await quoteOf((id) => [
      { node: id("a"), offset: 1 },
      { node: id("b").firstChild as Text, offset: 2 },
    ]);
    expect(quote).toBeUndefined();
  });

  test("a selection that ends inside the indentation of the next block ends before it", async () => {
    const quote = await quoteOf((id) => [
      { node: id("a").firstChild as Text, offset: 6 },
      { node: id("b").firstChild as Text, offset: 1 },
    ]);
    expect(quote).toBe("block.");
  });

  test("offsets count code points", async () => {
    const document = await open("<p>🎪🎡 fair 🎪 fun</p>");
    const text = document.querySelector("p")?.firstChild as Text;
    const span = readAtOnce(document).span({ node: text, offset: 5 }, { node: text, offset: 9 });
    expect(span).toEqual({ start: { paragraph: 0, offset: 3 }, end: { paragraph: 0, offset: 7 } });
  });

  test("half an emoji is a whole one", async () => {
    const document = await open("<p>ab🎪cd</p>");
    const text = document.querySelector("p")?.firstChild as Text;
    const target = readAtOnce(document).target({ node: text, offset: 3 }, { node: text, offset: 5 });
    expect(target?.quote.exact).toBe("🎪c");
  });
});

test("ranges are not given for text that has changed since it was read", async () => {
  const document = await open("<p>The wall rises by 40 cm.</p><p>And the river too.</p>");
  const reading = readAtOnce(document);
  const whole = (paragraph: number): { start: Position; end: Position } => ({
    start: { paragraph, offset: 0 },
    end: { paragraph, offset: 8 },
  });
  (document.querySelector("p")?.firstChild as Text).data = "The well rises by 40 cm.";
  expect(reading.ranges(whole(0))).toEqual([]);
  expect(reading.ranges(whole(1)).map(String)).toEqual(["And the "]);
});

test("halves of surrogate pairs and NUL are not read", async () => {
  const document = await open("<p></p>");
  (document.querySelector("p") as Element).append("a\ud83c b\0c");
  expect(readAtOnce(document).paragraphs.map(({ text }) => text)).toEqual(["a\ufffd b\ufffdc"]);
});

test("the extension's own element is not read", async () => {
  const document = await open("<p>page</p><div>ours</div>");
  const own = document.querySelector("div");
  expect(readAtOnce(document, (node) => node === own).paragraphs.map(({ text }) => text)).toEqual(["page"]);
});

test("a page that changes while it is read in slices is read as it is at the end", async () => {
  const document = await open(`${"<p>line of <b>text</b> here</p>".repeat(20_000)}`);
  let changes = 0;
  const observer = new MutationObserver(() => changes++);
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  const reading = readInSlices(
    document,
    () => false,
    () => changes,
    new AbortController().signal,
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  document.querySelector("p")?.replaceChildren("changed");
  const { paragraphs } = await reading;
  expect(paragraphs[0]?.text).toBe("changed");
  expect(paragraphs).toHaveLength(20_000);
});

/** Two random points in or around text nodes, in order. */
function somewhere(reading: Reading, next: () => number): [Point, Point] {
  const pick = (): [number, Run, number] => {
    const paragraph = Math.floor(next() * reading.paragraphs.length);
    const runs = reading.paragraphs[paragraph]?.runs ?? [];
    const run = runs[Math.floor(next() * runs.length)] as Run;
    return [paragraph, run, Math.floor(next() * (run.node.length + 1))];
  };
  const picks = [pick(), pick()].sort((a, b) => a[0] - b[0] || a[1].at - b[1].at || a[2] - b[2]);
  const [start, end] = picks.map(([, { node }, offset]): Point => ({ node, offset }));
  return [start as Point, end as Point];
}

function pointAt(range: Range, side: "start" | "end"): Point {
  return side === "start"
    ? { node: range.startContainer, offset: range.startOffset }
    : { node: range.endContainer, offset: range.endOffset };
}

const NO_TEXT =
  "rt, rp, script, style, svg, template, noscript, output, textarea, select, canvas, video, object, meter";

/** What a range shows: its text without that of elements that are not rendered, or whose text is none of the page's. */
function shownText(range: Range): string {
  const root = range.commonAncestorContainer;
  const walker = (root.ownerDocument as Document).createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  for (let node: Node | null = root; node !== null; node = walker.nextNode()) {
    if (node.nodeType !== Node.TEXT_NODE || !range.intersectsNode(node)) continue;
    const parent = node.parentElement;
    if (parent === null || parent.closest(NO_TEXT) || !isShown(parent)) continue;
    const { data } = node as Text;
    const to = node === range.endContainer ? range.endOffset : data.length;
    texts.push(data.slice(node === range.startContainer ? range.startOffset : 0, to));
  }
  return texts.join("");
}

/** Whether text directly in an element is on the page; what stands in an element without a box, the element around it says. */
function isShown(element: Element): boolean {
  const style = (element.ownerDocument.defaultView as Window).getComputedStyle(element);
  if (style.display !== "contents") return element.checkVisibility({ visibilityProperty: true });
  return style.visibility === "visible" && (element.parentElement === null || isShown(element.parentElement));
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Whether a node stands in an element, its shadow roots and frames included. */
function holds(element: Element, node: Node): boolean {
  for (let here: Node | null = node; here !== null; ) {
    if (element.contains(here)) return true;
    const root: Node = here.getRootNode();
    here = isShadowRoot(root) ? root.host : ((root as Document).defaultView?.frameElement ?? null);
  }
  return false;
}
