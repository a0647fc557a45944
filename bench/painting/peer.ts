/**
 * The Hypothesis client's own anchoring and painting as one script for a page, out of the published npm package: its
 * source map holds the sources, unchanged. Prints a script that sets `globalThis.peer`.
 *
 *     node bench/painting/peer.ts > peer.js
 *
 * What is taken is what its `Guest.anchor` calls for each annotation: the selectors are tried in their order (range,
 * position, quote), what was found is kept as text offsets, and then wrapped in highlight elements.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { type Plugin, rolldown } from "../../extension/node_modules/rolldown/dist/index.mjs";

const FOLDER = import.meta.dirname;
const MAP = join(FOLDER, "node_modules/hypothesis/build/scripts/annotator.bundle.js.map");
const ANNOTATOR = "app:///src/annotator";
const ENTRY = "entry.ts";

const ENTRY_SOURCE = `
import { anchor, describe } from "${ANNOTATOR}/anchoring/html";
import { TextRange } from "${ANNOTATOR}/anchoring/text-range";
import { Highlighter } from "${ANNOTATOR}/highlighter";

const highlighter = new Highlighter(document.body);

async function paint(selectors) {
  try {
    const region = TextRange.fromRange(await anchor(document.body, selectors));
    return highlighter.highlightRange(region.toRange()).length;
  } catch {
    return 0;
  }
}

globalThis.peer = {
  describe: (range) => describe(document.body, range),
  paintAll: (all) => Promise.all(all.map(paint)),
};
`;

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
}

/** Resolves and loads what the source map holds. */
function publishedSources(): Plugin {
  const { sources, sourcesContent } = JSON.parse(readFileSync(MAP, "utf8")) as SourceMap;
  const content = new Map(sources.map((name, at) => [name, sourcesContent[at] as string]));
  const named = (path: string): string | undefined =>
    [path, `${path}.ts`, `${path}.js`, `${path}/index.ts`, `${path}/index.js`].find((name) =>
      content.has(name),
    );
  const inPackage = (name: string): string | undefined =>
    sources.find((source) => source.startsWith(`app:///node_modules/${name}/`));
  return {
    name: "published-sources",
    resolveId(source, importer) {
      if (source === ENTRY) return ENTRY;
      if (!source.startsWith(".")) return named(source) ?? inPackage(source) ?? null;
      const path = posix.join(dirname((importer ?? "").slice("app:///".length)), source);
      return named(`app:///${path}`) ?? null;
    },
    load(id) {
      const code = id === ENTRY ? ENTRY_SOURCE : content.get(id);
      if (code === undefined) return null;
      return { code, moduleType: /\.tsx?$/.test(id) ? "ts" : "js" };
    },
  };
}

function install(): void {
  if (existsSync(MAP)) return;
  const beside = join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  const [command, first] = existsSync(beside) ? [process.execPath, [beside]] : ["npm", []];
  execFileSync(command, [...first, "ci", "--no-audit", "--no-fund"], {
    cwd: FOLDER,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

install();
const bundle = await rolldown({ input: ENTRY, plugins: [publishedSources()] });
const { output } = await bundle.generate({ format: "iife" });
process.stdout.write(output[0].code);
