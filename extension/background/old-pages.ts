/** The pages that highlights were made on: from the mirror, else once from the server, which keeps them all. */

import type { Paragraph } from "../anchoring/types.ts";
import type { PageParagraph } from "../model.ts";
import { digest as digestOf } from "../paragraphs.ts";
import { addReceived } from "../store/anchors.ts";
import { getSnapshot } from "../sync/api.ts";
import type { OldParagraphs } from "./places.ts";
import type { Session } from "./session.ts";
import { lineOf } from "./session.ts";

/** Milliseconds that painting waits for the server; what comes later is painted when it is there. */
const PATIENCE = 1500;
/** Milliseconds until the server is asked again for what it did not give. */
const AGAIN = 10 * 60 * 1000;

/** When each digest was last asked for, by mirror; spares requests, and nothing is lost with it. */
const asked = new Map<string, number>();

/** From the mirror alone; a page of many highlights is read once. */
export function fromMirror({ database }: Pick<Session, "database">): OldParagraphs {
  const read = new Map<string, Promise<readonly Paragraph[] | null>>();
  return (digest) => {
    const known = read.get(digest);
    if (known !== undefined) return known;
    const found = database.getFromIndex("snapshots", "digest", digest).then((row) => row?.paragraphs ?? null);
    read.set(digest, found);
    return found;
  };
}

/**
 * From the mirror, or else from the server: a request with a digest, which tells nothing of the page that is read now.
 * What does not come in time is null; `late` is called if it comes after all.
 */
export function fromMirrorOrServer(there: Session, page: string, late: () => void): OldParagraphs {
  const mirror = fromMirror(there);
  return async (digest) => {
    const kept = await mirror(digest);
    if (kept !== null) return kept;
    const question = `${there.database.name} ${digest}`;
    const now = Date.now();
    if (now - (asked.get(question) ?? Number.NEGATIVE_INFINITY) < AGAIN) return null;
    asked.set(question, now);
    let waiting = true;
    const received = receive(there, digest, page).then((paragraphs) => {
      if (!waiting && paragraphs !== null) late();
      return paragraphs;
    });
    const timely = await Promise.race([received, after(PATIENCE)]);
    waiting = false;
    return timely;
  };
}

/** Null where the server cannot be asked, does not have it, or gives something else under its name. */
async function receive(there: Session, digest: string, page: string): Promise<readonly Paragraph[] | null> {
  if (there.connection.tokens === null) return null;
  const { database, library, send } = lineOf(there);
  try {
    const { extractor, facts, paragraphs, made } = await getSnapshot(send, library, digest);
    if ((await digestOf(paragraphs)) !== digest) return null;
    await addReceived(database, {
      digest,
      page,
      facts,
      extractor,
      paragraphs: paragraphs as PageParagraph[],
      made,
    });
    return paragraphs;
  } catch (error) {
    // The quote and its context do without.
    console.warn(error);
    return null;
  }
}

function after(milliseconds: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
}
