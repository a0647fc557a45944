/** Runs in a page that the reader has allowed. All it does is in `page/`; here it meets the browser. */

import { defineContentScript } from "wxt/utils/define-content-script";
import { browser, stillInstalled } from "../browser.ts";
import type { PageAsk } from "../messages.ts";
import { ask, handleInPage } from "../messaging.ts";
import { PageLife } from "../page/page-life.ts";

declare global {
  /** Ours alone: content scripts have a global object of their own. A second injection finds the first. */
  var annotatorIsHere: (() => boolean) | undefined;
}

export default defineContentScript({ registration: "runtime", matches: [], main: start });

function start(): void {
  if (globalThis.annotatorIsHere?.() || !(document.documentElement instanceof HTMLElement)) return;
  const life = new AbortController();
  globalThis.annotatorIsHere = () => stillInstalled() && !life.signal.aborted;

  const asking: PageAsk = async (name, payload) => {
    try {
      return await ask(name, payload);
    } catch (error) {
      // The extension was updated or removed under the page: nothing of ours stays on it.
      if (!stillInstalled()) life.abort();
      throw error;
    }
  };
  const words = (key: string): string =>
    browser.i18n.getMessage(key as Parameters<typeof browser.i18n.getMessage>[0]);
  const page = new PageLife(document, asking, words, life.signal);
  const deafen = handleInPage({
    "page.repaint": async ({ page: shown }) => {
      await page.repaint(shown);
      return { done: true };
    },
    "page.early": ({ look, painted }) => {
      page.early(look, painted);
      return { done: true };
    },
    "page.scroll": ({ id }) => ({ shown: page.show(id) }),
    "page.hide": ({ hidden }) => {
      page.hide(hidden);
      return { done: true };
    },
    "page.highlight": async ({ color, note }) => ({ done: await page.highlight(color, note) }),
    "page.selection": async () => ({ selected: await page.selectedText() }),
    "page.text": async () => ({ page: await page.wholeText() }),
    "page.leave": () => {
      page.leave();
      return { done: true };
    },
  });
  life.signal.addEventListener("abort", deafen);
  page.start().catch(() => undefined);
}
