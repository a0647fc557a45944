/**
 * What a page says of itself in its `<head>` and annotations are found by: its canonical address and its title. A page
 * that draws itself says them late, some only after its address has changed, so the `<head>` is watched: on every page,
 * for it is small and seldom changes.
 */

import { canonical } from "./facts.ts";

const WATCHED: MutationObserverInit = {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
  attributeFilter: ["rel", "href"],
};
/** Changes come in bursts. Milliseconds. */
const BURST = 300;

export interface Said {
  readonly canonical: string;
  readonly title: string;
}

export function said(document: Document): Said {
  return { canonical: canonical(document), title: document.title };
}

export function isSame(one: Said, other: Said): boolean {
  return one.canonical === other.canonical && one.title === other.title;
}

/** Calls `changed` after a burst of changes in the `<head>`, until the signal aborts. */
export function watchHead(document: Document, changed: () => void, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new MutationObserver(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, BURST);
  });
  if (document.head !== null) observer.observe(document.head, WATCHED);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
  });
}
