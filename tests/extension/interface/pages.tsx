import "./background.ts";

import axe from "axe-core";
import { type ComponentChild, render } from "preact";
import { expect, vi } from "vitest";
import { type Locator, page, userEvent } from "vitest/browser";
import { speakTheirLanguage } from "../../../extension/interface/text.ts";
import type { AnnotationView } from "../../../extension/model.ts";
import { activate, announce, loaded, resetWorld, world } from "./background.ts";
import "../../../extension/interface/styles.css";

export { activate, announce, loaded, page, userEvent, world };

let place: HTMLElement | undefined;

/** Opens an interface as its page would; the one before it is closed. */
export function open(content: ComponentChild): void {
  close();
  speakTheirLanguage(document.documentElement);
  document.title = "Annotator";
  place = document.createElement("div");
  document.body.append(place);
  render(content, place);
}

export function close(): void {
  if (place === undefined) return;
  render(null, place);
  place.remove();
  place = undefined;
}

/** For `beforeEach`. */
export function fresh(): void {
  close();
  resetWorld();
}

/** An annotation of the reader's own, found on the page; `changes` make it what a test needs. */
export function annotation(changes: Partial<AnnotationView> & { readonly id: string }): AnnotationView {
  const made: AnnotationView = {
    url: "https://example.org/story",
    motivation: "highlighting",
    color: "yellow",
    note: "",
    tags: [],
    quote: `The words of ${changes.id}`,
    created: "2026-11-23T10:00:00Z",
    updated: "2026-11-23T10:00:00Z",
    author: "ada",
    mine: true,
    state: "exact",
    now: "",
    origin: null,
    replies: 0,
    start: { paragraph: 1, offset: 0 },
    send: { kind: "sent" },
    ...changes,
  };
  world.rows.set(made.id, made);
  return made;
}

/** The element with this role and accessible name, found as a screen reader would. */
export function the(role: Parameters<typeof page.getByRole>[0], name: string | RegExp): Locator {
  return page.getByRole(role, typeof name === "string" ? { name, exact: true } : { name });
}

/** Waits until the page shows this text. */
export async function shows(text: string | RegExp): Promise<void> {
  await vi.waitFor(() => {
    const seen = document.body.innerText.replace(/\s+/g, " ");
    if (typeof text === "string") expect(seen).toContain(text);
    else expect(seen).toMatch(text);
  }, 3000);
}

/** What axe-core finds fault with, in words; an empty list is what is wanted. */
export async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.html} ${node.failureSummary ?? ""}`),
  );
}
