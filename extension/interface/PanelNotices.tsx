import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { hostOf, permissionPattern, siteName } from "../address.ts";
import { ask, onAnnouncement } from "../messaging.ts";
import type { PanelPage } from "../model.ts";
import type { Answers } from "./answers.ts";
import { LeftLibraries } from "./LeftLibraries.tsx";
import { Notice } from "./Notice.tsx";
import { openOptions, openWelcome } from "./own-pages.ts";
import { ALL_SITES, allowSites } from "./permission.ts";
import { failureText, t } from "./text.ts";

interface Properties {
  readonly page: PanelPage;
  readonly tabId: number | null;
  readonly tell: (text: string) => void;
  readonly reload: () => void;
}

/** Everything that keeps highlights from being made or shown here, the first cause first; nothing when all is well. */
export function PanelNotices({ page, tabId, tell, reload }: Properties): JSX.Element | null {
  const sites = useSites();
  const paused = sites?.paused === true;
  const { connection } = page;
  // Where every site is allowed and the address is still kept from us, the page is the browser's own.
  const closed = page.access === "restricted" || (page.url === "" && sites?.all === true);
  const access = page.access === "unpermitted" && closed ? "restricted" : page.access;
  if (connection.kind === "unset")
    return (
      <Notice title={t("panel_unset_title")} text={t("panel_unset_text")}>
        <div class="deeds">
          <button type="button" class="primary" onClick={() => openWelcome(page.url, tabId)}>
            {t("panel_begin")}
          </button>
        </div>
      </Notice>
    );
  return (
    <>
      <LeftLibraries left={connection.libraries.left} tell={tell} />
      {connection.kind === "signed_out" && (
        <ToOptions
          title={t("panel_signed_out_title")}
          text={t("panel_signed_out_text", hostOf(connection.server))}
        />
      )}
      {access === "restricted" && <Restricted url={page.url} />}
      {access === "unpermitted" && <Unpermitted page={page} tell={tell} reload={reload} />}
      {access === "ready" && paused && <Paused tell={tell} />}
      {access === "ready" && !paused && page.hidden && tabId !== null && (
        <Hidden tabId={tabId} tell={tell} reload={reload} />
      )}
      {access === "ready" && !paused && isEmpty(page) && <Empty readOnly={isReadOnly(page)} />}
    </>
  );
}

/** While annotations are still coming, nobody knows. */
function isEmpty({ annotations, connection }: PanelPage): boolean {
  return annotations.length === 0 && connection.kind === "signed_in" && connection.receiving === undefined;
}

function Empty({ readOnly }: { readOnly: boolean }): JSX.Element {
  return (
    <Notice
      title={t("panel_empty_title")}
      text={t(readOnly ? "panel_empty_read_only" : "panel_empty_text")}
    />
  );
}

/** Whether the chosen library lets the user make nothing. */
export function isReadOnly({ connection }: PanelPage): boolean {
  return connection.kind !== "unset" && connection.libraries.chosen.role === "reader";
}

function ToOptions({ title, text }: { title: string; text: string }): JSX.Element {
  return (
    <Notice title={title} text={text}>
      <div class="deeds">
        <button type="button" class="primary" onClick={openOptions}>
          {t("panel_open_options")}
        </button>
      </div>
    </Notice>
  );
}

function Restricted({ url }: { url: string }): JSX.Element {
  return url.startsWith("file:") ? (
    <Notice title={t("panel_file_title")} text={t("panel_file_text")} />
  ) : (
    <Notice title={t("panel_restricted_title")} text={t("panel_restricted_text")} />
  );
}

function Unpermitted({ page, tell, reload }: Omit<Properties, "tabId">): JSX.Element {
  const pattern = permissionPattern(page.url);
  const [refused, setRefused] = useState(false);
  const allow = (origins: readonly string[]) =>
    allowSites(origins).then(
      (granted) => {
        setRefused(!granted);
        if (granted) reload();
      },
      (error: unknown) => tell(failureText(error)),
    );
  return (
    <Notice title={t("panel_unpermitted_title")} text={t("panel_unpermitted_text")}>
      <div class="deeds">
        {pattern !== null && (
          <button type="button" class="primary" onClick={() => allow([pattern])}>
            {t("panel_allow_site", siteName(pattern))}
          </button>
        )}
        <button type="button" onClick={() => allow(ALL_SITES)}>
          {t("panel_allow_all")}
        </button>
      </div>
      <p role="status">{refused ? t("panel_permission_refused") : ""}</p>
    </Notice>
  );
}

function Paused({ tell }: { tell: (text: string) => void }): JSX.Element {
  const resume = () =>
    ask("sites.pause", { paused: false }).catch((error: unknown) => tell(failureText(error)));
  return (
    <Notice title={t("panel_paused_title")} text={t("panel_paused_text")}>
      <div class="deeds">
        <button type="button" class="primary" onClick={resume}>
          {t("panel_resume")}
        </button>
      </div>
    </Notice>
  );
}

function Hidden({
  tabId,
  tell,
  reload,
}: Omit<Properties, "page" | "tabId"> & { tabId: number }): JSX.Element {
  const show = () =>
    ask("panel.hide", { tabId, hidden: false }).then(reload, (error: unknown) => tell(failureText(error)));
  return (
    <Notice title={t("panel_hidden_title")} text={t("panel_hidden_text")}>
      <div class="deeds">
        <button type="button" class="primary" onClick={show}>
          {t("panel_show_highlights")}
        </button>
      </div>
    </Notice>
  );
}

function useSites(): Answers["sites.get"] | null {
  const [sites, setSites] = useState<Answers["sites.get"] | null>(null);
  useEffect(() => {
    const look = () =>
      void ask("sites.get", {}).then(
        setSites,
        // Without an answer the panel shows the page as it is; its own request says what is wrong.
        () => undefined,
      );
    look();
    return onAnnouncement({ changed: ({ what }) => what === "sites" && look() });
  }, []);
  return sites;
}
