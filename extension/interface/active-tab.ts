import { browser } from "../browser.ts";

/**
 * Follows the tab that this panel stands beside: the active one of its own window, or the one named in the panel's own
 * address (`?tab=12`), where it was opened as a tab itself. `show` is called at once, at every change of tab, and when
 * the tab has loaded another page. The answer ends it.
 */
export function followTab(address: string, show: (tabId: number | null) => void): () => void {
  const named = new URL(address).searchParams.get("tab");
  const pinned = named !== null && /^\d{1,15}$/.test(named);
  const place: { tabId: number | null; windowId: number | null } = {
    tabId: pinned ? Number(named) : null,
    windowId: null,
  };

  const go = (tabId: number | null) => {
    place.tabId = tabId;
    show(tabId);
  };
  const activated = (info: { tabId: number; windowId: number }) => {
    if (!pinned && info.windowId === place.windowId) go(info.tabId);
  };
  const updated = (tabId: number, change: { status?: string; url?: string }) => {
    if (tabId === place.tabId && (change.status === "complete" || change.url !== undefined)) show(tabId);
  };
  browser.tabs.onActivated.addListener(activated);
  browser.tabs.onUpdated.addListener(updated);

  if (pinned) go(place.tabId);
  else
    void browser.tabs.query({ active: true, currentWindow: true }).then(([tab]) => {
      place.windowId = tab?.windowId ?? null;
      go(tab?.id ?? null);
    });

  return () => {
    browser.tabs.onActivated.removeListener(activated);
    browser.tabs.onUpdated.removeListener(updated);
  };
}
