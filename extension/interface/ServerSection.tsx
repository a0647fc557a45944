import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Connection } from "../model.ts";
import { t } from "./text.ts";
import { useConnecting } from "./use-connecting.ts";

interface Properties {
  readonly connection: Connection;
  readonly reload: () => void;
}

/** Address, “Test connection” that names what is wrong, and “Connect”. */
export function ServerSection({ connection, reload }: Properties): JSX.Element {
  const { typed, setTyped, busy, outcome, test, connect, field } = useConnecting(connection, reload);
  const name = useId();
  const signedIn = connection.kind === "signed_in";
  return (
    <section aria-labelledby={`${name}-heading`}>
      <h2 id={`${name}-heading`}>{t("options_server_heading")}</h2>
      <form class="field" noValidate onSubmit={(event) => event.preventDefault()}>
        <label for={name}>{t("options_server_label")}</label>
        <input
          ref={field}
          id={name}
          type="text"
          inputMode="url"
          autocomplete="url"
          autocapitalize="none"
          spellcheck={false}
          dir="ltr"
          readOnly={signedIn}
          value={typed}
          aria-invalid={outcome !== null && !outcome.good}
          aria-describedby={`${name}-hint ${name}-outcome`}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <p class="hint" id={`${name}-hint`}>
          {t("options_server_hint")}
        </p>
        <div class="deeds">
          {/* Both ask for a permission, so they act in the click itself; Enter in the field clicks the first. */}
          <button
            type="submit"
            class={signedIn ? "" : "primary"}
            aria-disabled={busy !== null}
            onClick={test}
          >
            {busy === "test" ? t("options_testing") : t("options_test")}
          </button>
          {!signedIn && (
            <button type="button" aria-disabled={busy !== null} onClick={connect}>
              {busy === "connect" ? t("options_connecting") : t("options_connect")}
            </button>
          )}
        </div>
        <div id={`${name}-outcome`} role="status" class={`outcome ${outcome?.good ? "good" : "bad"}`}>
          {outcome !== null && <p>{outcome.text}</p>}
          {outcome !== null && outcome.detail !== "" && (
            <p class="hint" dir="auto">
              {t("options_detail", outcome.detail)}
            </p>
          )}
        </div>
      </form>
    </section>
  );
}
