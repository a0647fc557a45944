import "./background.ts";

import { afterEach, beforeEach, expect, test } from "vitest";
import { Help } from "../../../extension/interface/Help.tsx";
import { NoteWindow } from "../../../extension/interface/NoteWindow.tsx";
import { Options } from "../../../extension/interface/Options.tsx";
import { Panel } from "../../../extension/interface/Panel.tsx";
import { Welcome } from "../../../extension/interface/Welcome.tsx";
import { arrangeLibraries, DESK, OWN } from "./background.ts";
import { annotation, close, fresh, open, page, shows, the, world } from "./pages.tsx";

beforeEach(async () => {
  fresh();
  world.language = "fr";
  const name = "Rédaction-des-affaires-étrangères-et-européennes-de-la-semaine";
  const chosen = { ...DESK, name };
  arrangeLibraries({ chosen, all: [OWN, chosen], left: [{ id: "gone", name, unsent: 2 }] });
  await page.viewport(280, 700);
});
afterEach(async () => {
  close();
  document.documentElement.style.removeProperty("font-size");
  await page.viewport(414, 896);
});

const EVERYTHING = "chrome-extension://annotator/sidepanel.html?view=everything";
const WELCOME = "chrome-extension://annotator/welcome.html?page=https%3A%2F%2Fexample.org%2Fstory";
const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;

test.each(["100%", "200%"])("at 280 px and %s text, nothing has to be scrolled sideways", async (size) => {
  document.documentElement.style.fontSize = size;
  annotation({
    id: "one",
    quote: "Anticonstitutionnellement".repeat(6),
    note: "`https://example.org/a/very/long/address/without/any/space/in/it/at/all`",
    tags: ["un-mot-très-long-sans-espace-".repeat(3)],
    send: { kind: "refused", reason: "Non" },
  });
  open(<Panel address="chrome-extension://annotator/sidepanel.html" />);
  await shows("1 surlignage");
  expect(sideways()).toBeLessThanOrEqual(0);
  await the("button", /^Modifier/).click();
  expect(sideways()).toBeLessThanOrEqual(0);
  open(<NoteWindow id="one" close={close} />);
  await shows("Texte surligné");
  expect(sideways()).toBeLessThanOrEqual(0);
  open(<Options />);
  await shows("Connecté en tant que");
  expect(sideways()).toBeLessThanOrEqual(0);
  open(<Help />);
  await shows("Touches et aide");
  expect(sideways()).toBeLessThanOrEqual(0);
  open(<Welcome address={WELCOME} />);
  await shows("Où Annotator peut travailler");
  expect(sideways()).toBeLessThanOrEqual(0);
  open(<Panel address={EVERYTHING} />);
  await shows("Anticonstitutionnellement");
  await page.getByText("Site, étiquette, couleur, date").click();
  expect(sideways()).toBeLessThanOrEqual(0);
});

test.each([
  ["100%", 280],
  ["100%", 800],
  ["200%", 280],
  ["200%", 390],
] as const)("at %s text and %i px, every button in the list of everything is whole", async (size, width) => {
  await page.viewport(width, 700);
  document.documentElement.style.fontSize = size;
  annotation({ id: "one", quote: "Des mots ".repeat(60), note: "une note ".repeat(30), tags: ["a", "b"] });
  open(<Panel address={EVERYTHING} />);
  await shows("Des mots");
  const card = document.querySelector(".found-row .card")?.getBoundingClientRect();
  for (const button of document.querySelectorAll(".found-row .deeds button")) {
    const { bottom, right, left } = button.getBoundingClientRect();
    expect(bottom).toBeLessThanOrEqual(card?.bottom ?? 0);
    expect(right).toBeLessThanOrEqual(card?.right ?? 0);
    expect(left).toBeGreaterThanOrEqual(card?.left ?? 0);
  }
});

test("written from the right, the panel is its own mirror image", async () => {
  annotation({ id: "one" });
  open(<Panel address="chrome-extension://annotator/sidepanel.html" />);
  await shows("1 surlignage");
  document.documentElement.dir = "rtl";
  const card = document.querySelector(".card") ?? document.body;
  const swatch = card.querySelector(".swatch") ?? card;
  const middle = card.getBoundingClientRect().left + card.getBoundingClientRect().width / 2;
  expect(swatch.getBoundingClientRect().left).toBeGreaterThan(middle);
  expect(getComputedStyle(card).borderRightWidth).toBe("5px");
  expect(sideways()).toBeLessThanOrEqual(0);
});

test("five hundred highlights are listed in a blink", async () => {
  for (let number = 0; number < 500; number += 1)
    annotation({ id: `n${number}`, start: { paragraph: number, offset: 0 } });
  const before = performance.now();
  open(<Panel address="chrome-extension://annotator/sidepanel.html" />);
  await shows("500 surlignages");
  expect(performance.now() - before).toBeLessThan(1500);
});

test("written from the right, nothing has to be scrolled sideways anywhere, and the tabs begin on the right", async () => {
  annotation({ id: "one", tags: ["syrie"], note: "a note" });
  open(<Panel address={EVERYTHING} />);
  document.documentElement.dir = "rtl";
  await shows("The words of one");
  const tab = (name: string) => the("tab", name).element().getBoundingClientRect().left;
  expect(tab("Cette page")).toBeGreaterThan(tab("Tout"));
  expect(sideways()).toBeLessThanOrEqual(0);
  open(<Welcome address={WELCOME} />);
  document.documentElement.dir = "rtl";
  await shows("Où Annotator peut travailler");
  expect(sideways()).toBeLessThanOrEqual(0);
});
