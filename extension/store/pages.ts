/** Which annotations stand on a page. Answered from the mirror alone. */

import type { PageFacts } from "../model.ts";
import { urlKey } from "../url-key.ts";
import type { AnnotationRow } from "./rows.ts";
import type { LibraryDatabase } from "./schema.ts";

/** A page in the mirror's words: the keys of its address and of its believable `rel=canonical`. */
export interface PageKeys {
  readonly own: string;
  readonly canonical: string | null;
}

/** `canonical` counts only on the same site and with a path (a front page as canonical is a mistake of the site). */
export async function pageKeys(url: string, canonical: string): Promise<PageKeys> {
  const own = await urlKey(url);
  const other = believable(url, canonical) ? await urlKey(canonical) : own;
  return { own, canonical: other === own ? null : other };
}

/** Also those that were deleted here and can be brought back. */
type Which = "living" | "all";

/** The living annotations made at this address, or at another address of the same document. */
export async function annotationsAt(
  database: LibraryDatabase,
  key: string,
  which: Which = "living",
): Promise<AnnotationRow[]> {
  const tx = database.transaction(["annotations", "aliases"]);
  const annotations = tx.objectStore("annotations");
  const alias = await tx.objectStore("aliases").get(key);
  const here = await annotations.index("page").getAll(key);
  const ofDocument = alias === undefined ? [] : await annotations.index("document").getAll(alias.document);
  const found = new Map([...here, ...ofDocument].map((row) => [row.id, row]));
  return [...found.values()]
    .filter((row) => which === "all" || row.deleted === null)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether the page may have annotations: those of its canonical address too, which only its text can confirm. */
export async function isKnown(database: LibraryDatabase, keys: PageKeys): Promise<boolean> {
  if ((await annotationsAt(database, keys.own)).length > 0) return true;
  return keys.canonical !== null && (await annotationsAt(database, keys.canonical)).length > 0;
}

/**
 * The page's annotations. Those of its canonical address are its own only where the title agrees with what that
 * document is called: sites give all their pages one canonical by mistake.
 */
export async function annotationsOf(
  database: LibraryDatabase,
  facts: PageFacts,
  which: Which = "living",
): Promise<AnnotationRow[]> {
  const keys = await pageKeys(facts.url, facts.canonical);
  const own = await annotationsAt(database, keys.own, which);
  if (keys.canonical === null) return own;
  const alias = await database.get("aliases", keys.canonical);
  const title = alias && (await database.get("documents", alias.document))?.title;
  if (title === undefined || fold(title) !== fold(facts.title)) return own;
  const known = new Set(own.map((row) => row.id));
  return [
    ...own,
    ...(await annotationsAt(database, keys.canonical, which)).filter((row) => !known.has(row.id)),
  ];
}

function believable(url: string, canonical: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(canonical)) return false;
  const [here, there] = [new URL(url), new URL(canonical)];
  return siteOf(here) === siteOf(there) && there.pathname.replaceAll("/", "") !== "";
}

function siteOf({ hostname }: URL): string {
  return hostname.replace(/^www\./, "");
}

function fold(title: string): string {
  return title.normalize("NFKC").toLowerCase().split(/\s+/u).filter(Boolean).join(" ");
}
