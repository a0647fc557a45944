/**
 * When to exchange with the server: soon after a deed, at the time of a retry, and every few minutes. Page visits are
 * not among the reasons. Alarms wake a worker that was stopped; waits shorter than an alarm can be are timers beside it.
 */

import { browser } from "../browser.ts";
import { readSettings } from "../store/settings.ts";
import type { Passed } from "./pass.ts";
import { nextPass, runPass } from "./pass.ts";
import type { Line } from "./push.ts";

const PERIODIC = "sync-periodic";
const RETRY = "sync-retry";
/** In `storage.session`, which ends with the browser. */
const STARTED = "started";
/** Milliseconds; Chromium's shortest alarm. */
const SHORTEST_ALARM = 30_000;

export interface Schedule {
  /** Something was done here that the server lacks, or the user asks: exchange now. */
  readonly soon: () => void;
  /** Sets the periodic alarm by the settings; where it stands already it keeps its time. */
  readonly arm: () => Promise<void>;
  /**
   * For every start of the worker: alarms may be lost with a killed browser, and then what is unsent would wait for
   * the user's next deed. Where nothing is unsent, nothing is sent.
   */
  readonly resume: () => Promise<void>;
  /** Something that may have kept us from the server is gone: do not wait out the back-off. */
  readonly retry: () => void;
}

/**
 * Call once, at the worker's top level. `line` answers where to send; null while nobody is signed in.
 * `after` hears of every pass that ran.
 */
export function schedule(
  line: () => Promise<Line | null>,
  after: (passed: Passed) => Promise<void>,
): Schedule {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const exchange = async (urgent: boolean): Promise<void> => {
    const there = await line();
    if (there === null) return;
    // Before anything is sent: should the worker die on the way, this wakes the next one.
    if (urgent) await browser.alarms.create(RETRY, { when: Date.now() + SHORTEST_ALARM });
    const passed = await runPass(there, urgent);
    if (passed !== null) await after(passed);
    await armRetry(await nextPass(there.database));
  };

  const armRetry = async (time: number | null): Promise<void> => {
    clearTimeout(timer);
    if (time === null) return void (await browser.alarms.clear(RETRY));
    const wait = Math.max(0, time - Date.now());
    await browser.alarms.create(RETRY, { when: Date.now() + Math.max(wait, SHORTEST_ALARM) });
    if (wait < SHORTEST_ALARM) timer = setTimeout(() => run(false), wait + 1);
  };

  const run = (urgent: boolean): void =>
    void exchange(urgent).catch((error: unknown) => console.error(error));

  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === PERIODIC || name === RETRY) run(false);
  });
  self.addEventListener("online", () => retry());

  const sendWaiting = async (urgent: boolean): Promise<void> => {
    const there = await line();
    const time = there === null ? null : await nextPass(there.database);
    if (time === null) return;
    if (urgent || time <= Date.now()) run(urgent);
    else await armRetry(time);
  };
  const retry = (): void => void sendWaiting(true).catch((error: unknown) => console.error(error));
  const resume = async (): Promise<void> => {
    await armPeriodic();
    await sendWaiting(await isNewBrowser());
  };

  return { soon: () => run(true), arm: armPeriodic, resume, retry };
}

/** Whether the browser was started since the last worker: what kept us from the server then says nothing of now. */
async function isNewBrowser(): Promise<boolean> {
  const { [STARTED]: started } = await browser.storage.session.get(STARTED);
  await browser.storage.session.set({ [STARTED]: true });
  return started !== true;
}

async function armPeriodic(): Promise<void> {
  const { syncMinutes } = await readSettings();
  const there = await browser.alarms.get(PERIODIC);
  if (syncMinutes === 0) return void (await browser.alarms.clear(PERIODIC));
  if (there?.periodInMinutes === syncMinutes) return;
  await browser.alarms.create(PERIODIC, { periodInMinutes: syncMinutes });
}
