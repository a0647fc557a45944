/**
 * Cross-validates the thresholds of the decision: would they have been chosen without the pages that they are scored on?
 *
 *     node bench/anchoring/run.ts --only cross
 *
 * One threshold at a time takes each of some values, the others as shipped. For each source of pages (a site, a law
 * book, a wiki) the value is chosen that does best on all other sources, and scored on that source. "Chosen blind" is
 * all sources together, each with a value chosen without it; what it is worse by than the shipped value is how much the
 * shipped one owes to having seen the cases.
 */

import { registerHooks } from "node:module";
import type { anchor as Anchoring } from "../../extension/anchoring/anchor.ts";
import { type Case, offsetOf, readCases } from "./cases.ts";
import { judge, rates, type Verdict } from "./score.ts";

interface Threshold {
  readonly file: string;
  readonly name: string;
  readonly withOld: boolean;
  readonly values: readonly string[];
}

/** The shipped value is what stands in the file. */
const THRESHOLDS: readonly Threshold[] = [
  {
    file: "decision.ts",
    name: "LEAST",
    withOld: true,
    values: ["[0.4, 0.4, 0.3]", "[0.45, 0.45, 0.35]", "[0.55, 0.55, 0.4]", "[0.6, 0.6, 0.45]"],
  },
  { file: "decision.ts", name: "STRAYED", withOld: true, values: ["0", "0.1", "0.3", "0.4"] },
  { file: "decision.ts", name: "LEAST_ELSEWHERE", withOld: true, values: ["0.6", "0.65", "0.75", "0.8"] },
  { file: "decision.ts", name: "BETTER_BY", withOld: true, values: ["0.15", "0.2", "0.3", "0.35"] },
  { file: "evidence.ts", name: "LEAST", withOld: false, values: ["-2.1", "-1.9", "-1.5", "-1.3"] },
  { file: "evidence.ts", name: "EQUAL", withOld: false, values: ["0.05", "0.2", "0.4"] },
];

/** What an answer costs: a highlight on other words is worse than none. */
const COST: Readonly<Record<Verdict, number>> = {
  right: 0,
  gone: 0,
  partial: 1,
  lost: 1,
  wrong: 2,
  false: 2,
};
const SHIPPED = "as shipped";

interface Trial {
  readonly value: string;
  readonly verdicts: readonly Verdict[];
}

/** Every variant is the engine loaded anew, with one constant of one file replaced. */
const variants = new Map<string, { readonly file: string; readonly name: string; readonly value: string }>();

function letVariantsLoad(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const variant = new URL(context.parentURL ?? "file:///").search;
      return variant !== "" && found.url.includes("/anchoring/")
        ? { ...found, url: found.url + variant }
        : found;
    },
    load(url, context, next) {
      const loaded = next(url, context);
      const variant = variants.get(new URL(url).search);
      if (variant === undefined || !new URL(url).pathname.endsWith(`/${variant.file}`)) return loaded;
      const constant = new RegExp(`(const ${variant.name} = )[^;]+?( as const)?;`);
      const source = String(loaded.source);
      if (!constant.test(source)) throw new Error(`${variant.file} has no constant ${variant.name}`);
      return { ...loaded, source: source.replace(constant, `$1${variant.value};`) };
    },
  });
}

async function tryOut(
  cases: readonly Case[],
  { file, name, withOld }: Threshold,
  value: string,
): Promise<Trial> {
  const key = `?variant=${variants.size}`;
  if (value !== SHIPPED) variants.set(key, { file, name, value });
  const path = `../../extension/anchoring/anchor.ts${value === SHIPPED ? "" : key}`;
  const { anchor } = (await import(path)) as { anchor: typeof Anchoring };
  const verdicts = cases.map((one) => {
    const [found] = anchor(withOld ? one.before : null, one.after, [one.target]);
    if (!found?.start) return judge(one, null);
    return judge(one, [offsetOf(one.after, found.start), offsetOf(one.after, found.end)]);
  });
  return { value, verdicts };
}

/** The trial with the least cost over the cases that are not of this source; the first of equals. */
function bestWithout(source: string, cases: readonly Case[], trials: readonly Trial[]): Trial {
  const cost = ({ verdicts }: Trial): number =>
    verdicts.reduce((sum, verdict, at) => (cases[at]?.source === source ? sum : sum + COST[verdict]), 0);
  return trials.reduce((best, trial) => (cost(trial) < cost(best) ? trial : best));
}

function row(what: string, verdicts: readonly Verdict[]): string {
  const { right, recall, wrong, falseAnchor } = rates(verdicts);
  return `| ${what} | ${[right, recall, wrong, falseAnchor].map((share) => share?.toFixed(1) ?? "–").join(" | ")} |`;
}

export async function printCrossValidation(): Promise<void> {
  letVariantsLoad();
  const cases = readCases("real");
  const sources = [...new Set(cases.map(({ source }) => source))];
  console.log(`### Thresholds chosen without the pages they are scored on (${sources.length} sources)\n`);
  console.log(
    "| threshold | right | recall | wrong place | false anchor |\n| --- | ---: | ---: | ---: | ---: |",
  );
  for (const threshold of THRESHOLDS) {
    const trials: Trial[] = [];
    for (const value of [SHIPPED, ...threshold.values]) trials.push(await tryOut(cases, threshold, value));
    const chosen = new Map(sources.map((source) => [source, bestWithout(source, cases, trials)]));
    const blind = cases.map(({ source }, at) => chosen.get(source)?.verdicts[at] as Verdict);
    const name = `${threshold.file} ${threshold.name}${threshold.withOld ? "" : ", quote and context only"}`;
    for (const { value, verdicts } of trials) console.log(row(`${name}: ${value}`, verdicts));
    const values = [...new Set([...chosen.values()].map(({ value }) => value))].join(" or ");
    console.log(row(`${name}: chosen blind (${values})`, blind));
  }
}
