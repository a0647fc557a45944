/**
 * The page's text, read when it is wanted and kept while the page stands still. The page is watched only from the first
 * reading on, so a page without annotations costs nothing; every tree that holds text is watched, shadow roots and
 * same-origin frames included.
 */

import type { PageText } from "../model.ts";
import { pause } from "../slices.ts";
import { ArticleMemory } from "./article-memory.ts";
import { pageFacts } from "./facts.ts";
import type { Reading } from "./reading.ts";
import { pageText, readAtOnce, readInSlices } from "./text.ts";

const WATCHED: MutationObserverInit = {
  subtree: true,
  childList: true,
  characterData: true,
  attributes: true,
  attributeFilter: ["class", "style", "hidden", "open"],
};

/** A highlight waits no longer than this for the judgement of what surrounds it. Milliseconds. */
const LOADING_TIME = 1000;

export class WatchedText {
  private readonly document: Document;
  private readonly isOwn: (node: Node) => boolean;
  private readonly changed: () => void;
  private readonly loadFinder: () => Promise<unknown>;
  private readonly observer: MutationObserver;
  private readonly memory = new ArticleMemory();
  private watched = new Set<Node>();
  private count = 0;
  private latest: { readonly reading: Reading; readonly at: number } | null = null;
  private told: { readonly reading: Reading; readonly page: PageText; readonly url: string } | null = null;
  private loading: Promise<unknown> | null = null;

  /** `isOwn` tells our host, whose comings and goings are no change of the page; `changed` is called at every change; `loadFinder` brings the script that finds articles. */
  constructor(
    document: Document,
    isOwn: (node: Node) => boolean,
    changed: () => void,
    loadFinder: () => Promise<unknown>,
  ) {
    this.document = document;
    this.isOwn = isOwn;
    this.changed = changed;
    this.loadFinder = loadFinder;
    this.observer = new MutationObserver((records) => this.note(records));
  }

  /** The text as it is at this moment, read in one piece if it has changed since the last reading. */
  now(): Reading {
    this.watch([this.document]);
    this.note(this.observer.takeRecords());
    if (this.latest?.at === this.count) return this.latest.reading;
    return this.keep(readAtOnce(this.document, this.isOwn));
  }

  /** The same, read in slices. Rejects with the signal's reason. */
  async soon(signal: AbortSignal): Promise<Reading> {
    this.watch([this.document]);
    this.note(this.observer.takeRecords());
    if (this.latest?.at === this.count) return this.latest.reading;
    return this.keep(await readInSlices(this.document, this.isOwn, () => this.count, signal));
  }

  /** Whether the page still is as it was at this reading. */
  isCurrent(reading: Reading): boolean {
    this.note(this.observer.takeRecords());
    return this.latest?.reading === reading && this.latest.at === this.count;
  }

  /** What travels to the background for painting: what belongs to the article may be a guess. */
  page(reading: Reading): { page: PageText; settled: boolean } {
    const { flags, settled } = this.memory.recall(this.document, reading.paragraphs);
    return { page: pageText(pageFacts(this.document), reading, flags), settled };
  }

  /** What travels to the background to be kept: at the address of now, also if the page has left it when this is done. */
  async settledPage(reading: Reading): Promise<PageText> {
    const { href: url } = this.document.location;
    if (this.told?.reading === reading && this.told.url === url) return this.told.page;
    const facts = pageFacts(this.document);
    if (globalThis.annotatorFindsArticles === undefined) {
      this.loading ??= this.loadFinder();
      await Promise.race([this.loading, new Promise((resolve) => setTimeout(resolve, LOADING_TIME))]);
    }
    await pause();
    const flags = this.memory.judge(this.document, reading.paragraphs);
    await pause();
    const page = pageText(facts, reading, flags);
    this.told = { reading, url, page };
    return page;
  }

  /** Stops watching and forgets what was read. */
  rest(): void {
    this.observer.disconnect();
    this.watched = new Set();
    this.latest = null;
    this.told = null;
  }

  private keep(reading: Reading): Reading {
    this.watch(reading.roots);
    this.latest = { reading, at: this.count };
    return reading;
  }

  private watch(roots: Iterable<Node>): void {
    for (const root of roots) {
      if (this.watched.has(root)) continue;
      this.watched.add(root);
      this.observer.observe(root, WATCHED);
    }
  }

  private note(records: readonly MutationRecord[]): void {
    if (!records.some((record) => !this.isOurs(record))) return;
    this.count++;
    this.changed();
  }

  /** Our host comes and goes as a child of `<html>`; as a popover it also gets attributes, but none that are watched. */
  private isOurs(record: MutationRecord): boolean {
    if (record.type !== "childList" || record.target !== this.document.documentElement) return false;
    return [...record.addedNodes, ...record.removedNodes].every(this.isOwn);
  }
}
