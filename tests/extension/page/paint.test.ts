import { afterEach, beforeEach, expect, test } from "vitest";
import { Painter, type Stroke } from "../../../extension/page/paint.ts";
import { readAtOnce } from "../../../extension/page/text.ts";
import { closeAll, open } from "./loading.ts";

let painter: Painter;
beforeEach(() => {
  painter = new Painter();
});
afterEach(() => {
  painter.clear();
  closeAll();
});

const PAGE = "<p>The wall rises by <b>forty</b> centimetres this year.</p><p>The river rises too.</p>";

function stroke(page: Document, from: number, to: number, more: Partial<Stroke> = {}): Stroke {
  const span = { start: { paragraph: 0, offset: from }, end: { paragraph: 0, offset: to } };
  return { color: "yellow", state: "exact", ranges: readAtOnce(page).ranges(span), ...more };
}

function registry(page: Document): HighlightRegistry {
  return (page.defaultView as Window & typeof globalThis).CSS.highlights;
}

function boxOf(id: string): DOMRect {
  const range = painter.stroke(id)?.ranges[0];
  if (range === undefined) throw new Error(`${id} is not painted`);
  return range.getBoundingClientRect();
}

const textsOf = (page: Document, name: string) => [...(registry(page).get(name) ?? [])].map(String);

test("it paints without changing the page", async () => {
  const page = await open(PAGE);
  const before = page.documentElement.outerHTML;
  painter.paint("a", stroke(page, 4, 23));
  expect(textsOf(page, "annotator-yellow")).toEqual(["wall rises by forty"]);
  expect(page.documentElement.outerHTML).toBe(before);
  const style = page.defaultView?.getComputedStyle(
    page.querySelector("b") as Element,
    "::highlight(annotator-yellow)",
  );
  expect(style?.backgroundColor).toMatch(/^rgba\(255, 208, 0/);
});

test("a strict content security policy does not stop it", async () => {
  const csp = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; require-trusted-types-for 'script'">`;
  const page = await open(`<html><head>${csp}</head><body>${PAGE}</body></html>`);
  painter.paint("a", stroke(page, 0, 8, { color: "blue" }));
  const style = page.defaultView?.getComputedStyle(
    page.querySelector("p") as Element,
    "::highlight(annotator-blue)",
  );
  expect(style?.backgroundColor).toMatch(/^rgba\(50, 150, 255/);
});

test("the page's own highlights and sheets stay as they are, then and afterwards", async () => {
  const page = await open(PAGE);
  const view = page.defaultView as Window & typeof globalThis;
  const own = new view.Highlight(page.createRange());
  const sheet = new view.CSSStyleSheet();
  registry(page).set("search", own);
  page.adoptedStyleSheets = [sheet];
  painter.paint("a", stroke(page, 0, 8));
  painter.clear();
  expect([...registry(page)]).toEqual([["search", own]]);
  expect([...page.adoptedStyleSheets]).toEqual([sheet]);
});

test("an edited highlight has an underline besides its colour", async () => {
  const page = await open(PAGE);
  painter.paint("a", stroke(page, 0, 8, { state: "edited" }));
  expect(textsOf(page, "annotator-yellow")).toEqual(["The wall"]);
  expect(textsOf(page, "annotator-edited")).toEqual(["The wall"]);
  painter.paint("a", stroke(page, 0, 8, { state: "moved" }));
  expect(textsOf(page, "annotator-edited")).toEqual([]);
});

test("painting an id again replaces what it was", async () => {
  const page = await open(PAGE);
  painter.paint("a", stroke(page, 0, 8));
  painter.paint("a", stroke(page, 4, 14, { color: "green" }));
  expect([textsOf(page, "annotator-yellow"), textsOf(page, "annotator-green")]).toEqual([[], ["wall rises"]]);
});

test("of highlights that lie over each other each is found, the shortest first", async () => {
  const page = await open(PAGE);
  painter.paint("long", stroke(page, 0, 30));
  painter.paint("short", stroke(page, 4, 8, { color: "blue" }));
  painter.paint("elsewhere", stroke(page, 30, 40));
  const box = boxOf("short");
  expect(painter.at(page, box.left + 5, box.top + 5)).toEqual(["short", "long"]);
  expect(painter.at(page, box.left + 5, box.bottom + 15)).toEqual([]);
  expect(painter.at(page, 700, box.top + 5)).toEqual([]);
});

test("it paints in open shadow roots and finds what it painted there", async () => {
  const page = await open("<x-a><template shadowrootmode=open><p>Text in the shadow.</p></template></x-a>");
  painter.paint("a", stroke(page, 0, 4, { color: "pink" }));
  const root = page.querySelector("x-a")?.shadowRoot as ShadowRoot;
  expect(root.adoptedStyleSheets).toHaveLength(1);
  const box = boxOf("a");
  expect(painter.at(page, box.left + 3, box.top + 3)).toEqual(["a"]);
  painter.clear();
  expect(root.adoptedStyleSheets).toHaveLength(0);
});

test("it paints in the document of a frame", async () => {
  const page = await open(`<iframe srcdoc="<p>Text in a frame.</p>"></iframe>`);
  painter.paint("a", stroke(page, 0, 4));
  const inside = page.querySelector("iframe")?.contentDocument as Document;
  expect(textsOf(inside, "annotator-yellow")).toEqual(["Text"]);
  expect(textsOf(page, "annotator-yellow")).toEqual([]);
});

const CHANGES: readonly (readonly [string, (paragraph: Element) => void, readonly string[]])[] = [
  ["its paragraph is taken away", (p) => p.remove(), ["a"]],
  ["its text is written anew, letter for letter", (p) => p.replaceChildren(p.textContent ?? ""), ["a"]],
  ["a word in it changes", (p) => (p.firstChild as Text).replaceData(4, 4, "well"), ["a"]],
  ["a word is put before it", (p) => (p.firstChild as Text).insertData(0, "Look: "), []],
  ["another paragraph changes", (p) => p.nextElementSibling?.remove(), []],
];

test.each(CHANGES)("whether a highlight is lost when %s", async (_what, change, lost) => {
  const page = await open(PAGE);
  painter.paint("a", stroke(page, 4, 14));
  change(page.querySelector("p") as Element);
  expect(painter.lost()).toEqual(lost);
});

test("showing a highlight scrolls to it, inside a paragraph longer than the window too", async () => {
  const page = await open(`<p>${"words and words ".repeat(4000)}</p>`);
  painter.paint("a", stroke(page, 50_000, 50_020));
  expect(painter.show("a")).toBe(true);
  const box = boxOf("a");
  expect(box.top).toBeGreaterThanOrEqual(0);
  expect(box.bottom).toBeLessThanOrEqual(page.defaultView?.innerHeight ?? 0);
  expect(textsOf(page, "annotator-flash")).toHaveLength(1);
  expect(painter.show("unknown")).toBe(false);
});
