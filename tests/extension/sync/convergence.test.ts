import { afterEach, expect, test, vi } from "vitest";
import { deleteAnnotation, editAnnotation, Gone, restoreAnnotation } from "../../../extension/store/deeds.ts";
import { sameWritten } from "../../../extension/store/rows.ts";
import type { LibraryDatabase } from "../../../extension/store/schema.ts";
import type { Line } from "../../../extension/sync/line.ts";
import { runPass } from "../../../extension/sync/pass.ts";
import { aHighlight, aLibrary, NOW, outbox } from "../store/rows.ts";
import type { Fate } from "./model-server.ts";
import { ModelServer } from "./model-server.ts";

const STEPS = 120;
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

/** Random numbers that are the same at every run (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** Milliseconds by which the devices' clocks are off, one for each. */
type Clocks = readonly [number, number];
const TEN_YEARS = 10 * 365 * 24 * 60 * 60 * 1000;
const START = Date.parse(NOW);

afterEach(() => vi.useRealTimers());

async function exchange(line: Line): Promise<void> {
  for (const row of await line.database.getAll("outbox"))
    await line.database.put("outbox", { ...row, notBefore: 0 });
  await runPass(line, true);
}

test.each(SEEDS)("two devices on a bad network end with the same rows and every text (seed %i)", (seed) =>
  converge(seed, [0, 0]),
);

test.each(SEEDS.slice(0, 4))("… with clocks ten years off, and ever further (seed %i)", (seed) =>
  converge(seed, [TEN_YEARS, -TEN_YEARS]),
);

async function converge(seed: number, clocks: Clocks): Promise<void> {
  if (clocks[0] !== clocks[1]) vi.useFakeTimers({ toFake: ["Date"] });
  /** Now by the clock of one device; both drift apart as they go. */
  const setClock = (device: 0 | 1, step: number) => {
    if (vi.isFakeTimers()) vi.setSystemTime(START + clocks[device] + (clocks[device] / 1000) * step);
  };
  const roll = dice(seed);
  const server = new ModelServer();
  const fates: Fate[] = ["arrives", "arrives", "arrives", "request lost", "answer lost"];
  server.faults = () => fates[roll(fates.length)] ?? "arrives";
  const devices = await Promise.all(
    [1, 2].map(async () => {
      const database = await aLibrary();
      return { database, library: "lib", send: server.send };
    }),
  );
  /** What was typed last into each note, on each device; a text that its own typist deleted need not survive. */
  const typed = new Map<string, Map<LibraryDatabase, string>>();

  for (let step = 0; step < STEPS; step++) {
    const device = roll(2) === 0 ? 0 : 1;
    setClock(device, step);
    const line = devices[device] as Line;
    const { database } = line;
    const rows = await database.getAll("annotations");
    const row = rows[roll(Math.max(1, rows.length))];
    const deed = roll(10);
    try {
      if (row === undefined || (deed === 0 && rows.length < 12)) await aHighlight(database);
      else if (deed < 4) {
        const text = `«${seed}.${step}»`;
        const { note } = row.written;
        // Typing adds to what stands there, so that no text is taken away by the user.
        await editAnnotation(database, row.id, { note: note + text }, NOW);
        typed.set(row.id, (typed.get(row.id) ?? new Map()).set(database, text));
      } else if (deed === 4) {
        await deleteAnnotation(database, row.id, NOW);
        typed.get(row.id)?.delete(database);
      } else if (deed === 5) await restoreAnnotation(database, row.id, NOW);
      else await exchange(line);
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
    }
  }
  server.faults = () => "arrives";
  for (let turn = 0; turn < 8; turn++) {
    setClock(turn % 2 === 0 ? 0 : 1, STEPS);
    await exchange(devices[turn % 2] as Line);
  }

  const alive = new Map(server.alive().map((row) => [row.id, row.written]));
  for (const { database } of devices) {
    expect(await outbox(database)).toEqual([]);
    const mirror = (await database.getAll("annotations")).filter((row) => row.deleted === null);
    expect(mirror.map((row) => row.id).sort()).toEqual([...alive.keys()].sort());
    for (const row of mirror) expect(sameWritten(row.written, alive.get(row.id) ?? row.written)).toBe(true);
  }
  for (const [id, texts] of typed) {
    const note = alive.get(id)?.note;
    if (note !== undefined) for (const text of texts.values()) expect(note).toContain(text);
  }
  expect(alive.size + [...server.rows.values()].filter((row) => row.deleted).length).toBe(server.rows.size);
}
