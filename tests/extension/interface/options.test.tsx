import "./background.ts";

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Options } from "../../../extension/interface/Options.tsx";
import type { ConnectionTest } from "../../../extension/model.ts";
import { arrangeLibraries, DESK, ONE_LIBRARY, OWN, payloads, Refusal } from "./background.ts";
import { annotation, announce, close, faults, fresh, open, shows, the, userEvent, world } from "./pages.tsx";

beforeEach(fresh);
afterEach(close);

const address = () => the("textbox", "Address of your server");
const unconnected = () => {
  world.status = { connection: { kind: "unset" }, unsent: 0, refused: 0 };
};

describe("the server", () => {
  test("the first minute is told while no server is known", async () => {
    unconnected();
    open(<Options />);
    await shows("The first minute");
    await shows("Annotator extension, version 1.2.3");
  });

  test("the permission for its origin is asked for in the click, before the test", async () => {
    unconnected();
    open(<Options />);
    await userEvent.fill(address(), " 192.168.1.20:8000/admin/ ");
    await the("button", "Test connection").click();
    await shows("Annotator 1.2.3 answers. You can connect.");
    expect(world.requested).toEqual([{ origins: ["http://192.168.1.20/*"], inTheClick: true }]);
    expect(payloads("connection.test")).toEqual([{ server: "http://192.168.1.20:8000" }]);
    await expect.element(address()).toHaveValue("http://192.168.1.20:8000");
  });

  test("Enter in the field tests as well", async () => {
    unconnected();
    open(<Options />);
    await userEvent.fill(address(), "notes.example.org");
    await userEvent.keyboard("{Enter}");
    await expect.poll(() => payloads("connection.test")).toEqual([{ server: "https://notes.example.org" }]);
    expect(world.requested[0]?.inTheClick).toBe(true);
  });

  test("what is no address is refused beside the field, and nothing is asked", async () => {
    unconnected();
    open(<Options />);
    await userEvent.fill(address(), "ftp://example.org");
    await the("button", "Connect").click();
    await expect.element(address()).toHaveFocus();
    await expect.element(address()).toHaveAttribute("aria-invalid", "true");
    await expect.element(address()).toHaveAccessibleDescription(/This is not a web address/);
    expect(world.requested).toEqual([]);
  });

  test("without the permission nothing is sent", async () => {
    unconnected();
    world.grants = false;
    open(<Options />);
    await userEvent.fill(address(), "notes.example.org");
    await the("button", "Test connection").click();
    await shows("The browser was not allowed to reach this server.");
    expect(payloads("connection.test")).toEqual([]);
  });

  const faultsByName: [ConnectionTest["kind"], string][] = [
    ["no_answer", "No answer."],
    ["certificate", "certificate is not trusted"],
    ["not_annotator", "not an Annotator server"],
    ["server_too_old", "server is too old"],
    ["extension_too_old", "extension is too old"],
  ];
  test.each(faultsByName)("the test names %s", async (kind, text) => {
    world.instead["connection.test"] = () => ({ kind, detail: "ECONNREFUSED" }) as ConnectionTest;
    open(<Options />);
    await the("button", "Test connection").click();
    await shows(text);
    await shows("Detail: ECONNREFUSED");
  });

  test("Connect signs in, and says as whom", async () => {
    unconnected();
    open(<Options />);
    await userEvent.fill(address(), "127.0.0.1:8000");
    await the("button", "Connect").click();
    await shows("Signed in as ada on 127.0.0.1:8000.");
    await shows("Connected.");
    expect(world.requested).toEqual([{ origins: ["http://127.0.0.1/*"], inTheClick: true }]);
    expect(the("button", "Connect").query()).toBeNull();
  });

  test("a sign-in that was cancelled says so", async () => {
    unconnected();
    world.instead["connection.sign_in"] = () => ({
      connection: { kind: "unset" },
      failure: "trouble_sign_in_cancelled",
    });
    open(<Options />);
    await userEvent.fill(address(), "127.0.0.1:8000");
    await the("button", "Connect").click();
    await shows("Signing in was cancelled.");
  });
});

describe("what is on its way", () => {
  test("a long feed shows how far it has come", async () => {
    const connection = {
      kind: "signed_in" as const,
      server: "http://n.test",
      user: "ada",
      online: true,
      trouble: "",
      libraries: ONE_LIBRARY,
    };
    world.status = {
      connection: { ...connection, receiving: { rows: 12_000, share: 0.25 } },
      unsent: 0,
      refused: 0,
    };
    open(<Options />);
    await shows("Getting your annotations from the server: 12,000 so far");
    const bar = the("progressbar", "Getting your annotations from the server: 12,000 so far");
    expect((bar.element() as HTMLProgressElement).value).toBe(0.25);
    expect(await faults()).toEqual([]);
    world.status = { connection, unsent: 0, refused: 0 };
    announce("changed", { what: "connection" });
    await expect.poll(() => the("progressbar", /./).query()).toBeNull();
  });

  test("what the server refused is listed with its reason, whatever page it is on", async () => {
    for (const [id, quote] of [
      ["a", "First words"],
      ["b", "Other words"],
    ] as const) {
      const send = { kind: "refused" as const, reason: `note: ${id} is too long` };
      annotation({ id, quote, send });
    }
    world.status = { ...world.status, refused: 2 };
    open(<Options />);
    await shows("2 changes refused by the server");
    await shows("Refused by the server: note: b is too long");
    expect(document.body.innerText).not.toContain("Everything is on the server.");
    expect(await faults()).toEqual([]);
    await the("button", "Try again").first().click();
    await expect.poll(() => payloads("refused.settle")).toEqual([{ id: "a", deed: "retry" }]);
    await expect.poll(() => document.body.innerText).not.toContain("First words");
  });
});

describe("signing out", () => {
  test("with nothing unsent it asks once, and then forgets", async () => {
    open(<Options />);
    await the("button", "Sign out and forget").click();
    await expect.element(the("dialog", "Sign out and forget?")).toBeVisible();
    expect(the("button", "Discard and sign out").query()).toBeNull();
    await the("button", "Sign out").click();
    await shows("Signed out. Nothing of this account is left in this browser.");
    await shows("The first minute");
    expect(payloads("connection.sign_out")).toEqual([{ unsent: "send_first" }]);
  });

  test("with something unsent it asks what shall become of it", async () => {
    world.status = { ...world.status, unsent: 2, refused: 1 };
    open(<Options />);
    await the("button", "Sign out and forget").click();
    await shows("2 changes were never sent to the server.");
    await shows("1 change was refused by the server. Signing out would lose it.");
    expect(await faults()).toEqual([]);
    await the("button", "Discard and sign out").click();
    await expect.poll(() => payloads("connection.sign_out")).toEqual([{ unsent: "discard" }]);
  });

  test("what was refused cannot be sent first: it is given up, or nobody signs out", async () => {
    world.status = { ...world.status, refused: 2 };
    open(<Options />);
    await the("button", "Sign out and forget").click();
    await shows("2 changes were refused by the server. Signing out would lose them.");
    expect(the("button", "Send first, then sign out").query()).toBeNull();
    await the("button", "Discard and sign out").click();
    await expect.poll(() => payloads("connection.sign_out")).toEqual([{ unsent: "discard" }]);
  });

  test("Cancel and Escape change nothing", async () => {
    open(<Options />);
    await the("button", "Sign out and forget").click();
    await the("button", "Cancel").click();
    await expect.poll(() => the("dialog", /./).query()).toBeNull();
    await the("button", "Sign out and forget").click();
    await userEvent.keyboard("{Escape}");
    await expect.poll(() => the("dialog", /./).query()).toBeNull();
    await expect.element(the("button", "Sign out and forget")).toHaveFocus();
    expect(payloads("connection.sign_out")).toEqual([]);
  });

  test("what could not be sent keeps the reader signed in, and says why", async () => {
    world.status = { ...world.status, unsent: 2 };
    world.instead["connection.sign_out"] = () => {
      throw new Refusal("trouble_offline");
    };
    open(<Options />);
    await the("button", "Sign out and forget").click();
    await the("button", "Send first, then sign out").click();
    await shows("The server does not answer.");
    await expect.element(the("dialog", /./)).toBeVisible();
  });
});

describe("sites", () => {
  test("All sites is asked for in the click, and the background is told", async () => {
    open(<Options />);
    await shows("No site is allowed yet.");
    world.instead["sites.changed"] = () => {
      world.sites = { ...world.sites, all: true };
      return { registered: true };
    };
    await the("checkbox", "All sites").click();
    await shows("Annotator now works on all sites.");
    await expect.element(the("checkbox", "All sites")).toBeChecked();
    expect(world.requested).toEqual([{ origins: ["http://*/*", "https://*/*"], inTheClick: true }]);
  });

  test("a refused permission leaves the box as it was", async () => {
    world.grants = false;
    open(<Options />);
    await the("checkbox", "All sites").click();
    await shows("Nothing was changed");
    await expect.element(the("checkbox", "All sites")).not.toBeChecked();
  });

  test("a site is removed; the server's own is not offered", async () => {
    world.sites = { ...world.sites, origins: ["http://127.0.0.1/*", "https://example.org/*"] };
    open(<Options />);
    await shows("http://127.0.0.1 your server");
    await the("button", "Remove example.org").click();
    await shows("example.org was removed.");
    expect(world.removed).toEqual(["https://example.org/*"]);
    expect(the("button", /^Remove http/).query()).toBeNull();
  });

  test("a pause is set, and shown when it was set elsewhere", async () => {
    open(<Options />);
    await the("checkbox", "Pause everywhere").click();
    await expect.poll(() => world.sites.paused).toBe(true);
    world.sites = { ...world.sites, paused: false };
    announce("changed", { what: "sites" });
    await expect.element(the("checkbox", "Pause everywhere")).not.toBeChecked();
  });
});

test("axe finds nothing in it, connected or not, in English or in French", async () => {
  open(<Options />);
  await shows("Signed in as ada");
  expect(await faults()).toEqual([]);
  unconnected();
  world.language = "fr";
  world.sites = { all: false, origins: ["https://example.org/*"], paused: true };
  open(<Options />);
  await shows("La première minute");
  await userEvent.fill(the("textbox", "Adresse de votre serveur"), "pas une adresse");
  await the("button", "Tester la connexion").click();
  await shows("Ce n’est pas une adresse web.");
  expect(await faults()).toEqual([]);
});

test("a server that moved is given its new address, and connected to", async () => {
  open(<Options />);
  await shows("Signed in as ada");
  await the("button", "The server has another address now").click();
  await shows("everything in this browser goes along");
  await expect.element(the("textbox", "Address of your server")).toHaveFocus();
  await userEvent.fill(the("textbox", "Address of your server"), "https://new.example.org");
  await the("button", "Connect").click();
  await expect.poll(() => payloads("connection.sign_in")).toEqual([{ server: "https://new.example.org" }]);
  await shows("The server has another address now");
});

describe("more than one library", () => {
  test("the options show which one is chosen, and choose", async () => {
    arrangeLibraries({ chosen: OWN, all: [OWN, DESK], left: [] });
    open(<Options />);
    await userEvent.selectOptions(the("combobox", "Library"), "Foreign desk");
    await shows("its members see it");
    expect(payloads("library.choose")).toEqual([{ id: "desk" }]);
    expect(await faults()).toEqual([]);
  });

  test("signing out asks about what was made for one that is left, and cannot send it", async () => {
    arrangeLibraries({ ...ONE_LIBRARY, left: [{ id: "desk", name: "Foreign desk", unsent: 1 }] });
    open(<Options />);
    await the("button", "Sign out and forget").click();
    await shows("1 annotation was made for a library that you are no longer a member of.");
    expect(the("button", "Send first, then sign out").query()).toBeNull();
    expect(the("button", "Sign out").query()).toBeNull();
    await the("button", "Discard and sign out").click();
    await expect.poll(() => payloads("connection.sign_out")).toEqual([{ unsent: "discard" }]);
  });
});
