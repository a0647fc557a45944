import { browser } from "../browser.ts";
import { ask } from "../messaging.ts";

export const ALL_SITES: readonly string[] = ["http://*/*", "https://*/*"];

/**
 * Asks the reader, through the browser, for these match patterns; true when they are (or were already) granted.
 * Must be called in the click itself, before any `await`: both browsers refuse it later.
 */
export function requestOrigins(origins: readonly string[]): Promise<boolean> {
  return browser.permissions.request({ origins: [...origins] });
}

/** The same for sites where highlights shall appear: the background learns of the answer. */
export async function allowSites(origins: readonly string[]): Promise<boolean> {
  const granted = await requestOrigins(origins);
  if (granted) await ask("sites.changed", {});
  return granted;
}

/** Gives sites back; true when the browser let go of them. */
export async function disallowSites(origins: readonly string[]): Promise<boolean> {
  const removed = await browser.permissions.remove({ origins: [...origins] });
  await ask("sites.changed", {});
  return removed;
}
