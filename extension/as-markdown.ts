/** Annotations as Markdown, to be pasted anywhere. Pure. */

import type { Quote } from "./anchoring/types.ts";
import { passageAddress } from "./text-fragment.ts";

/** What is copied of an annotation. */
export interface Copied {
  readonly url: string;
  readonly title: string;
  readonly quote: Quote | null;
  readonly note: string;
  readonly tags: readonly string[];
}

/** One annotation with where it is from: quote, note, source, tags. */
export function asMarkdown(one: Copied): string {
  const source = `— [${label(one.title || one.url)}](${linked(passageAddress(one.url, one.quote))})`;
  return `${paragraphs([...wordsOf(one), source + tagLine(one.tags)])}\n`;
}

/** Many, under the title of the page that they stand on, in the order in which they come. */
export function allAsMarkdown(all: readonly Copied[]): string {
  const pages = new Map<string, Copied[]>();
  for (const one of all) {
    const there = pages.get(one.url);
    if (there === undefined) pages.set(one.url, [one]);
    else there.push(one);
  }
  return [...pages].map(([url, list]) => pageAsMarkdown(url, list)).join("\n");
}

function pageAsMarkdown(url: string, list: readonly Copied[]): string {
  const title = list.find((one) => one.title !== "")?.title ?? "";
  const parts = list.map((one) => {
    const here = one.quote === null ? "" : `[¶](${linked(passageAddress(url, one.quote))})`;
    const last = `${here}${tagLine(one.tags)}`.trim();
    return paragraphs([...wordsOf(one), ...(last === "" ? [] : [last])]);
  });
  return `${paragraphs([`## ${label(title || url)}`, `<${linked(url)}>`, ...parts])}\n`;
}

function wordsOf({ quote, note }: Copied): string[] {
  const quoted = quote === null ? [] : [quoteBlock(quote.exact)];
  return note.trim() === "" ? quoted : [...quoted, note.trim()];
}

/** Each line with its mark, so that the quote stays one block whatever stands in it. */
function quoteBlock(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `> ${escaped(line.trim())}`.trimEnd())
    .join("\n");
}

function tagLine(tags: readonly string[]): string {
  return tags.length === 0 ? "" : ` ${tags.map((tag) => `#${tag.replace(/\s+/g, "-")}`).join(" ")}`;
}

function paragraphs(parts: readonly string[]): string {
  return parts.join("\n\n");
}

/** A page's own words must not become markup; a note is the reader's own Markdown and stays as it is. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<>]/g, "\\$&")
    .replace(/^[#+-]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

function label(text: string): string {
  return escaped(text.replace(/\s+/g, " ").trim());
}

/** Brackets would end the link early. */
function linked(url: string): string {
  return url.replace(
    /[()<>\s]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
}
