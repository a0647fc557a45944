import { describe, expect, test } from "vitest";
import { BETWEEN_NOTES, meet, mergeWritten } from "../../../extension/store/merge.ts";
import type { AnnotationRow, Base, Written } from "../../../extension/store/rows.ts";
import { ME, NOW, written } from "./rows.ts";

function row(here: Written, base: Base | null, deleted: string | null = null): AnnotationRow {
  return {
    id: "1",
    written: here,
    created: NOW,
    updated: NOW,
    author: ME,
    deleted,
    page: "",
    document: null,
    review: "none",
    anchor: null,
    version: 1,
    base,
    seen: 0,
  };
}

const start = written({ note: "start", tags: ["a", "b"] });
const base: Base = { revision: 1, written: start };
const unsent = { tried: [] };

describe("joining what was changed on both sides", () => {
  test("both texts of a note that both sides changed are kept", () => {
    const merged = mergeWritten(start, { ...start, note: "mine" }, { ...start, note: "theirs" });
    expect(merged.note).toBe(`theirs${BETWEEN_NOTES}mine`);
  });

  test("merging the same two notes twice does not double them", () => {
    const once = mergeWritten(start, { ...start, note: "mine" }, { ...start, note: "theirs" });
    const twice = mergeWritten(start, once, { ...start, note: "theirs" });
    expect(twice.note).toBe(once.note);
  });

  test("a side that did not touch the note takes the other's", () => {
    expect(mergeWritten(start, start, { ...start, note: "theirs" }).note).toBe("theirs");
    expect(mergeWritten(start, { ...start, note: "mine" }, start).note).toBe("mine");
  });

  test("tags added on either side stay, tags removed on either side go", () => {
    const merged = mergeWritten(
      start,
      { ...start, tags: ["a", "b", "mine"] },
      { ...start, tags: ["b", "theirs"] },
    );
    expect(merged.tags).toEqual(["b", "mine", "theirs"]);
  });

  test("a colour changed on one side wins over the untouched other", () => {
    expect(mergeWritten(start, start, { ...start, color: "green" }).color).toBe("green");
    expect(mergeWritten(start, { ...start, color: "blue" }, start).color).toBe("blue");
  });

  test("a highlight that gains a note becomes a comment", () => {
    const bare = written();
    expect(
      mergeWritten(bare, { ...bare, color: "blue" }, { ...bare, note: "x", motivation: "commenting" }),
    ).toMatchObject({
      motivation: "commenting",
      color: "blue",
    });
  });
});

describe("meeting the server's row", () => {
  test("what is untouched here becomes the server's", () => {
    const there = { ...start, note: "theirs" };
    const met = meet(row(start, base), null, { revision: 2, written: there });
    expect(met).toMatchObject({ kind: "kept", written: there, send: false, base: { revision: 2 } });
  });

  test("an unsent edit stays when the server has nothing new", () => {
    const here = { ...start, note: "mine" };
    const met = meet(row(here, base), unsent, { revision: 1, written: start });
    expect(met).toMatchObject({ written: here, send: true });
  });

  test("our own content, whose answer was lost, is no conflict", () => {
    const sent = { ...start, note: "mi" };
    const here = { ...start, note: "mine" };
    const met = meet(row(here, base), { tried: [sent] }, { revision: 2, written: sent });
    expect(met).toMatchObject({ written: here, send: true, base: { revision: 2, written: sent } });
  });

  test("an edit here outlives a delete there", () => {
    const here = { ...start, note: "mine" };
    const met = meet(row(here, base), unsent, { revision: 5, written: null });
    expect(met).toMatchObject({
      written: here,
      deleted: null,
      send: true,
      base: { revision: 5, written: null },
    });
  });

  test("an edit there outlives a delete here", () => {
    const there = { ...start, note: "theirs" };
    const met = meet(row(start, base, NOW), unsent, { revision: 2, written: there });
    expect(met).toMatchObject({ written: there, deleted: null, send: false });
  });

  test("a delete here holds when only our own edit came in between", () => {
    const sent = { ...start, note: "mine" };
    const met = meet(row(sent, base, NOW), { tried: [sent] }, { revision: 2, written: sent });
    expect(met).toMatchObject({ deleted: NOW, send: true });
  });

  test("what was deleted there goes, when nothing was changed here", () => {
    expect(meet(row(start, base), null, { revision: 2, written: null })).toEqual({ kind: "gone" });
  });

  test("after a restore of the server, a newer row here is sent again and a divergent one keeps both notes", () => {
    const newer = row({ ...start, note: "newer" }, { revision: 3, written: { ...start, note: "newer" } });
    expect(meet(newer, null, { revision: 2, written: start }, true)).toMatchObject({
      written: { note: "newer" },
      send: true,
      base: { revision: 2 },
    });
    expect(meet(newer, null, { revision: 3, written: { ...start, note: "other" } }, true)).toMatchObject({
      written: { note: `other${BETWEEN_NOTES}newer` },
      send: true,
    });
  });
});
