"""A browser that is connected to a server, asked as its own panel would ask, and looked into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.browsers.interface import Browser, Page, PageError, wait_until
from tests.e2e.server import Server

_ASK = """async (name, payload) => {
  const reply = await chrome.runtime.sendMessage({ to: "background", name, payload });
  if (!reply?.ok) throw new Error(`${name}: ${JSON.stringify(reply)}`);
  return reply.value;
}"""
# As a panel that does not wait for each answer.
_ASK_ALL = f"""async (name, payloads, together) => {{
  const ask = {_ASK};
  for (let at = 0; at < payloads.length; at += together)
    await Promise.all(payloads.slice(at, at + together).map((payload) => ask(name, payload)));
}}"""
_CONNECT = """async (row) => {
  const opened = indexedDB.open("connection", 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore("connection");
  await new Promise((resolve, reject) => { opened.onsuccess = resolve; opened.onerror = reject; });
  const tx = opened.result.transaction("connection", "readwrite");
  if (row === null) tx.objectStore("connection").delete("current");
  else tx.objectStore("connection").put(row, "current");
  await new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onerror = reject; });
  opened.result.close();
}"""
# How many of the outbox's rows may still be sent; nothing is read but their number.
_UNSENT = """(async () => {
  const answerTo = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = reject;
  });
  let unsent = 0;
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("library-")) continue;
    const database = await answerTo(indexedDB.open(name));
    const store = database.transaction("outbox").objectStore("outbox");
    const counts = [store.count(), store.index("refused").count()].map(answerTo);
    const [all, refused] = await Promise.all(counts);
    unsent += all - refused;
    database.close();
  }
  return unsent;
})()"""
# The rows of one store of the only mirror, or of all mirrors together.
_ROWS = """async (store) => {
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    if (store === "connection" ? name !== "connection" : !name.startsWith("library-")) continue;
    const opened = indexedDB.open(name);
    await new Promise((resolve, reject) => { opened.onsuccess = resolve; opened.onerror = reject; });
    const asked = opened.result.transaction(store).objectStore(store).getAll();
    await new Promise((resolve, reject) => { asked.onsuccess = resolve; asked.onerror = reject; });
    rows.push(...asked.result);
    opened.result.close();
  }
  return rows;
}"""


@dataclass
class Device:
    """`address` is where the browser believes the server to be: its own, or a proxy's."""

    browser: Browser
    server: Server
    address: str
    _page: Page | None = field(default=None, init=False)

    def connect(self, token: str) -> None:
        """Past sign-in and permissions, for tests about what comes after; `token` is a personal one."""
        me = self.server.api(token).get("me").json
        about = self.server.api().get("").json
        library = next(one["id"] for one in me["libraries"] if one["own"])
        user = {"id": me["user"]["id"], "name": me["user"]["username"]}
        tokens = {"access": token, "refresh": None, "expires": 0}
        row = {
            "server": self.address, "user": user, "library": library,
            "oauth": about["oauth"], "tokens": tokens,
        }  # fmt: skip
        self.browser.grant_sites("http://*/*", "https://*/*")
        self.page.evaluate(_CONNECT, row)
        self.ask("sites.changed")

    def expire_token(self) -> None:
        """As after an hour: the next request renews it first."""
        [row] = self.rows("connection")
        self.page.evaluate(_CONNECT, {**row, "tokens": {**row["tokens"], "expires": 0}})

    @property
    def page(self) -> Page:
        """A document of the extension that runs no script of its own, from which everything here is asked."""
        if self._page is None or self._page not in self.browser.pages():
            self._page = self.browser.open(self.browser.extension_url("manifest.json"))
        return self._page

    def ask(self, name: str, **payload: object) -> Any:
        """What a page of the extension would ask of the background; one that is just stopped is woken."""

        def try_it() -> tuple[Any] | None:
            try:
                return (self.page.evaluate(_ASK, name, payload),)
            except PageError as error:
                if "Could not establish connection" in str(error) or "port closed" in str(error):
                    return None
                raise

        return wait_until(try_it, what=lambda: f"the background to answer {name}")[0]

    def ask_all(self, name: str, payloads: Sequence[object], at_once: int = 250, together: int = 25) -> None:
        """The same of many: so many in one word to the browser, so many before the first is answered."""
        for start in range(0, len(payloads), at_once):
            self.page.evaluate(_ASK_ALL, name, list(payloads[start : start + at_once]), together)

    def rows(self, store: str) -> list[dict[str, Any]]:
        """Rows of the mirror as they lie on the disk."""
        return list(self.page.evaluate(_ROWS, store))

    def ids(self) -> set[str]:
        """Of all annotations in the mirror."""
        return {str(row["id"]) for row in self.rows("annotations")}

    def synchronise(self, timeout: float = 60.0) -> None:
        """Exchange until nothing is left to send, whatever comes in between."""

        def all_sent() -> bool:
            unsent = self.page.evaluate(_UNSENT)
            if unsent:
                self.ask("sync.now")
            return not unsent

        wait_until(
            all_sent, what=lambda: f"all to be sent; left: {self.rows('outbox')[:20]}", timeout=timeout
        )

    def pull(self, timeout: float = 60.0) -> None:
        """Exchange until the mirror has everything that the server had when this began."""
        [library] = self.server.query(
            "SELECT version, epoch FROM annotator_library ORDER BY version DESC LIMIT 1"
        )
        head, epoch = library["version"], str(library["epoch"]).replace("-", "")

        def is_there() -> bool:
            states = self.rows("meta")
            same = states and (states[0]["epoch"] or "").replace("-", "") == epoch
            if same and states[0]["since"] >= head and not states[0]["reconciling"]:
                return True
            self.ask("sync.now")
            return False

        wait_until(
            is_there, what=lambda: f"the feed to be read to {head}: {self.rows('meta')}", timeout=timeout
        )

    def is_quiet(self) -> bool:
        """Nothing to send, and nothing on the server that has not come."""
        head = self.server.query("SELECT MAX(version) AS head FROM annotator_library")[0]["head"]
        return not self.rows("outbox") and self.rows("meta")[0]["since"] >= head

    def forget_page(self) -> None:
        """The browser was ended: its pages are no more."""
        self._page = None
