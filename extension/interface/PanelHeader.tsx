import type { ComponentChildren, JSX } from "preact";
import { hostOf } from "../address.ts";
import { ask } from "../messaging.ts";
import type { Connection, PanelPage } from "../model.ts";
import { countLeft } from "./LeftLibraries.tsx";
import { LibraryChooser } from "./LibraryChooser.tsx";
import { openHelp, openOptions } from "./own-pages.ts";
import { Receiving } from "./Receiving.tsx";
import { counted, failureText, t, troubleText } from "./text.ts";

interface Properties {
  readonly page: PanelPage | null;
  readonly tell: (text: string) => void;
  readonly children: ComponentChildren;
}

/** What the panel is about, who is signed in, and what has not reached the server. */
export function PanelHeader({ page, tell, children }: Properties): JSX.Element {
  const synchronise = () =>
    void ask("sync.now", {}).then(
      () => tell(t("options_sync_started")),
      (error: unknown) => tell(failureText(error)),
    );
  return (
    <header class="panel-header">
      <h1>{t("panel_title")}</h1>
      {page === null && <Coming />}
      {page !== null && page.title !== "" && (
        <p class="page-title" dir="auto">
          {page.title}
        </p>
      )}
      {page !== null && <ConnectionLine connection={page.connection} />}
      {page !== null && page.connection.kind !== "unset" && (
        <LibraryChooser libraries={page.connection.libraries} tell={tell} />
      )}
      {page !== null && <Receiving connection={page.connection} />}
      {page !== null && <Unsent page={page} />}
      {page !== null && page.refused > 0 && (
        <p class="bad">{counted("panel_refused_one", "panel_refused_other", page.refused)}</p>
      )}
      <div class="deeds">
        {page?.connection.kind === "signed_in" && (
          <button type="button" class="quiet" onClick={synchronise}>
            {t("panel_sync")}
          </button>
        )}
        <button type="button" class="quiet" onClick={openOptions}>
          {t("panel_options")}
        </button>
        <button type="button" class="quiet" onClick={openHelp}>
          {t("panel_help")}
        </button>
      </div>
      {children}
    </header>
  );
}

/** Room for what is about to come, so that the tabs below do not move away under a hand. */
function Coming(): JSX.Element {
  const lines = ["title", "connection", "library", "unsent"];
  return (
    <>
      {lines.map((line) => (
        <p key={line} aria-hidden="true">
          {"\u00a0"}
        </p>
      ))}
    </>
  );
}

/** A line that is always there while signed in: one that came and went would move all that is below under a hand. */
function Unsent({ page }: { readonly page: PanelPage }): JSX.Element | null {
  if (page.unsent > 0) return <p>{counted("panel_unsent_one", "panel_unsent_other", page.unsent)}</p>;
  const { connection } = page;
  const isClean =
    connection.kind === "signed_in" && page.refused + countLeft(connection.libraries.left) === 0;
  return isClean ? <p class="hint">{t("options_sync_clean")}</p> : null;
}

function ConnectionLine({ connection }: { readonly connection: Connection }): JSX.Element {
  const trouble = connection.kind === "signed_in" ? connection.trouble : "";
  const kind = connection.kind === "signed_in" && !connection.online ? "offline" : connection.kind;
  return (
    <div role="status">
      <p class={`connection ${kind}`}>
        <span class="dot" aria-hidden="true" />
        {connectionText(connection)}
      </p>
      {trouble !== "" && <p class="bad">{troubleText(trouble)}</p>}
    </div>
  );
}

function connectionText(connection: Connection): string {
  if (connection.kind === "unset") return t("panel_unset");
  if (connection.kind === "signed_out") return t("panel_signed_out");
  // A trouble with a name says more than "offline", and stands on the next line.
  if (!connection.online && connection.trouble === "") return t("panel_offline");
  return t("panel_signed_in", connection.user, hostOf(connection.server));
}
