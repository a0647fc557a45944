import { describe, expect, test } from "vitest";
import { permissionPattern, serverOrigin, siteName } from "../../../extension/address.ts";
import { asTag, suggestions, withTag } from "../../../extension/interface/tags.ts";

describe("the address of a server", () => {
  test.each([
    ["notes.example.org", "https://notes.example.org"],
    ["http://notes.example.org/admin/?a#b", "http://notes.example.org"],
    ["HTTPS://Notes.Example.org:443", "https://notes.example.org"],
    ["localhost", "http://localhost"],
    [" 127.0.0.1:8000 ", "http://127.0.0.1:8000"],
    ["192.168.1.20:8000", "http://192.168.1.20:8000"],
    ["172.31.0.1", "http://172.31.0.1"],
    ["172.32.0.1", "https://172.32.0.1"],
    ["10.0.0.1", "http://10.0.0.1"],
    ["nas.local:8000", "http://nas.local:8000"],
    ["[::1]:8000", "http://[::1]:8000"],
    ["mylocalhost.org", "https://mylocalhost.org"],
    ["example.org:8443", "https://example.org:8443"],
  ])("%j is %s", (typed, origin) => {
    expect(serverOrigin(typed)).toBe(origin);
  });

  test.each([
    "",
    " ",
    "a b",
    "ftp://example.org",
    "javascript:alert(1)",
    "http://",
    "https://user:secret@example.org",
    "file:///etc",
  ])("%j is none", (typed) => {
    expect(serverOrigin(typed)).toBeNull();
  });

  test("the permission names the host and no port", () => {
    expect(permissionPattern("http://127.0.0.1:8000")).toBe("http://127.0.0.1/*");
    expect(permissionPattern("about:blank")).toBeNull();
    expect(permissionPattern("")).toBeNull();
    expect(siteName("https://example.org/*")).toBe("example.org");
    expect(siteName("http://example.org/*")).toBe("http://example.org");
  });
});

describe("tags", () => {
  test("are folded, cut at a hundred characters, and stand once whatever their case", () => {
    expect(asTag("  a \n b, ")).toBe("a b");
    expect([...asTag("😀".repeat(200))]).toHaveLength(100);
    expect(withTag(["Presse"], "presse")).toEqual(["Presse"]);
    expect(withTag(["a"], "")).toEqual(["a"]);
    expect(withTag(["a"], "b")).toEqual(["a", "b"]);
  });

  test("are completed by what begins so, then by what holds it, accents aside", () => {
    const known = ["moyen-orient", "Orient", "oriental", "europe"];
    expect(suggestions(known, ["orient"], "ori")).toEqual(["oriental", "moyen-orient"]);
    expect(suggestions(["Système"], [], "SYSTE")).toEqual(["Système"]);
    expect(suggestions(known, [], "  ")).toEqual([]);
  });
});
