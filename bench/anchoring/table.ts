/** The table: the engine and its peers on the development cases, as Markdown. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, type Collection, readCases } from "./cases.ts";
import { type Answer, ENGINES } from "./engines.ts";
import { falsify, isDishonest, isOverCautious } from "./honesty.ts";
import { judge, quantile, type Rates, rates, type Verdict } from "./score.ts";

/** One engine's answers to one collection, in the order of its cases. */
interface Run {
  readonly name: string;
  readonly answers: readonly Answer[];
  readonly verdicts: readonly Verdict[];
}

async function run(cases: readonly Case[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const { name, answer } of ENGINES) {
    for (const one of cases.slice(0, 60)) await answer(one);
    const answers: Answer[] = [];
    for (const one of cases) answers.push(await answer(one));
    const verdicts = answers.map(({ found }, at) => judge(cases[at] as Case, found));
    runs.push({ name, answers, verdicts });
  }
  return runs;
}

function percent(value: number | null): string {
  return value === null ? "–" : value.toFixed(1);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function overview(runs: readonly Run[]): string[] {
  const head = [
    "",
    "right",
    "recall",
    "partial",
    "wrong place",
    "lost",
    "false anchor",
    "ms median",
    "ms p95",
  ];
  const lines = [row(head), row(["---", ...head.slice(1).map(() => "---:")])];
  for (const { name, answers, verdicts } of runs) {
    const all = rates(verdicts);
    const times = answers.map(({ milliseconds }) => milliseconds);
    const shares = [all.right, all.recall, all.partial, all.wrong, all.lost, all.falseAnchor].map(percent);
    lines.push(row([name, ...shares, quantile(times, 0.5).toFixed(2), quantile(times, 0.95).toFixed(2)]));
  }
  return lines;
}

/** Right answers by class, and the classes in which a peer is ahead of our first engine. */
function byClass(cases: readonly Case[], runs: readonly Run[], classOf: (one: Case) => string): string[] {
  const classes = [...new Set(cases.map(classOf))].sort();
  const lines = [
    row(["right, %", "cases", ...runs.map(({ name }) => name)]),
    row(["---", "---:", ...runs.map(() => "---:")]),
  ];
  const behind: string[] = [];
  for (const name of classes) {
    const shares = runs.map(
      ({ verdicts }): Rates => rates(verdicts.filter((_, at) => classOf(cases[at] as Case) === name)),
    );
    lines.push(row([name, String(shares[0]?.cases ?? 0), ...shares.map(({ right }) => percent(right))]));
    const own = shares[0]?.right ?? 0;
    for (const [at, { right }] of shares.entries())
      if (at > 1 && (right ?? 0) > own)
        behind.push(`${name}: ${runs[at]?.name} ${percent(right)}, ours ${percent(own)}`);
  }
  const verdict =
    behind.length === 0 ? "No peer is ahead in any class." : `A peer is ahead in: ${behind.join("; ")}.`;
  return [...lines, "", verdict];
}

/** Lines about the states, and how many of them were untrue. */
function honesty(cases: readonly Case[], runs: readonly Run[]): { lines: string[]; untrue: number } {
  const lines: string[] = [];
  let untrue = 0;
  for (const { name, answers } of runs) {
    const anchors = answers.map(({ anchor }) => anchor);
    if (anchors.every((found) => found === null)) continue;
    const states = new Map<string, number>();
    let dishonest = 0;
    let cautious = 0;
    for (const [at, found] of anchors.entries()) {
      if (found === null) continue;
      states.set(found.state, (states.get(found.state) ?? 0) + 1);
      if (isDishonest(cases[at] as Case, found)) dishonest++;
      if (isOverCautious(cases[at] as Case, found)) cautious++;
    }
    const told = [...states].sort().map(([state, count]) => `${count} ${state}`);
    lines.push(
      `- ${name}: ${told.join(", ")}; ${dishonest} called the same with other words, ${cautious} called edited with the same text.`,
    );
    untrue += dishonest;
  }
  const falsified = cases.flatMap(falsify);
  const hidden = falsified.filter(({ answer }) => answer.state === "exact" || answer.state === "moved");
  lines.push(
    `- One number, name or negation changed inside a surviving quote: ${falsified.length} tried, ${hidden.length} called exact or moved.`,
  );
  return { lines, untrue: untrue + hidden.length };
}

function writeResults(
  folder: string,
  collection: Collection,
  cases: readonly Case[],
  runs: readonly Run[],
): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, answers } of runs) {
    const lines = answers.map(({ found, milliseconds }, at) =>
      JSON.stringify({
        id: cases[at]?.id,
        start: found?.[0] ?? null,
        end: found?.[1] ?? null,
        ms: milliseconds,
      }),
    );
    const file = `${collection}-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.jsonl`;
    writeFileSync(join(folder, file), `${lines.join("\n")}\n`);
  }
}

/** Print the table of one collection. Out: how many states were untrue. */
export async function printTable(collection: Collection, results: string | undefined): Promise<number> {
  const cases = readCases(collection);
  const runs = await run(cases);
  const states = honesty(cases, runs);
  const title = collection === "real" ? "Real revisions" : "Constructed changes";
  const classOf = ({ status, mutation }: Case): string =>
    collection === "real" ? status : (mutation ?? "none");
  const lines = [
    `### ${title} (${cases.length} cases)`,
    "",
    ...overview(runs),
    "",
    ...byClass(cases, runs, classOf),
    "",
    ...states.lines,
    "",
  ];
  console.log(lines.join("\n"));
  if (results !== undefined) writeResults(results, collection, cases, runs);
  return states.untrue;
}
