/** The part of the background in memory that answers for the whole mirror; the search itself is the real one. */
import type { FromInterface } from "../../../extension/messages.ts";
import type { AnnotationView } from "../../../extension/model.ts";
import { facetsOf, select, siteOf } from "../../../extension/store/entries.ts";

type Names = "everything.find" | "everything.open" | `markdown.${"one" | "found" | "these"}`;
type Answers = {
  [Name in Names]: (payload: FromInterface[Name]["ask"]) => FromInterface[Name]["answer"];
};

export const NOTE_ON_PAGE: AnnotationView = {
  id: "page-note",
  url: "",
  motivation: "describing",
  color: "yellow",
  note: "",
  tags: [],
  quote: "",
  created: "2026-11-23T11:00:00Z",
  updated: "2026-11-23T11:00:00Z",
  author: "ada",
  mine: true,
  state: null,
  now: "",
  origin: null,
  start: null,
  replies: 0,
  send: { kind: "unsent" },
};

export function everythingOf(rows: ReadonlyMap<string, AnnotationView>): Answers {
  const entries = () =>
    [...rows.values()]
      .map(({ id, url, color, tags, replies, quote, note, created }) => ({
        id,
        made: Date.parse(created),
        site: siteOf(url),
        title: "A story",
        color,
        tags,
        replies,
        words: () => [quote, note, ...tags].join("\n").toLowerCase(),
      }))
      .sort((a, b) => b.made - a.made);
  return {
    "everything.find": ({ sought, first, count }) => {
      const all = entries();
      const found = select(all, sought);
      return {
        all: all.length,
        total: found.length,
        sites: facetsOf(all.map(({ site }) => site)),
        tags: facetsOf(all.flatMap(({ tags }) => tags)),
        first,
        rows: found.slice(first, first + count).map(({ id, title, site }) => {
          const row = rows.get(id);
          return row === undefined ? null : { ...row, title, site };
        }),
      };
    },
    "everything.open": () => ({ opened: "tab" }),
    "markdown.one": ({ id }) => ({ markdown: `one ${id}` }),
    "markdown.found": ({ sought }) => {
      const { length } = select(entries(), sought);
      return { markdown: `${length} found`, count: length };
    },
    "markdown.these": ({ ids }) => ({ markdown: `these ${ids.join(" ")}` }),
  };
}
