import { afterEach, expect, test } from "vitest";
import { articleFlags, landmarkFlags } from "../../../extension/page/article.ts";
import { pageFacts } from "../../../extension/page/facts.ts";
import { findArticle } from "../../../extension/page/find-article.ts";
import { readAtOnce } from "../../../extension/page/text.ts";
import story from "../../../seeds/euronews-raqa.html?raw";
import { closeAll, open } from "./loading.ts";

afterEach(closeAll);

const head = (content: string, body = "<p>text</p>") =>
  open(`<!doctype html><html><head>${content}</head><body>${body}</body></html>`);

test("it takes what the head says", async () => {
  const facts = pageFacts(
    await head(`<title>The wall - Post</title><link rel="canonical" href="https://post.example/wall?a=1">
      <meta property="og:site_name" content="The Post"><meta name="author" content=" Ada
      Quill "><meta property="article:published_time" content="2026-11-20T08:00:00Z">`),
  );
  expect(facts).toMatchObject({
    canonical: "https://post.example/wall?a=1",
    title: "The wall - Post",
    site_name: "The Post",
    byline: "Ada Quill",
    published: "2026-11-20T08:00:00Z",
  });
});

test("it takes what JSON-LD says of the article", async () => {
  const facts = pageFacts(
    await head(`<script type="application/ld+json">{broken</script><script type="application/ld+json">
      {"@graph":[{"@type":"WebSite","name":"x"},{"@type":["NewsArticle"],"headline":"Walls","datePublished":"2026-01-02",
      "author":[{"@type":"Person","name":"Ada"},{"name":"Bo"}],"publisher":{"name":"The Post"}}]}</script>`),
  );
  expect(facts).toMatchObject({
    title: "Walls",
    byline: "Ada, Bo",
    published: "2026-01-02",
    site_name: "The Post",
  });
});

test.each(["javascript:alert(1)", "", "   ", "data:text/html,x", "http://[bad"])(
  "%j is no canonical address",
  async (href) => {
    expect(pageFacts(await head(`<link rel="canonical" href="${href}">`)).canonical).toBe("");
  },
);

test("what a page says of itself is bounded and holds no NUL", async () => {
  const page = await head("<title>x</title>");
  page.title = `${"long ".repeat(5000)}\0\ud800`;
  expect(pageFacts(page).title.length).toBeLessThanOrEqual(1000);
  expect(pageFacts(page).title).not.toMatch(/\0|\p{Surrogate}/u);
});

test.each([
  ["fr-FR", "fr-FR"],
  ["zh_Hans", "zh-Hans"],
  ["<b>", ""],
  ["", ""],
])("the language %j is %j", async (said, taken) => {
  const page = await head("");
  page.documentElement.lang = said;
  expect(pageFacts(page).language).toBe(taken);
});

test("the story's article is found, without advertisements, sharing, related stories and navigation", async () => {
  const page = await open(story);
  const { paragraphs } = readAtOnce(page);
  const before = page.documentElement.outerHTML;
  const flags = articleFlags(page, paragraphs, findArticle);
  const kept = paragraphs.filter((_, index) => flags[index]).map(({ text }) => text);
  expect(kept[0]).toBe("Après Mossoul, Raqa en ligne de mire de la coalition");
  expect(kept[1]).toMatch(/dont les membres étaient réunis à$/);
  expect(kept.at(-1)).toMatch(/^De son côté François Hollande/);
  expect(kept).toHaveLength(9);
  expect(kept.join(" ")).not.toMatch(/PUBLICITÉ|Partager|Newsletter|Macron/);
  expect(page.documentElement.outerHTML).toBe(before);
});

test("without the finder the page's landmarks decide", async () => {
  const page = await open(
    "<nav><p>menu</p></nav><main><p>story</p><aside><p>advertisement</p></aside></main><footer>imprint</footer>",
  );
  const { paragraphs } = readAtOnce(page);
  const flags = landmarkFlags(page, paragraphs);
  expect(paragraphs.filter((_, index) => flags[index]).map(({ text }) => text)).toEqual(["story"]);
});

test("custom elements of the page do not wake up in the copy", async () => {
  const page = await open("<x-live></x-live><article><h1>Story</h1><p>text</p></article>");
  const view = page.defaultView as Window & typeof globalThis;
  let born = 0;
  view.customElements.define(
    "x-live",
    class extends view.HTMLElement {
      constructor() {
        super();
        born++;
      }
    },
  );
  articleFlags(page, readAtOnce(page).paragraphs, findArticle);
  expect(born).toBe(1);
});
