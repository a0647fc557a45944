/** Remembers what belongs to the article, since finding out takes long and a page can change every second. */

import { articleFlags, landmarkFlags } from "./article.ts";
import type { Composed } from "./composer.ts";

/** When more than one paragraph in so many is new, the page is judged anew; else a new one goes with the one before it. */
const NEWS = 8;

export interface Judged {
  readonly flags: readonly boolean[];
  /** False: a guess from landmarks, to be judged when there is time. */
  readonly settled: boolean;
}

export class ArticleMemory {
  private known = new Map<string, boolean>();
  private address = "";

  /** What is known, or a quick guess. */
  recall(document: Document, paragraphs: readonly Composed[]): Judged {
    const fresh = paragraphs.filter(({ text }) => !this.known.has(text)).length;
    if (this.address !== addressOf(document) || fresh * NEWS > paragraphs.length) {
      return { flags: landmarkFlags(document, paragraphs), settled: false };
    }
    let last = false;
    const flags = paragraphs.map(({ text }) => {
      last = this.known.get(text) ?? last;
      return last;
    });
    return { flags, settled: true };
  }

  /** Looks closely, unless it is known. Takes tens of milliseconds on a long page. */
  judge(document: Document, paragraphs: readonly Composed[]): readonly boolean[] {
    const recalled = this.recall(document, paragraphs);
    if (recalled.settled) return recalled.flags;
    const find = globalThis.annotatorFindsArticles;
    const flags = find === undefined ? recalled.flags : articleFlags(document, paragraphs, find);
    this.address = addressOf(document);
    this.known = new Map(paragraphs.map(({ text }, index) => [text, flags[index] ?? false]));
    return flags;
  }
}

function addressOf({ location }: Document): string {
  return location.pathname + location.search;
}
