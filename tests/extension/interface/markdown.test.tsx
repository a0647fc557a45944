import { render } from "preact";
import { describe, expect, test } from "vitest";
import { Markdown } from "../../../extension/interface/Markdown.tsx";
import { parseMarkdown } from "../../../extension/interface/markdown.ts";

/** The markup that a note becomes, as the browser has it. */
function shown(note: string): string {
  const place = document.createElement("div");
  render(<Markdown note={note} />, place);
  return place.querySelector(".markdown")?.innerHTML ?? "";
}

describe("what it understands", () => {
  test.each([
    ["*a* _b_ **c** ***d***", "<p><em>a</em> <em>b</em> <strong>c</strong> <strong><em>d</em></strong></p>"],
    ["snake_case_word 2 * 3 * 4", "<p>snake_case_word 2 * 3 * 4</p>"],
    ["`a *b*` ``c`d``", "<p><code>a *b*</code> <code>c`d</code></p>"],
    ["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
    ["- a\n- *b*\n  more", "<ul><li>a</li><li><em>b</em><br>more</li></ul>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    ["> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"],
    ["```\n*a*\n<b>\n```\nend", "<pre><code>*a*\n&lt;b&gt;</code></pre><p>end</p>"],
    ["```js\nx\n```", "<pre><code>x</code></pre>"],
    ["```a``` b", "<p><code>a</code> b</p>"],
    ["```\nnever closed", "<p>```<br>never closed</p>"],
    [String.raw`\*a\*`, "<p>*a*</p>"],
    ["", ""],
  ])("%j", (note, markup) => {
    expect(shown(note)).toBe(markup);
  });

  test("a link and a bare address open outside, without telling from where", () => {
    const link = '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer">';
    expect(shown("[*a*](https://example.org/a)")).toBe(`<p>${link}<em>a</em></a></p>`);
    expect(shown("see https://example.org/a.")).toBe(`<p>see ${link}https://example.org/a</a>.</p>`);
  });
});

describe("hostile notes", () => {
  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,x)",
    "[a](vbscript:x)",
    "[a](//evil.example)",
    "[a](java\tscript:alert(1))",
    "[a](https://)",
    "![a](https://example.org/a.png)".replace("https", "ftp"),
  ])("%j becomes text only", (note) => {
    const place = document.createElement("div");
    render(<Markdown note={note} />, place);
    expect(place.querySelector(":not(.markdown, p)")).toBeNull();
    expect(place.textContent).toBe(note);
  });

  test("an address cannot leave its attribute", () => {
    const place = document.createElement("div");
    render(<Markdown note={'[a](https://example.org/"onclick="alert(1))'} />, place);
    for (const element of place.querySelectorAll("*")) expect(element.hasAttribute("onclick")).toBe(false);
  });

  const pieces = [
    "*",
    "**",
    "_",
    "[",
    "](",
    "`",
    "``",
    "```",
    "> ",
    "- ",
    "*a",
    "[a](",
    "https://[",
    "![",
    "\\",
    "`a``",
    "](a",
    "_a ",
    "1. ",
    ")",
    "*a **b _c [d ",
  ];
  test.each(pieces)("eight times as many characters of %j take about eight times as long", (piece) => {
    for (const glue of ["", "\n"]) {
      const note = (length: number) =>
        (piece + glue).repeat(Math.ceil(length / (piece.length + glue.length)));
      // Of a parser that goes back and forth, it would be 64 times. Below three milliseconds, chance decides.
      expect(quickest(note(240_000)) / Math.max(quickest(note(30_000)), 3)).toBeLessThan(32);
    }
  });

  function quickest(note: string): number {
    const times = [1, 2, 3].map(() => {
      const before = performance.now();
      parseMarkdown(note);
      return performance.now() - before;
    });
    return Math.min(...times);
  }

  test("no text is lost, whatever marks it holds", () => {
    let seed = 7;
    const marks = ["*", "_", "**", "[", "]", "(", "`", "a", " ", "é", "😀", "b"];
    for (let round = 0; round < 500; round += 1) {
      let note = "";
      for (let length = 0; length < 40; length += 1) {
        seed = (seed * 48271) % 2147483647;
        note += marks[seed % marks.length] ?? "";
      }
      const place = document.createElement("div");
      render(<Markdown note={note} />, place);
      const letters = (text: string | null) => (text ?? "").replace(/[^aéb😀]/gu, "");
      expect(letters(place.textContent)).toBe(letters(note));
    }
  });
});
