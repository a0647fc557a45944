/** Which paragraphs belong to the article, and which are navigation, advertisements, related stories. */

import type { Composed } from "./composer.ts";
import { isShadowRoot } from "./reader.ts";

/** Readability works in one piece: above this its time would be felt. Then only the page's own landmarks decide. */
const MOST_ELEMENTS = 4000;
const MARK = "data-paragraph";
const ASIDE =
  "nav, aside, footer, [role=navigation], [role=complementary], [role=contentinfo], [role=dialog], dialog, form";
const MAIN = "article, main, [role=main], [role=article]";
/** A standfirst is a sentence; what is shorter between headline and text is a byline, a date, a share button. */
const SHORTEST_STANDFIRST = 80;

/** Finds the article's element in a document, which it takes apart; null where there is none. */
export type FindArticle = (copy: Document) => Element | null;

declare global {
  /** Given by the content script `article`, which is a third of all our code and loaded only where it is needed. */
  var annotatorFindsArticles: FindArticle | undefined;
}

/** For each paragraph, whether it belongs to the article by the page's own landmarks. Quick. */
export function landmarkFlags(document: Document, paragraphs: readonly Composed[]): boolean[] {
  return byLandmarks(paragraphs.map((paragraph) => holderOf(paragraph, document)));
}

/** For each paragraph, whether it belongs to the article. The page itself is only read: the work is done on a copy. */
export function articleFlags(
  document: Document,
  paragraphs: readonly Composed[],
  find: FindArticle,
): boolean[] {
  const holders = paragraphs.map((paragraph) => holderOf(paragraph, document));
  const kept = readable(document, holders, find);
  if (kept === null) return byLandmarks(holders);
  const flags = paragraphs.map((_, index) => kept.has(index));
  addHead(document, paragraphs, holders, flags);
  return flags;
}

/** The element of the page's own tree that holds the paragraph's first text; null for frames. */
function holderOf(paragraph: Composed, document: Document): Element | null {
  let node: Node | null = paragraph.runs[0]?.node ?? null;
  for (let root = node?.getRootNode(); root !== undefined && isShadowRoot(root); root = node.getRootNode())
    node = root.host;
  if (node === null || node.ownerDocument !== document) return null;
  return node.nodeType === Node.ELEMENT_NODE ? (node as Element) : node.parentElement;
}

/** The paragraphs inside the article that was found; null where there is none or the page is too large to look for it. */
function readable(
  document: Document,
  holders: readonly (Element | null)[],
  find: FindArticle,
): Set<number> | null {
  if (document.getElementsByTagName("*").length > MOST_ELEMENTS) return null;
  const content = find(markedCopy(document, holders));
  if (content === null) return null;
  const kept = new Set<number>();
  for (const element of content.querySelectorAll(`[${MARK}]`)) {
    for (const index of (element.getAttribute(MARK) ?? "").split(" ")) kept.add(Number(index));
  }
  return kept;
}

/** In a document without a window: no script, no image, no custom element of the page wakes up in the copy. */
function markedCopy(document: Document, holders: readonly (Element | null)[]): Document {
  const copy = document.implementation.createHTMLDocument("");
  copy.replaceChild(copy.importNode(document.documentElement, true), copy.documentElement);
  const marks = new Map<Element, string>();
  for (const [index, holder] of holders.entries()) {
    if (holder !== null) marks.set(holder, `${marks.get(holder) ?? ""} ${index}`.trim());
  }
  const originals = document.documentElement.getElementsByTagName("*");
  const copies = Array.from(copy.documentElement.getElementsByTagName("*"));
  for (const [index, twin] of copies.entries()) {
    twin.removeAttribute(MARK);
    const mark = marks.get(originals[index] as Element);
    if (mark !== undefined) twin.setAttribute(MARK, mark);
  }
  return copy;
}

/** Readability drops the headline that repeats the title, and often the standfirst: both belong to the article. */
function addHead(
  document: Document,
  paragraphs: readonly Composed[],
  holders: readonly (Element | null)[],
  flags: boolean[],
): void {
  const first = flags.indexOf(true);
  if (first < 0) return;
  const headline = headlineBefore(document, paragraphs, first);
  if (headline < 0) return;
  flags[headline] = true;
  for (let index = headline + 1; index < first; index++) {
    const paragraph = paragraphs[index] as Composed;
    const sentence = paragraph.kind === "p" && paragraph.text.length >= SHORTEST_STANDFIRST;
    if (sentence && holders[index]?.closest(ASIDE) === null) flags[index] = true;
  }
}

function headlineBefore(document: Document, paragraphs: readonly Composed[], first: number): number {
  const title = document.title.toLowerCase();
  for (let index = first; index >= 0; index--) {
    const paragraph = paragraphs[index] as Composed;
    if (paragraph.kind === "h1" && title.includes(paragraph.text.toLowerCase())) return index;
  }
  return paragraphs.findLastIndex((paragraph, index) => index <= first && paragraph.kind === "h1");
}

function byLandmarks(holders: readonly (Element | null)[]): boolean[] {
  const isAside = insideOf(ASIDE);
  const isMain = insideOf(MAIN);
  const outside = holders.map((holder) => holder === null || isAside(holder));
  const inMain = holders.map((holder, index) => !outside[index] && holder !== null && isMain(holder));
  return inMain.includes(true) ? inMain : outside.map((is) => !is);
}

/** `closest`, for thousands of elements that have most of what is around them in common. */
function insideOf(selector: string): (element: Element) => boolean {
  const known = new Map<Element, boolean>();
  return (element) => {
    const asked: Element[] = [];
    let answer = false;
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const before = known.get(at);
      answer = before ?? at.matches(selector);
      if (before !== undefined) break;
      asked.push(at);
      if (answer) break;
    }
    for (const one of asked) known.set(one, answer);
    return answer;
  };
}
