import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const EXTENSION = fileURLToPath(new URL("../../../extension/", import.meta.url));
type Catalogue = Readonly<Record<string, { readonly message: string }>>;

const catalogue = (language: string) =>
  JSON.parse(readFileSync(`${EXTENSION}public/_locales/${language}/messages.json`, "utf8")) as Catalogue;
const languages = readdirSync(`${EXTENSION}public/_locales`);
const english = catalogue("en");

/** All TypeScript of the extension, apart from what is installed or built. */
function sources(folder = EXTENSION): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    if (entry.isDirectory()) return sources(`${folder}${entry.name}/`);
    return /\.tsx?$/.test(entry.name) ? [readFileSync(`${folder}${entry.name}`, "utf8")] : [];
  });
}

const code = sources().join("\n");
const PREFIX = "interface|action|command|menu|color|toolbar|state|trouble|panel|note|options|welcome|help";
const named = new Set(
  [...code.matchAll(new RegExp(`["'](?<key>(?:${PREFIX})_\\w+)["']|__MSG_(?<manifest>\\w+)__`, "g"))].map(
    ({ groups }) => groups?.["key"] ?? groups?.["manifest"] ?? "",
  ),
);
/** `color_${color}` in the code names every key that begins so. */
const families = [...code.matchAll(new RegExp(`\`((?:${PREFIX})_\\w*)\\$\\{`, "g"))].map(
  (match) => match[1] ?? "",
);

test("there are English and French", () => {
  expect(languages).toEqual(expect.arrayContaining(["en", "fr"]));
});

describe.each(languages)("%s", (language) => {
  const messages = catalogue(language);

  test("has the same keys as English", () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort());
  });

  test("has the same places to fill, and no empty message", () => {
    for (const [key, { message }] of Object.entries(messages)) {
      expect(message.trim(), key).not.toBe("");
      expect([...new Set(message.match(/\$\d/g))].sort(), key).toEqual(
        [...new Set(english[key]?.message.match(/\$\d/g))].sort(),
      );
    }
  });

  test("says which language it is", () => {
    expect(messages["interface_language"]?.message).toBe(language);
  });
});

test("French keeps its punctuation from the start of a line", () => {
  for (const [key, { message }] of Object.entries(catalogue("fr")))
    expect(message, key).not.toMatch(/ [:;!?»]|« /);
});

test("every key that the code names exists", () => {
  expect([...named].filter((key) => !(key in english))).toEqual([]);
});

test("every key is used", () => {
  const unused = Object.keys(english).filter(
    (key) => !named.has(key) && !families.some((family) => key.startsWith(family)),
  );
  expect(unused).toEqual([]);
});
