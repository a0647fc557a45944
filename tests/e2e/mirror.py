"""Fills the extension's copy of a library, as if all of it had been read from the server long ago."""

from __future__ import annotations

from tests.e2e.browsers.interface import Browser

# As `store/schema.ts` keeps them; a row that the server is known to have waits for nothing.
_FILL = """async (count, url) => {
  const names = await indexedDB.databases();
  const name = names.map((one) => one.name).find((one) => one.startsWith("library-"));
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const me = await chrome.runtime.sendMessage({ to: "background", name: "connection.get", payload: {} });
  const colors = ["yellow", "green", "blue", "pink", "purple", "orange"];
  const tx = database.transaction("annotations", "readwrite");
  const words = "some words of an article that somebody highlighted while reading it one morning in spring ";
  for (let each = 0; each < count; each++) {
    const made = new Date(Date.UTC(2015, 0, 1) + each * 3600e3).toISOString();
    const digits = each.toString(16).padStart(12, "0");
    const id = `01920000-0000-7000-8000-${digits}`;
    const quote = { exact: `Number ${each}: ${words.repeat(2)}`, prefix: "before ", suffix: " after" };
    const written = {
      motivation: each % 3 ? "highlighting" : "commenting", url: `${url}/${each % 900}`,
      color: colors[each % 6], note: each % 3 ? "" : `A note on number ${each}. ${words}`,
      tags: [`tag${each % 40}`], parent: null,
      target: { snapshot: null, start: null, end: null, quote },
    };
    tx.objectStore("annotations").put({
      id, written, created: made, updated: made, author: { id: "nobody", name: "ada" }, deleted: null,
      page: `${each % 900}`, document: null, review: "none", anchor: null, version: 1,
      base: { revision: 1, written }, seen: 0,
    });
  }
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onerror = () => reject(tx.error);
  });
  database.close();
  return Boolean(me);
}"""


def fill_mirror(browser: Browser, count: int, url: str = "https://example.org/articles") -> None:
    """`count` highlights on 900 pages, 40 tags, an hour apart since 2015. The reader has to be connected."""
    assert browser.evaluate_in_extension(_FILL, count, url)
