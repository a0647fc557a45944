import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { Connection } from "../model.ts";
import { AddressForm } from "./AddressForm.tsx";
import { t } from "./text.ts";
import { useConnecting } from "./use-connecting.ts";

interface Properties {
  readonly connection: Connection;
  readonly reload: () => void;
}

/** Address, “Test connection” that names what is wrong, and “Connect”. */
export function ServerSection({ connection, reload }: Properties): JSX.Element {
  const connecting = useConnecting(connection, reload);
  const { busy, outcome, test, connect, field } = connecting;
  const name = useId();
  const [moving, setMoving] = useState(false);
  const address = connection.kind === "unset" ? "" : connection.server;
  useEffect(() => setMoving(false), [address]);
  // The address of a server that is in use is not changed by a slip of the hand.
  const fixed = connection.kind === "signed_in" && !moving;
  return (
    <section aria-labelledby={`${name}-heading`}>
      <h2 id={`${name}-heading`}>{t("options_server_heading")}</h2>
      <AddressForm connecting={connecting} name={name} readOnly={fixed}>
        <div class="deeds">
          {/* Both ask for a permission, so they act in the click itself; Enter in the field clicks the first. */}
          <button type="submit" class={fixed ? "" : "primary"} aria-disabled={busy !== null} onClick={test}>
            {busy === "test" ? t("options_testing") : t("options_test")}
          </button>
          {!fixed && (
            <button type="button" aria-disabled={busy !== null} onClick={connect}>
              {busy === "connect" ? t("options_connecting") : t("options_connect")}
            </button>
          )}
          {fixed && (
            <button
              type="button"
              class="quiet"
              onClick={() => {
                setMoving(true);
                field.current?.focus();
              }}
            >
              {t("options_moved")}
            </button>
          )}
        </div>
        {moving && <p class="hint">{t("options_moved_help")}</p>}
        <div id={`${name}-outcome`} role="status" class={`outcome ${outcome?.good ? "good" : "bad"}`}>
          {outcome !== null && <p>{outcome.text}</p>}
          {outcome !== null && outcome.detail !== "" && (
            <p class="hint" dir="auto">
              {t("options_detail", outcome.detail)}
            </p>
          )}
        </div>
      </AddressForm>
    </section>
  );
}
