import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { permissionPattern, siteName } from "../address.ts";
import { ALL_SITES, allowSites } from "./permission.ts";
import { failureText, t } from "./text.ts";

interface Properties {
  /** The page to begin with; "" where none is known. */
  readonly page: string;
  readonly setPage: (page: string) => void;
  readonly done: () => void;
}

/** Where Annotator may work: on the site of the page to begin with, or everywhere. */
export function FirstSites({ page, setPage, done }: Properties): JSX.Element {
  const name = useId();
  const [trouble, setTrouble] = useState("");
  const address = withScheme(page);
  const pattern = address === null ? null : permissionPattern(address);
  /** Runs in the click: the browser asks nobody later. */
  const allow = (origins: readonly string[]) =>
    allowSites(origins).then(
      (granted) => {
        if (!granted) return setTrouble(t("welcome_refused"));
        if (address !== null) setPage(address);
        done();
      },
      (error: unknown) => setTrouble(failureText(error)),
    );
  return (
    <div class="field">
      <p>{t("options_sites_help")}</p>
      <label for={name}>{t("welcome_page_label")}</label>
      <input
        id={name}
        type="text"
        inputMode="url"
        autocapitalize="none"
        spellcheck={false}
        dir="ltr"
        value={page}
        aria-describedby={`${name}-hint`}
        onInput={(event) => setPage(event.currentTarget.value)}
      />
      <p class="hint" id={`${name}-hint`}>
        {t("welcome_page_hint")}
      </p>
      <div class="deeds">
        {pattern !== null && (
          <button type="button" onClick={() => allow([pattern])}>
            {t("panel_allow_site", siteName(pattern))}
          </button>
        )}
        <button type="button" class="primary" onClick={() => allow(ALL_SITES)}>
          {t("panel_allow_all")}
        </button>
      </div>
      <p class="bad" role="status">
        {trouble}
      </p>
    </div>
  );
}

/** `example.org/story` is typed without its scheme by everybody; null for what leads nowhere. */
function withScheme(page: string): string | null {
  const text = page.trim();
  if (text === "" || /\s/.test(text)) return null;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  return permissionPattern(url) === null ? null : url;
}
