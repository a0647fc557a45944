import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { permissionPattern, siteName } from "../address.ts";
import { ask, onAnnouncement } from "../messaging.ts";
import type { FoundAnnotation } from "../model.ts";
import { goTo, openHelp, openOptions } from "./own-pages.ts";
import { t } from "./text.ts";
import { ANYTHING } from "./use-everything.ts";

interface Properties {
  readonly page: string;
  readonly tabId: number | null;
}

/** The last step: highlight something, and see here that it was kept. */
export function FirstHighlight({ page, tabId }: Properties): JSX.Element {
  const first = useNewest();
  const site = permissionPattern(page);
  return (
    <>
      <ol class="how">
        <li>{t("welcome_how_open")}</li>
        <li>{t("welcome_how_select")}</li>
        <li>{t("welcome_how_color")}</li>
      </ol>
      {site !== null && (
        <div class="deeds">
          <button type="button" class="primary" onClick={() => goTo(tabId, page)}>
            {t("welcome_go", siteName(site))}
          </button>
        </div>
      )}
      <div role="status">
        {first !== null && (
          <figure class={`card ${first.color}`}>
            <figcaption>{t("welcome_first")}</figcaption>
            <blockquote class="quote" dir="auto">
              {first.quote}
            </blockquote>
          </figure>
        )}
      </div>
      {first !== null && (
        <div class="deeds">
          <button type="button" onClick={openHelp}>
            {t("panel_help")}
          </button>
          <button type="button" class="quiet" onClick={openOptions}>
            {t("panel_options")}
          </button>
        </div>
      )}
    </>
  );
}

/** Milliseconds between two looks. */
const PAUSE = 1_000;

/** The newest highlight, as soon as there is one. */
function useNewest(): FoundAnnotation | null {
  const [first, setFirst] = useState<FoundAnnotation | null>(null);
  useEffect(() => {
    // Each answer has the background read its whole mirror: news that come meanwhile share the next one.
    let [looking, news, left] = [false, false, false];
    const look = async (): Promise<void> => {
      news = true;
      if (looking) return;
      looking = true;
      while (news && !left) {
        news = false;
        const question = { sought: ANYTHING, first: 0, count: 1, fresh: true };
        await ask("everything.find", question).then(
          ({ rows }) => setFirst(rows[0] ?? null),
          // The next news ask again.
          () => undefined,
        );
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
      looking = false;
    };
    void look();
    const deaf = onAnnouncement({ changed: ({ what }) => what === "annotations" && void look() });
    return () => {
      left = true;
      deaf();
    };
  }, []);
  return first;
}
