/** What a reader has set in the system: dark, more contrast, forced colours, less motion. */
import "./background.ts";

import type { ComponentChild } from "preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cdp } from "vitest/browser";
import { Help } from "../../../extension/interface/Help.tsx";
import { NoteWindow } from "../../../extension/interface/NoteWindow.tsx";
import { Options } from "../../../extension/interface/Options.tsx";
import { Panel } from "../../../extension/interface/Panel.tsx";
import { Welcome } from "../../../extension/interface/Welcome.tsx";
import { arrangeLibraries, DESK, OWN } from "./background.ts";
import { annotation, close, faults, fresh, open, shows, the } from "./pages.tsx";

beforeEach(() => {
  fresh();
  arrangeLibraries({ chosen: DESK, all: [OWN, DESK], left: [{ id: "gone", name: "Gone", unsent: 2 }] });
  annotation({ id: "one", note: "a *note* with `code`", tags: ["syrie"], send: { kind: "unsent" } });
  annotation({ id: "lost", state: "orphaned", start: null, send: { kind: "refused", reason: "too long" } });
  annotation({
    id: "edited",
    state: "edited",
    now: "Other words of edited",
    start: { paragraph: 3, offset: 0 },
  });
});
afterEach(async () => {
  close();
  await emulate({});
});

/** Chromium's own protocol, of which the test runner's types know nothing. */
interface Protocol {
  send(method: "Emulation.setEmulatedMedia", parameters: { features: object[] }): Promise<unknown>;
}

/** By media feature, as the system would say it. */
async function emulate(features: Readonly<Record<string, string>>): Promise<void> {
  await (cdp() as unknown as Protocol).send("Emulation.setEmulatedMedia", {
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  });
}

const PANEL = "chrome-extension://annotator/sidepanel.html";
const PAGES: readonly (readonly [string, () => ComponentChild, string])[] = [
  ["panel", () => <Panel address={PANEL} />, "The words of one"],
  ["everything", () => <Panel address={`${PANEL}?view=everything`} />, "3 highlights"],
  ["note window", () => <NoteWindow id="one" close={close} />, "Highlighted text"],
  ["options", () => <Options />, "Signed in as ada"],
  [
    "welcome",
    () => <Welcome address="chrome-extension://annotator/welcome.html" />,
    "Where Annotator may work",
  ],
  ["help", () => <Help />, "Keys and help"],
];

test.each(PAGES)("axe finds nothing in the %s, light, dark or with more contrast", async (_, page, text) => {
  for (const features of [
    { "prefers-color-scheme": "light" },
    { "prefers-color-scheme": "dark" },
    { "prefers-color-scheme": "dark", "prefers-contrast": "more" },
  ]) {
    await emulate(features);
    open(page());
    await shows(text);
    expect(await faults()).toEqual([]);
  }
});

test("with forced colours the chosen tab and the colours are still told apart", async () => {
  await emulate({ "forced-colors": "active" });
  open(<Panel address={PANEL} />);
  await shows("The words of one");
  const [page, everything] = ["This page", "Everything"].map(
    (name) => getComputedStyle(the("tab", name).element()).borderBottomStyle,
  );
  expect([page, everything]).toEqual(["solid", "none"]);
  const swatch = document.querySelector(".swatch.yellow");
  expect(swatch && getComputedStyle(swatch).backgroundColor).toBe("rgb(242, 207, 46)");
});

test("with less motion nothing moves", async () => {
  for (const [wish, moving] of [
    ["no-preference", true],
    ["reduce", false],
  ] as const) {
    await emulate({ "prefers-reduced-motion": wish });
    open(<Panel address={PANEL} />);
    await the("button", "Sync now").click();
    await shows("Synchronisation has started.");
    const toast = document.querySelector(".toast");
    expect(toast !== null && getComputedStyle(toast).animationName !== "none").toBe(moving);
  }
});
