/**
 * Pages that write their own text again, as React, Vue and plain scripts do: highlights stay, and nothing inside
 * `<body>` is ever touched by us. A mutation that the page did not make itself fails the test.
 */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Background, end, live, painted, rest } from "./life.ts";

const QUOTE = "raise the flood wall by 40";
const BODY = `<div id="root"></div><footer>Unmoved.</footer>`;

let background: Background;
let watch: BodyWatch;
beforeEach(() => {
  background = new Background();
  background.keep(QUOTE);
});
afterEach(() => {
  watch.stop();
  end();
});

/** Tells what was changed in the body while the page itself was not at work. */
class BodyWatch {
  private readonly foreign: MutationRecord[] = [];
  private readonly observer = new MutationObserver((records) => this.foreign.push(...records));
  private markup = document.body.innerHTML;

  constructor() {
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    this.observer.observe(document.body, all);
  }

  /** Lets the page work; its own changes do not count. */
  page(work: () => void): void {
    this.foreign.push(...this.observer.takeRecords());
    work();
    this.observer.takeRecords();
    this.markup = document.body.innerHTML;
  }

  expectUntouched(): void {
    this.foreign.push(...this.observer.takeRecords());
    expect(this.foreign).toEqual([]);
    expect(document.body.innerHTML).toBe(this.markup);
  }

  stop(): void {
    this.observer.disconnect();
  }
}

const root = () => document.getElementById("root") as HTMLElement;

/** A tree of elements as a framework keeps it: a text is a string, an element a name and what is in it. */
type Tree = string | readonly [string, ...Tree[]];
const STORY: Tree = [
  "article",
  ["h1", "Walls"],
  ["p", "The council voted to ", ["b", "raise the"], " flood wall by ", "40", " centimetres."],
];

function build(tree: Tree): Node {
  if (typeof tree === "string") return document.createTextNode(tree);
  const [name, ...inside] = tree;
  const element = document.createElement(name);
  element.append(...inside.map(build));
  return element;
}

/** What React does at an update: nodes of the same kind are kept, texts are written only where they differ. */
function patch(node: Node, tree: Tree): void {
  if (typeof tree === "string") {
    if (node.nodeType !== Node.TEXT_NODE) (node as ChildNode).replaceWith(build(tree));
    else if ((node as Text).data !== tree) (node as Text).data = tree;
    return;
  }
  const [name, ...inside] = tree;
  if ((node as Element).localName !== name) {
    (node as ChildNode).replaceWith(build(tree));
    return;
  }
  for (const [index, child] of inside.entries()) {
    const there = node.childNodes[index];
    if (there === undefined) node.appendChild(build(child));
    else patch(there, child);
  }
  while (node.childNodes.length > inside.length) node.lastChild?.remove();
}

async function start(): Promise<void> {
  await live(BODY, background);
  watch = new BodyWatch();
  watch.page(() => root().append(build(STORY)));
  await found();
}

async function found(): Promise<void> {
  await vi.waitFor(() => expect(painted()).toEqual({ yellow: [QUOTE] }), { timeout: 3000 });
}

const RENDERS: [string, () => void][] = [
  ["the whole tree is built anew", () => root().replaceChildren(build(STORY))],
  ["the markup is written again", () => root().setHTMLUnsafe(root().innerHTML)],
  ["the same tree is patched, and nothing differs", () => patch(root().firstChild as Node, STORY)],
  [
    "every text node is replaced by an equal one",
    () => {
      const walker = document.createTreeWalker(root(), NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts) text.replaceWith(text.data);
    },
  ],
  [
    "a paragraph is put in above",
    () =>
      patch(root().firstChild as Node, ["article", ["p", "Updated at noon."], ...(STORY.slice(1) as Tree[])]),
  ],
  [
    "its element becomes another one",
    () =>
      patch(root().firstChild as Node, [
        "section",
        ["blockquote", "voted to raise the flood wall by 40 centimetres."],
      ]),
  ],
  ["the texts are joined", () => root().normalize()],
  [
    "it leaves for a moment, as behind a spinner",
    () => {
      root().replaceChildren("Loading…");
      setTimeout(() => watch.page(() => root().replaceChildren(build(STORY))), 50);
    },
  ],
];

test.each(RENDERS)("the highlight stays and the body is untouched when %s", async (_, render) => {
  await start();
  watch.expectUntouched();
  watch.page(render);
  await rest(150);
  await found();
  await rest(50);
  watch.expectUntouched();
});

test("it holds through a hundred renders in a row", async () => {
  await start();
  for (let count = 0; count < 100; count++) {
    const counter: Tree = ["div", STORY, ["p", `Rendered ${count} times`]];
    watch.page(() =>
      count % 2 === 0 ? root().replaceChildren(build(counter)) : patch(root().firstChild as Node, counter),
    );
    if (count % 20 === 0) await rest(10);
  }
  await found();
  await rest(100);
  watch.expectUntouched();
});

test("words that a render changes are not painted any more", async () => {
  await start();
  watch.page(() =>
    patch(root().firstChild as Node, ["article", ["p", "The council voted to lower the flood wall."]]),
  );
  await vi.waitFor(() => expect(painted()).toEqual({}), { timeout: 3000 });
  watch.expectUntouched();
});
