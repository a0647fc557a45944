import "./background.ts";

import { afterEach, beforeEach, expect, test } from "vitest";
import { Help } from "../../../extension/interface/Help.tsx";
import { Welcome } from "../../../extension/interface/Welcome.tsx";
import { ONE_LIBRARY, payloads } from "./background.ts";
import {
  annotation,
  announce,
  close,
  faults,
  fresh,
  open,
  page,
  shows,
  the,
  userEvent,
  world,
} from "./pages.tsx";

beforeEach(() => {
  fresh();
  world.status = { connection: { kind: "unset" }, unsent: 0, refused: 0 };
});
afterEach(close);

const openWelcome = (query = "") =>
  open(<Welcome address={`chrome-extension://annotator/welcome.html${query}`} />);
const now = () => document.querySelector("[aria-current=step] h2")?.textContent;

test("address, permission, sign in, sites, first highlight: step by step, with the focus", async () => {
  openWelcome("?page=https%3A%2F%2Fexample.org%2Fstory&tab=12");
  await expect.poll(now).toBe("Your server");
  expect(await faults()).toEqual([]);
  await userEvent.fill(the("textbox", "Address of your server"), "127.0.0.1:8000");
  await userEvent.keyboard("{Enter}");
  await expect.poll(now).toBe("Sign in");
  expect(world.requested).toEqual([{ origins: ["http://127.0.0.1/*"], inTheClick: true }]);
  await expect.poll(() => document.activeElement?.textContent).toBe("Sign in");
  expect(await faults()).toEqual([]);
  await the("button", "Connect").click();
  await expect.poll(now).toBe("Where Annotator may work");
  expect(await faults()).toEqual([]);
  await the("button", "Allow on example.org").click();
  await expect.poll(now).toBe("Your first highlight");
  expect(world.requested.at(-1)).toEqual({ origins: ["https://example.org/*"], inTheClick: true });
  await the("button", "Go to example.org").click();
  await expect.poll(() => world.opened).toEqual(["tab 12"]);
  annotation({ id: "one" });
  announce("changed", { what: "annotations" });
  await shows("Kept. This is your newest highlight: The words of one");
  expect(await faults()).toEqual([]);
});

test("what is wrong with the address is said, and nothing goes on", async () => {
  world.instead["connection.test"] = () => ({ kind: "no_answer", detail: "http://127.0.0.1:1" });
  openWelcome();
  await userEvent.fill(the("textbox", "Address of your server"), "127.0.0.1:1");
  await userEvent.keyboard("{Enter}");
  await shows("No answer. Is the server started");
  expect(now()).toBe("Your server");
  expect(payloads("connection.sign_in")).toEqual([]);
});

test("a permission that is refused is explained, and can be asked for again", async () => {
  world.status = { ...world.status, connection: { ...SIGNED_IN } };
  world.grants = false;
  openWelcome();
  await the("button", "Allow on all sites").click();
  await shows("The permission was not given");
  expect(now()).toBe("Where Annotator may work");
  expect(page.getByRole("button", { name: /^Allow on (?!all)/ }).query()).toBeNull();
  await userEvent.fill(the("textbox", "A page to begin with (optional)"), "example.org/story");
  world.grants = true;
  await the("button", "Allow on example.org").click();
  await expect.poll(now).toBe("Your first highlight");
});

test("who is connected already goes on where something is left to do", async () => {
  world.status = { ...world.status, connection: { ...SIGNED_IN } };
  world.sites = { ...world.sites, all: true };
  openWelcome();
  await expect.poll(now).toBe("Your first highlight");
});

test("in French all of it is French, and axe finds nothing in it", async () => {
  world.language = "fr";
  openWelcome();
  await shows("Bienvenue dans Annotator");
  await expect.poll(now).toBe("Votre serveur");
  expect(await faults()).toEqual([]);
});

test("the page of keys names the browser's own, those without a key too", async () => {
  open(<Help />);
  await shows("Alt+Shift+H Highlight the selection");
  await shows("not set Show the panel");
  expect(document.body.innerText).not.toContain("_execute_action");
  await the("button", "Change these keys").click();
  expect(world.opened).toEqual(["chrome://extensions/shortcuts"]);
  expect(await faults()).toEqual([]);
});

const SIGNED_IN = {
  kind: "signed_in",
  server: "http://127.0.0.1:8000",
  user: "ada",
  online: true,
  trouble: "",
  libraries: ONE_LIBRARY,
} as const;
