/** In which tabs the reader has hidden all highlights. In `storage.session`: gone with the tab, and with the browser. */

import { browser } from "../browser.ts";

const PREFIX = "hidden:";

export async function isHidden(tabId: number): Promise<boolean> {
  const key = PREFIX + tabId;
  return (await browser.storage.session.get(key))[key] === true;
}

export async function setHidden(tabId: number, hidden: boolean): Promise<void> {
  const key = PREFIX + tabId;
  await (hidden ? browser.storage.session.set({ [key]: true }) : browser.storage.session.remove(key));
}
