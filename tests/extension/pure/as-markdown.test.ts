import { expect, test } from "vitest";
import { allAsMarkdown, asMarkdown } from "../../../extension/as-markdown.ts";
import { passageAddress } from "../../../extension/text-fragment.ts";

const quote = (exact: string, prefix = "", suffix = "") => ({ exact, prefix, suffix });
const STORY = { url: "https://example.org/story", title: "A story", note: "", tags: [] };

test("a short passage takes words from around it along, so that its twin is not meant", () => {
  expect(passageAddress("https://example.org/", quote("the city", "and then of ", " of Raqa, they"))).toBe(
    "https://example.org/#:~:text=and%20then%20of-,the%20city,-of%20Raqa%2C%20they",
  );
});

test("a long one, and one of several blocks, is named by its ends", () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`);
  expect(passageAddress("https://example.org/", quote(words.join(" ")))).toBe(
    `https://example.org/#:~:text=${words.slice(0, 5).join("%20")},${words.slice(-5).join("%20")}`,
  );
  const blocks = passageAddress("https://e.org/", quote("One two three four.\n\nFive six seven eight nine."));
  expect(blocks).toContain("text=One%20two%20three%20four.%20Five,Five%20six%20seven%20eight%20nine.");
});

test("a dash and an own fragment do not break the address", () => {
  const long = "a well-known passage & more, which is long enough";
  expect(passageAddress("https://example.org/#part", quote(long))).toBe(
    "https://example.org/#part:~:text=a%20well%2Dknown%20passage%20%26%20more%2C%20which%20is%20long%20enough",
  );
  expect(passageAddress("https://example.org/", null)).toBe("https://example.org/");
});

test("one highlight becomes quote, note, source and tags", () => {
  const words = "Words that are *starred* and long enough to stand alone";
  const one = { ...STORY, quote: quote(words), note: "My **note**", tags: ["two words", "b"] };
  expect(asMarkdown(one)).toBe(
    [
      "> Words that are \\*starred\\* and long enough to stand alone",
      "",
      "My **note**",
      "",
      "— [A story](https://example.org/story#:~:text=Words%20that%20are%20*starred*%20and%20long%20enough%20to%20stand%20alone) #two-words #b",
      "",
    ].join("\n"),
  );
});

test("a page's own words never become markup", () => {
  const text = asMarkdown({
    ...STORY,
    title: "[x](javascript:1)",
    quote: quote("# no heading\n1. no list\n<b>"),
  });
  expect(text).toContain("> \\# no heading\n> 1\\. no list\n> \\<b\\>");
  expect(text).toContain("[\\[x\\](javascript:1)]");
  expect(asMarkdown({ ...STORY, url: "https://e.org/a_(b)", quote: null, note: "n" })).toContain(
    "(https://e.org/a_%28b%29)",
  );
});

test("all of them stand under the title of their page", () => {
  const other = { ...STORY, url: "https://other.org/", title: "", quote: null, note: "On the page" };
  const text = allAsMarkdown([
    { ...STORY, quote: quote("one") },
    other,
    { ...STORY, quote: quote("two"), tags: ["t"] },
  ]);
  expect(text).toBe(
    [
      "## A story",
      "<https://example.org/story>",
      "> one",
      "[¶](https://example.org/story#:~:text=one)",
      "> two",
      "[¶](https://example.org/story#:~:text=two) #t",
      "\n## https://other.org/",
      "<https://other.org/>",
      "On the page\n",
    ]
      .join("\n\n")
      .replace("#t\n\n\n", "#t\n\n"),
  );
});
