/** Hides all highlights of a tab, or shows them again: by key, from the menu, from the panel. */

import { announce, RequestFailed, tell } from "../messaging.ts";
import { isHidden, setHidden } from "./hidden.ts";
import { showTab } from "./news.ts";
import { session } from "./session.ts";
import { inject } from "./sites.ts";

/** Out: whether they are hidden now; what cannot be shown (nobody may enter, signed out) cannot be hidden either. */
export async function hide(tabId: number, hidden: boolean): Promise<boolean> {
  await setHidden(tabId, hidden);
  if (!(await reach(tabId, hidden))) await setHidden(tabId, false);
  await showTab(tabId);
  announce("changed", { what: "annotations" });
  return isHidden(tabId);
}

export async function hideOrShow(tabId: number): Promise<void> {
  await navigator.locks.request(`hide:${tabId}`, async () => hide(tabId, !(await isHidden(tabId))));
}

/** A script that is put there only now learns it when it asks what is here. */
async function reach(tabId: number, hidden: boolean): Promise<boolean> {
  try {
    await tell(tabId, "page.hide", { hidden });
    return true;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return (await session()) !== null && (await inject(tabId));
  }
}
