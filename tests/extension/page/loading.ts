/** Loads a page of `pages/` as a document of its own, in a frame. */

const SOURCES = import.meta.glob<string>("./pages/*.html", { query: "?raw", import: "default", eager: true });

export const PAGES: readonly string[] = Object.keys(SOURCES).map((path) => path.slice("./pages/".length));

export async function open(source: string): Promise<Document> {
  const frame = document.createElement("iframe");
  frame.style.cssText = "width: 900px; height: 700px";
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  frame.srcdoc = source;
  document.body.append(frame);
  await loaded;
  return frame.contentDocument as Document;
}

export function openPage(name: string): Promise<Document> {
  const source = SOURCES[`./pages/${name}`];
  if (source === undefined) throw new Error(`no page ${name}`);
  return open(source);
}

export function closeAll(): void {
  for (const frame of document.querySelectorAll("iframe")) frame.remove();
}

/** The paragraphs that a page says a reader sees. */
export function expected(page: Document): [string, string][] {
  return JSON.parse(page.querySelector("#paragraphs")?.textContent ?? "null");
}

/** Random numbers in [0, 1) that are the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
