/** What a page says of itself, in its `<head>`: everything is a claim, bounded in length, and may be empty. */

import type { PageFacts } from "../model.ts";

const LONGEST = 1000;
const LONGEST_ADDRESS = 8000;
/** JSON-LD of shops can hold megabytes; what an article says of itself stands in a few kilobytes. */
const LONGEST_JSON = 200_000;
const DEEPEST = 6;

export function pageFacts(document: Document): PageFacts {
  const said = structured(document);
  const meta = metas(document);
  return {
    url: pageAddress(document),
    canonical: canonical(document),
    title: short(meta("og:title", "twitter:title") || document.title || said.headline),
    language: language(document, meta("og:locale", "content-language")),
    site_name: short(meta("og:site_name", "application-name") || said.publisher),
    byline: short(meta("author", "article:author", "parsely-author", "dc.creator") || said.author),
    published: short(
      meta("article:published_time", "parsely-pub-date", "date", "dc.date", "dcterms.created") ||
        said.published ||
        timeOf(document),
    ),
  };
}

export function pageAddress(document: Document): string {
  return document.location.href;
}

/** The absolute address of `rel=canonical`, "" where there is none that is a web address. */
export function canonical(document: Document): string {
  const links = document.getElementsByTagName("link");
  const link = Array.from(links).find((one) => one.hasAttribute("href") && isCanonical(one));
  const href = link?.getAttribute("href") ?? "";
  if (href.trim() === "") return "";
  const address = URL.parse(href, document.baseURI);
  if (address === null || !/^https?:$/.test(address.protocol)) return "";
  return address.href.length <= LONGEST_ADDRESS ? address.href : "";
}

function isCanonical(link: Element): boolean {
  return (link.getAttribute("rel") ?? "").toLowerCase().split(/\s+/).includes("canonical");
}

function language(document: Document, said: string): string {
  const tag = (document.documentElement.lang || said).trim().replaceAll("_", "-");
  return /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/.test(tag) ? tag.slice(0, 35) : "";
}

/** Looks up what the page says under the first of some names that it uses. One walk over the page, whatever is asked. */
function metas(document: Document): (...names: string[]) => string {
  const contents = new Map<string, string>();
  for (const element of document.getElementsByTagName("meta")) {
    for (const attribute of ["property", "name"]) {
      const name = element.getAttribute(attribute)?.toLowerCase() ?? "";
      if (!contents.has(name)) contents.set(name, element.getAttribute("content")?.trim() ?? "");
    }
  }
  return (...names) => {
    for (const name of names) {
      const content = contents.get(name) ?? "";
      // Some sites name their author by an address: that is no byline.
      if (content !== "" && !(name.endsWith("author") && /^https?:/.test(content))) return content;
    }
    return "";
  };
}

function timeOf(document: Document): string {
  for (const time of document.getElementsByTagName("time")) {
    const datetime = time.getAttribute("datetime");
    if (datetime !== null && time.closest("article, main") !== null) return datetime;
  }
  return "";
}

function short(text: string): string {
  const line = text.toWellFormed().replaceAll("\0", "").replace(/\s+/g, " ").trim();
  return Array.from(line.slice(0, 2 * LONGEST))
    .slice(0, LONGEST)
    .join("");
}

interface Said {
  headline: string;
  author: string;
  publisher: string;
  published: string;
}

/** What the first article in the page's JSON-LD says; wrong JSON says nothing. */
function structured(document: Document): Said {
  for (const script of document.getElementsByTagName("script")) {
    if (script.type.toLowerCase() !== "application/ld+json") continue;
    const source = script.textContent ?? "";
    if (source.length > LONGEST_JSON) continue;
    let parsed: unknown;
    try {
      parsed = JSON.parse(source);
    } catch {
      continue;
    }
    const article = findArticle(parsed, 0);
    if (article !== null) {
      return {
        headline: nameIn(article["headline"]),
        author: nameIn(article["author"]),
        publisher: nameIn(article["publisher"]),
        published: nameIn(article["datePublished"]),
      };
    }
  }
  return { headline: "", author: "", publisher: "", published: "" };
}

type Thing = Readonly<Record<string, unknown>>;

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function findArticle(value: unknown, depth: number): Thing | null {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = findArticle(item, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isThing(value)) return null;
  const type = value["@type"];
  const types = Array.isArray(type) ? type : [type];
  if (types.some((name) => typeof name === "string" && /(?:Article|BlogPosting|Report)$/.test(name)))
    return value;
  return findArticle(value["@graph"], depth + 1);
}

/** A text, or the names of a person, an organisation or a list of them. */
function nameIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.slice(0, 10).map(nameIn).filter(Boolean).join(", ");
  return isThing(value) ? nameIn(value["name"]) : "";
}
