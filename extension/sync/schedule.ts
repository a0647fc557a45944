/**
 * When to exchange with the server: soon after a deed, at the time of a retry, and every few minutes. Page visits are
 * not among the reasons. Alarms wake a worker that was stopped; waits shorter than an alarm can be are timers beside it.
 */

import { browser } from "../browser.ts";
import { readSettings } from "../store/settings.ts";
import type { Line } from "./line.ts";
import type { Passed } from "./pass.ts";
import { nextPass, recover, runPass } from "./pass.ts";

const PERIODIC = "sync-periodic";
const RETRY = "sync-retry";
/** In `storage.session`, which ends with the browser. */
const STARTED = "started";
/** Milliseconds; Chromium's shortest alarm. */
const SHORTEST_ALARM = 30_000;
/** Milliseconds. */
const BEAT = 15_000;
/**
 * Milliseconds before the next try after one that failed, whatever the user does meanwhile: that is saved already, and a
 * try for every letter typed without a server costs several writes to the disk each.
 */
const BREATH = 1_000;

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
 * Call once, at the worker's top level. `lines` answers where to send; nowhere while nobody is signed in.
 * `after` hears of every pass that ran, `progress` of each piece of a long feed.
 */
export function schedule(
  lines: () => Promise<readonly Line[]>,
  after: (passed: Passed) => Promise<void>,
  progress: () => void,
): Schedule {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted: { readonly urgent: boolean } | null = null;
  let running = false;

  /** Answers whether the server was heard. */
  const exchange = async (urgent: boolean): Promise<boolean> => {
    const there = await lines();
    if (there.length === 0) return true;
    // Before anything is sent: should the worker die on the way, this wakes the next one.
    await browser.alarms.create(RETRY, { when: Date.now() + SHORTEST_ALARM });
    let heard = true;
    for (const line of there) {
      const passed = await awake(() => runPass(line, urgent, progress));
      if (passed === null) continue;
      await after(passed);
      heard &&= passed.trouble === "";
    }
    await armRetry(await nextOf(await lines()));
    return heard;
  };

  const armRetry = async (time: number | null): Promise<void> => {
    clearTimeout(timer);
    if (time === null) return void (await browser.alarms.clear(RETRY));
    const wait = Math.max(0, time - Date.now());
    await browser.alarms.create(RETRY, { when: Date.now() + Math.max(wait, SHORTEST_ALARM) });
    if (wait < SHORTEST_ALARM) timer = setTimeout(() => run(false), wait + 1);
  };

  /** One pass follows the one that runs, however many were asked for meanwhile: it sends all that they would. */
  const run = (urgent: boolean): void => {
    wanted = { urgent: urgent || wanted?.urgent === true };
    if (!running) void drain();
  };
  const drain = async (): Promise<void> => {
    running = true;
    for (let next = wanted; next !== null; next = wanted) {
      wanted = null;
      const heard = await exchange(next.urgent).catch((error: unknown) => console.error(error));
      if (heard !== true) await new Promise((resolve) => setTimeout(resolve, BREATH));
    }
    running = false;
  };

  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === PERIODIC || name === RETRY) run(false);
  });
  self.addEventListener("online", () => retry());

  const sendWaiting = async (there: readonly Line[], urgent: boolean): Promise<void> => {
    const time = await nextOf(there);
    if (time === null) return;
    if (urgent || time <= Date.now()) run(urgent);
    else await armRetry(time);
  };
  const withLines = (deed: (there: readonly Line[]) => Promise<void>): void =>
    void lines()
      .then(deed)
      .catch((error: unknown) => console.error(error));
  const retry = (): void => withLines((there) => sendWaiting(there, true));
  const resume = async (): Promise<void> => {
    await armPeriodic();
    const urgent = await isNewBrowser();
    withLines(async (there) => {
      for (const { database } of there) await recover(database);
      await sendWaiting(there, urgent);
    });
  };

  return { soon: () => run(true), arm: armPeriodic, resume, retry };
}

/** When the first of them may be exchanged next; null when none waits. */
async function nextOf(lines: readonly Line[]): Promise<number | null> {
  const times = await Promise.all(lines.map(({ database }) => nextPass(database)));
  const waiting = times.filter((time) => time !== null);
  return waiting.length === 0 ? null : Math.min(...waiting);
}

/**
 * Chromium stops a worker after 30 s in which it used none of the browser's API, whatever it fetches or stores: so one
 * is used now and then while a pass runs. A worker that is stopped all the same goes on at the next alarm.
 */
async function awake<T>(deed: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => void browser.runtime.getPlatformInfo(), BEAT);
  try {
    return await deed();
  } finally {
    clearInterval(beat);
  }
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
  // One that is further ahead than it can be was set by a clock that has been set back since.
  const fires = there !== undefined && there.scheduledTime <= Date.now() + syncMinutes * 60_000;
  if (fires && there.periodInMinutes === syncMinutes) return;
  await browser.alarms.create(PERIODIC, { periodInMinutes: syncMinutes });
}
