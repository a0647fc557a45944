/** Rows for the tests, and a database of each test's own. */
import { afterEach } from "vitest";
import { addAnnotation } from "../../../extension/store/deeds.ts";
import type { AnnotationRow, SnapshotRow, Written } from "../../../extension/store/rows.ts";
import { snapshotKey } from "../../../extension/store/rows.ts";
import type { LibraryDatabase, Owner } from "../../../extension/store/schema.ts";
import { deleteLibrary, openLibrary } from "../../../extension/store/schema.ts";
import { urlKey } from "../../../extension/url-key.ts";
import { uuid7 } from "../../../extension/uuid7.ts";

export const NOW = "2026-11-23T10:00:00.000Z";
export const PAGE = "https://example.org/story";
export const ME = { id: "me", name: "Ada" };

const opened: { database: LibraryDatabase; owner: Owner }[] = [];

afterEach(async () => {
  for (const { database, owner } of opened.splice(0)) {
    database.close();
    await deleteLibrary(owner);
  }
});

/** A fresh mirror; gone after the test. */
export async function aLibrary(user = uuid7()): Promise<LibraryDatabase> {
  const owner = { server: "https://annotator.test", user };
  const database = await openLibrary(owner);
  opened.push({ database, owner });
  return database;
}

export function written(change: Partial<Written> = {}): Written {
  return {
    motivation: "highlighting",
    url: PAGE,
    color: "yellow",
    note: "",
    tags: [],
    parent: null,
    target: {
      snapshot: "a".repeat(64),
      start: { paragraph: 0, offset: 0 },
      end: { paragraph: 0, offset: 5 },
      quote: { exact: "First", prefix: "", suffix: " words" },
    },
    ...change,
  };
}

export async function aSnapshot(change: Partial<SnapshotRow> = {}): Promise<SnapshotRow> {
  const page = await urlKey(change.facts?.url ?? PAGE);
  return {
    id: snapshotKey("a".repeat(64), page),
    digest: "a".repeat(64),
    page,
    facts: {
      url: PAGE,
      canonical: "",
      title: "Story",
      language: "en",
      site_name: "",
      byline: "",
      published: "",
    },
    extractor: "1",
    paragraphs: [{ kind: "p", text: "First words.", article: true }],
    made: Date.now(),
    onServer: false,
    ...change,
  };
}

/** A highlight made here and not yet sent. */
export async function aHighlight(
  database: LibraryDatabase,
  change: Partial<Written> = {},
): Promise<AnnotationRow> {
  const content = written(change);
  const made = { id: uuid7(), written: content, author: ME, page: await urlKey(content.url), now: NOW };
  return addAnnotation(database, made, null);
}

/** The outbox as `kind:key`, in the order of sending. */
export async function outbox(database: LibraryDatabase): Promise<string[]> {
  return (await database.getAll("outbox")).map(({ subject }) => subject);
}
