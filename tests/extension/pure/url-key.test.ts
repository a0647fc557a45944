/** Which addresses count as the same page: `docs/same-page.md` as cases. The server runs the same files. */
import { describe, expect, it } from "vitest";
import { isWebAddress, MAX_ADDRESS_LENGTH, normalise, urlKey } from "../../../extension/url-key.ts";
import { vectors } from "./vectors.ts";

const same = vectors<{ name: string; normalised: string; spellings: string[] }[]>("url_key/same.json");
const different = vectors<{ name: string; addresses: string[] }[]>("url_key/different.json");
const keys = vectors<{ address: string; key: string }[]>("url_key/keys.json");
const webAddresses = vectors<{ accepted: string[]; refused: { name: string; address: string }[] }>(
  "url_key/web-addresses.json",
);

const spellings = same.flatMap(({ name, normalised, spellings }) =>
  spellings.map((spelling, index) => ({ name: `${name} ${index}`, spelling, normalised })),
);

describe("normalise", () => {
  it("has its vectors", () => {
    expect(spellings.length).toBeGreaterThanOrEqual(60);
    expect(different.length).toBeGreaterThanOrEqual(10);
    expect(keys.length).toBeGreaterThanOrEqual(4);
  });

  it.each(spellings)("finds the one spelling of a page: $name", ({ spelling, normalised }) => {
    expect(normalise(spelling)).toBe(normalised);
    expect(normalise(normalised)).toBe(normalised);
  });

  it("leaves an address as it is that is longer than any document may have", () => {
    const longest = "http://www.example.com/".padEnd(MAX_ADDRESS_LENGTH, "a");
    expect(normalise(longest)).toMatch(/^https:\/\/example\.com\/a/);
    expect(normalise(`${longest}a`)).toBe(`${longest}a`);
  });

  it("never throws and is idempotent on pieces of addresses in any order", () => {
    const pieces = [
      "http://",
      "www.",
      "/",
      "//",
      "amp",
      ".amp",
      ".html",
      "?",
      "&",
      "=",
      "#!",
      "#/",
      "%",
      "2",
      "%2e",
      "é",
    ];
    pieces.push(
      "\ud800",
      "@",
      ":80",
      "utm_source=x",
      "example.com",
      "xn--",
      "[::1]",
      "1.2",
      "..",
      "\\",
      " ",
      "\0",
      "^",
      "3",
    );
    let seed = 42;
    const next = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 3000; round++) {
      const parts = Array.from({ length: next(12) }, () => pieces[next(pieces.length)] ?? "");
      const address = (round % 2 ? "https://www.example.com/" : "") + parts.join("");
      const once = normalise(address);
      expect(normalise(once), address).toBe(once);
    }
  });
});

describe("urlKey", () => {
  it.each(keys)("is the digest of the one spelling: $address", async ({ address, key }) => {
    expect(await urlKey(address)).toBe(key);
  });

  it.each(different)("keeps different pages apart: $name", async ({ addresses }) => {
    expect(new Set(await Promise.all(addresses.map(urlKey))).size).toBe(addresses.length);
  });
});

describe("isWebAddress", () => {
  it("has its vectors", () => {
    expect(webAddresses.accepted.length).toBeGreaterThanOrEqual(10);
    expect(webAddresses.refused.length).toBeGreaterThanOrEqual(30);
  });

  it.each(webAddresses.accepted)("accepts %s", (address) => {
    expect(isWebAddress(address)).toBe(true);
  });

  it.each(webAddresses.refused)("refuses $name", ({ address }) => {
    expect(isWebAddress(address)).toBe(false);
  });

  it("counts the length in code points", () => {
    const head = "https://example.com/";
    const longest = head + "😀".repeat(MAX_ADDRESS_LENGTH - head.length);
    expect(isWebAddress(longest)).toBe(true);
    expect(isWebAddress(`${longest}a`)).toBe(false);
  });
});
