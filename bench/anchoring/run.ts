/**
 * Measures the engine and its peers on the development cases and prints one table as Markdown.
 *
 *     node bench/anchoring/run.ts [--only real|constructed|speed|cross] [--results FOLDER]
 *
 * With `--results`, every engine's answers are written there as JSON lines `{id, start, end, ms}`, in code points of
 * the whole new text. The peers' packages are installed at the first run. Exit status 1 when a state is not honest.
 */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Collection } from "./cases.ts";

const COLLECTIONS: readonly Collection[] = ["real", "constructed"];
const PARTS = [...COLLECTIONS, "speed", "cross"] as const;

/** The peers have a lock file of their own, kept out of the extension's. */
function installPeers(): void {
  const folder = import.meta.dirname;
  if (existsSync(join(folder, "node_modules", ".package-lock.json"))) return;
  const beside = join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  const [command, first] = existsSync(beside) ? [process.execPath, [beside]] : ["npm", []];
  execFileSync(command, [...first, "ci"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: "string" }, results: { type: "string" } } });
  // The cross-validation runs the cases thirty times over: only when it is asked for.
  const asked = PARTS.filter((name) => (values.only === undefined ? name !== "cross" : values.only === name));
  if (asked.length === 0) throw new Error(`--only is one of ${PARTS.join(", ")}, not ${values.only}`);
  installPeers();
  const { printTable } = await import("./table.ts");
  let untrue = 0;
  for (const collection of COLLECTIONS)
    if (asked.includes(collection)) untrue += await printTable(collection, values.results);
  if (asked.includes("speed")) (await import("./speed.ts")).printSpeed();
  if (asked.includes("cross")) await (await import("./cross.ts")).printCrossValidation();
  return untrue === 0 ? 0 : 1;
}

process.exitCode = await main();
