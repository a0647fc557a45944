/**
 * The engine as a filter: JSON lines in, JSON lines out.
 *
 *     node bench/anchoring/filter.ts < CASES.jsonl > RESULTS.jsonl
 *
 * In:  {"id", "before": [{"kind", "text"}] | null, "after": [{"kind", "text"}],
 *       "targets": [{"start": {"paragraph", "offset"}, "end", "quote": {"exact", "prefix", "suffix"}}]}
 * Out: {"id", "results": [{"state", "start", "end", "text", "ms"}]}, one for each target; `ms` is a line's time shared
 * out among its targets. A line that is not so is named on stderr; the others are answered, and the exit status is 1.
 */

import { anchor } from "../../extension/anchoring/anchor.ts";
import { NotACase, readCase } from "./case-line.ts";

function answer(line: string): string {
  const { id, before, after, targets } = readCase(line);
  const start = performance.now();
  const anchors = anchor(before, after, targets);
  const ms = Number(((performance.now() - start) / Math.max(1, targets.length)).toFixed(3));
  return JSON.stringify({ id, results: anchors.map((found) => ({ ...found, ms })) });
}

/** Lines as JSON lines have them: ended by a line feed and nothing else (readline also breaks at U+2028). */
async function* lines(): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of process.stdin.setEncoding("utf8") as AsyncIterable<string>) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}

async function main(): Promise<number> {
  let number = 0;
  let status = 0;
  for await (const line of lines()) {
    number++;
    if (line.trim() === "") continue;
    try {
      const text = answer(line);
      if (!process.stdout.write(`${text}\n`))
        await new Promise((resolve) => process.stdout.once("drain", resolve));
    } catch (error) {
      if (!(error instanceof NotACase)) throw error;
      process.stderr.write(`line ${number}: ${error.message}\n`);
      status = 1;
    }
  }
  return status;
}

process.exitCode = await main();
