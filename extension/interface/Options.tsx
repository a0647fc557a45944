import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { browser } from "../browser.ts";
import { AccountSection } from "./AccountSection.tsx";
import { openHelp, openWelcome } from "./own-pages.ts";
import { ServerSection } from "./ServerSection.tsx";
import { SitesSection } from "./SitesSection.tsx";
import { failureText, t } from "./text.ts";
import { useSettings } from "./use-settings.ts";

/** The options: which server, whose account, which sites. */
export function Options(): JSX.Element {
  const { status, sites, failure, reload } = useSettings();
  const [said, say] = useState("");
  return (
    <div class="options">
      <header>
        <h1>{t("options_title")}</h1>
      </header>
      <main>
        {failure !== null && (
          <p class="bad" role="alert">
            {failureText(failure)}
          </p>
        )}
        {status?.connection.kind === "unset" && (
          <section class="notice">
            <h2>{t("options_first_heading")}</h2>
            <p>{t("options_first_text")}</p>
            <div class="deeds">
              <button type="button" class="primary" onClick={() => openWelcome()}>
                {t("panel_begin")}
              </button>
            </div>
          </section>
        )}
        {status !== null && <ServerSection connection={status.connection} reload={reload} />}
        {status?.connection.kind === "signed_in" && (
          <AccountSection
            connection={status.connection}
            unsent={status.unsent}
            refused={status.refused}
            say={say}
            reload={reload}
          />
        )}
        {sites !== null && status !== null && (
          <SitesSection sites={sites} connection={status.connection} say={say} reload={reload} />
        )}
      </main>
      <footer>
        <p role="status" class="said">
          {said}
        </p>
        <div class="deeds">
          <button type="button" class="quiet" onClick={openHelp}>
            {t("panel_help")}
          </button>
        </div>
        <p class="hint">{t("options_version", browser.runtime.getManifest().version)}</p>
      </footer>
    </div>
  );
}
