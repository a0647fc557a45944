/** The background: a service worker in Chromium, an event page in Firefox. It may be stopped after any line. */

import { defineBackground } from "wxt/utils/define-background";
import { connectionHandlers, finishMoving } from "../background/connection.ts";
import { everythingHandlers } from "../background/everything.ts";
import { annotationHandlers } from "../background/interface.ts";
import { libraryHandlers, refreshLibraries } from "../background/libraries.ts";
import { followTheBrowser, makeMenus } from "../background/menus.ts";
import { annotationsChanged, connectionChanged, showState } from "../background/news.ts";
import { pageNoteHandlers } from "../background/page-notes.ts";
import { pageHandlers } from "../background/pages.ts";
import { forgetClosedTabs } from "../background/readings.ts";
import { lines, session } from "../background/session.ts";
import { followPermissions, registerSites, siteHandlers } from "../background/sites.ts";
import { browser } from "../browser.ts";
import { announce, handle } from "../messaging.ts";
import type { Passed } from "../sync/pass.ts";
import { schedule } from "../sync/schedule.ts";

export default defineBackground({ type: "module", main: start });

/** Registers every listener before it returns: the browser wakes a stopped worker only for listeners of the top level. */
function start(): void {
  const { soon, arm, resume, retry } = schedule(
    lines,
    // Another library is shown now: what there is in it has to be asked for.
    async (passed) => void ((await tellOf(passed)) && soon()),
    () => announce("changed", { what: "connection" }),
  );
  handle({
    page: pageHandlers(soon),
    interface: {
      ...annotationHandlers(soon),
      ...pageNoteHandlers(soon),
      ...connectionHandlers(soon),
      ...everythingHandlers,
      ...libraryHandlers(soon),
      ...siteHandlers,
    },
  });
  followTheBrowser(soon);
  followPermissions(retry);
  forgetClosedTabs();

  const settle = async (): Promise<void> => {
    await registerSites();
    await showState();
  };
  browser.runtime.onInstalled.addListener(({ reason }) => {
    run(makeMenus());
    run(settle());
    if (reason === "install") run(welcome());
  });
  browser.runtime.onStartup.addListener(() => {
    run(settle());
    soon();
  });
  browser.storage.local.onChanged.addListener((changes) => {
    if ("syncMinutes" in changes) run(arm());
  });
  run(finishMoving());
  run(resume());
}

/** The first minute has a page of its own; who is connected already (an extension loaded anew) is not disturbed. */
async function welcome(): Promise<void> {
  if ((await session()) === null) await browser.tabs.create({ url: browser.runtime.getURL("/welcome.html") });
}

/** After an exchange with the server. Answers whether it led to another library being shown. */
async function tellOf({ touched, taken, trouble }: Passed): Promise<boolean> {
  const isRefused = trouble === "trouble_refused";
  // Where nothing came through, asking more would not either.
  const isOther = (trouble === "" || isRefused) && (await refreshLibraries(isRefused));
  if (touched.size > 0) await annotationsChanged(touched);
  else if (taken > 0) announce("changed", { what: "annotations" });
  await connectionChanged();
  if (trouble !== "") console.warn(trouble);
  return isOther;
}

function run(deed: Promise<unknown>): void {
  deed.catch((error: unknown) => console.error(error));
}
