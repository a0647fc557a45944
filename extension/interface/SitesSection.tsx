import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { permissionPattern, siteName } from "../address.ts";
import { ask } from "../messaging.ts";
import type { Connection } from "../model.ts";
import type { Answers } from "./answers.ts";
import { ALL_SITES, allowSites, disallowSites } from "./permission.ts";
import { failureText, t } from "./text.ts";

interface Properties {
  readonly sites: Answers["sites.get"];
  readonly connection: Connection;
  readonly say: (text: string) => void;
  readonly reload: () => void;
}

/** Where Annotator may read pages: everywhere, or on these sites; and a pause for all of it. */
export function SitesSection({ sites, connection, say, reload }: Properties): JSX.Element {
  const name = useId();
  const pause = (paused: boolean) =>
    void ask("sites.pause", { paused }).then(reload, (error: unknown) => say(failureText(error)));
  return (
    <section aria-labelledby={name}>
      <h2 id={name}>{t("options_sites_heading")}</h2>
      <p>{t("options_sites_help")}</p>
      <AllSites all={sites.all} say={say} reload={reload} />
      {!sites.all && <SiteList sites={sites} connection={connection} say={say} reload={reload} />}
      <div class="choice">
        <input
          type="checkbox"
          id={`${name}-pause`}
          aria-describedby={`${name}-pause-help`}
          checked={sites.paused}
          onChange={(event) => pause(event.currentTarget.checked)}
        />
        <label for={`${name}-pause`}>{t("options_paused")}</label>
        <p class="hint" id={`${name}-pause-help`}>
          {t("options_paused_help")}
        </p>
      </div>
    </section>
  );
}

interface AllProperties {
  readonly all: boolean;
  readonly say: (text: string) => void;
  readonly reload: () => void;
}

function AllSites({ all, say, reload }: AllProperties): JSX.Element {
  const name = useId();
  const box = useRef<HTMLInputElement>(null);
  const toggle = () => {
    // The browser asks the reader, in this very click; the box shows what was answered, not what was wished.
    const answered = all ? disallowSites(ALL_SITES) : allowSites(ALL_SITES);
    answered.then(
      (changed) => {
        if (box.current) box.current.checked = changed ? !all : all;
        say(
          t(
            !changed
              ? "panel_not_allowed"
              : all
                ? "options_sites_no_longer_all"
                : "options_sites_allowed_all",
          ),
        );
        reload();
      },
      (error: unknown) => {
        if (box.current) box.current.checked = all;
        say(failureText(error));
      },
    );
  };
  return (
    <div class="choice">
      <input ref={box} type="checkbox" id={name} checked={all} onClick={toggle} />
      <label for={name}>{t("options_sites_all")}</label>
    </div>
  );
}

function SiteList({ sites, connection, say, reload }: Properties): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const server = connection.kind === "unset" ? null : permissionPattern(connection.server);
  const remove = (pattern: string) =>
    void disallowSites([pattern]).then(
      () => {
        say(t("options_sites_removed", siteName(pattern)));
        list.current?.focus();
        reload();
      },
      (error: unknown) => say(failureText(error)),
    );
  if (sites.origins.length === 0) return <p>{t("options_sites_none")}</p>;
  return (
    <div ref={list} tabIndex={-1}>
      <h3 id="allowed-sites">{t("options_sites_list")}</h3>
      <ul class="sites" aria-labelledby="allowed-sites">
        {sites.origins.map((pattern) => (
          <li key={pattern}>
            <span dir="ltr">{siteName(pattern)}</span>
            {pattern === server ? (
              <span class="hint">{t("options_sites_server")}</span>
            ) : (
              <button type="button" class="quiet" onClick={() => remove(pattern)}>
                {t("options_sites_remove", siteName(pattern))}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
