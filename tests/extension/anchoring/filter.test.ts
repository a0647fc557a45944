import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { page, targetOf } from "./page.ts";

const FILTER = fileURLToPath(new URL("../../../bench/anchoring/filter.ts", import.meta.url));
const STORY = page("A line that ends\u2028softly.", "Prices rose 21 % in May, the bank 😀 said.");
const TARGET = targetOf(STORY, "rose 21 % in May, the bank 😀");

function run(...lines: unknown[]): { answers: unknown[]; complaints: string; status: number | null } {
  const input = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const { stdout, stderr, status } = spawnSync(process.execPath, [FILTER], { input, encoding: "utf8" });
  const answers = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
  return { answers, complaints: stderr, status };
}

describe("the filter", { timeout: 20_000 }, () => {
  test("answers each line with a result for each target", () => {
    const { answers, complaints, status } = run(
      { id: "a", before: STORY, after: STORY, targets: [TARGET] },
      {
        id: 7,
        before: null,
        after: page("Well.", "Prices rose 12 % in May, the bank 😀 said."),
        targets: [TARGET, TARGET],
      },
    );
    expect(complaints).toBe("");
    expect(status).toBe(0);
    expect(answers).toEqual([
      {
        id: "a",
        results: [
          {
            state: "exact",
            start: TARGET.start,
            end: TARGET.end,
            text: TARGET.quote.exact,
            ms: expect.any(Number),
          },
        ],
      },
      {
        id: 7,
        results: Array(2).fill(
          expect.objectContaining({ state: "edited", text: "rose 12 % in May, the bank 😀" }),
        ),
      },
    ]);
  });

  test("names the line that is not a case, answers the others and fails", () => {
    const good = { id: 1, before: STORY, after: STORY, targets: [TARGET] };
    const { answers, complaints, status } = run(
      "{",
      good,
      { ...good, after: [{ kind: "div", text: "" }] },
      { ...good, targets: [{ ...TARGET, start: { paragraph: 0, offset: 1.5 } }] },
      { ...good, before: undefined },
    );
    expect(answers).toHaveLength(1);
    expect(status).toBe(1);
    expect(complaints).toMatch(/^line 1: not JSON/m);
    expect(complaints).toMatch(/^line 3: after\[0\]\.kind is not one of/m);
    expect(complaints).toMatch(/^line 4: targets\[0\]\.start\.offset is not a whole number/m);
    expect(complaints).toMatch(/^line 5: before is missing/m);
  });
});
