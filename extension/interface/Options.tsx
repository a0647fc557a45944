import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { browser } from "../browser.ts";
import { ask, onAnnouncement } from "../messaging.ts";
import { AccountSection } from "./AccountSection.tsx";
import type { Answers } from "./answers.ts";
import { ServerSection } from "./ServerSection.tsx";
import { SitesSection } from "./SitesSection.tsx";
import { failureText, t } from "./text.ts";

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
        {status?.connection.kind === "unset" && <FirstMinute />}
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
        <p class="hint">{t("options_version", browser.runtime.getManifest().version)}</p>
      </footer>
    </div>
  );
}

function FirstMinute(): JSX.Element {
  return (
    <section class="notice" aria-labelledby="first-minute">
      <h2 id="first-minute">{t("options_first_heading")}</h2>
      <ol>
        <li>{t("options_first_server")}</li>
        <li>{t("options_first_connect")}</li>
        <li>{t("options_first_sites")}</li>
        <li>{t("options_first_highlight")}</li>
      </ol>
    </section>
  );
}

interface Settings {
  readonly status: Answers["connection.get"] | null;
  readonly sites: Answers["sites.get"] | null;
  readonly failure: unknown;
  readonly reload: () => void;
}

function useSettings(): Settings {
  const [status, setStatus] = useState<Answers["connection.get"] | null>(null);
  const [sites, setSites] = useState<Answers["sites.get"] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const reload = useCallback(() => {
    Promise.all([ask("connection.get", {}), ask("sites.get", {})]).then(([connection, permitted]) => {
      setStatus(connection);
      setSites(permitted);
      setFailure(null);
    }, setFailure);
  }, []);
  useEffect(() => {
    reload();
    return onAnnouncement({ changed: reload });
  }, [reload]);
  return { status, sites, failure, reload };
}
