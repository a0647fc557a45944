/** Long work is cut into slices, so that a page never waits for us, nor the background for one of its pages. */

/** Milliseconds of one slice: well below the 50 ms after which a page feels a delay. */
export const SLICE = 12;

interface Scheduler {
  readonly postTask?: (task: () => void, options: { priority: "user-visible" }) => Promise<void>;
}

/** Lets the page do what it has to do between two slices; `scheduler.yield` would come before the page's own timers. */
export function pause(): Promise<void> {
  const scheduler = (globalThis as { scheduler?: Scheduler }).scheduler;
  if (scheduler?.postTask !== undefined)
    return scheduler.postTask(() => undefined, { priority: "user-visible" });
  return new Promise((resolve) => setTimeout(resolve));
}
