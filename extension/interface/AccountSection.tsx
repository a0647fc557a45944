import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { hostOf } from "../address.ts";
import { ask } from "../messaging.ts";
import type { Connection } from "../model.ts";
import { countLeft, LeftLibraries } from "./LeftLibraries.tsx";
import { LibraryChooser } from "./LibraryChooser.tsx";
import { Receiving } from "./Receiving.tsx";
import { RefusedList } from "./RefusedList.tsx";
import { counted, failureText, t, troubleText } from "./text.ts";

interface Properties {
  readonly connection: Extract<Connection, { kind: "signed_in" }>;
  readonly unsent: number;
  readonly refused: number;
  readonly say: (text: string) => void;
  readonly reload: () => void;
}

/** Who is signed in, whether all of it has reached the server, and how to leave. */
export function AccountSection({ connection, unsent, refused, say, reload }: Properties): JSX.Element {
  const [leaving, setLeaving] = useState(false);
  const left = countLeft(connection.libraries.left);
  const synchronise = () =>
    void ask("sync.now", {}).then(
      () => say(t("options_sync_started")),
      (error: unknown) => say(failureText(error)),
    );
  return (
    <section aria-labelledby="account">
      <h2 id="account">{t("options_sync_heading")}</h2>
      <p>{t("options_signed_in", connection.user, hostOf(connection.server))}</p>
      <LibraryChooser libraries={connection.libraries} tell={say} />
      <LeftLibraries left={connection.libraries.left} tell={say} />
      {connection.trouble !== "" ? (
        <p class="bad">{troubleText(connection.trouble)}</p>
      ) : (
        !connection.online && <p class="bad">{t("panel_offline")}</p>
      )}
      <Receiving connection={connection} />
      {unsent > 0 && <p>{counted("panel_unsent_one", "panel_unsent_other", unsent)}</p>}
      {unsent + refused + left === 0 && <p>{t("options_sync_clean")}</p>}
      <RefusedList refused={refused} say={say} />
      <div class="deeds">
        <button type="button" onClick={synchronise}>
          {t("options_sync_now")}
        </button>
        <button type="button" class="quiet" aria-haspopup="dialog" onClick={() => setLeaving(true)}>
          {t("options_sign_out")}
        </button>
      </div>
      {leaving && (
        <SignOutDialog
          unsent={unsent}
          refused={refused}
          left={left}
          close={() => setLeaving(false)}
          done={() => {
            say(t("options_signed_out_done"));
            reload();
          }}
        />
      )}
    </section>
  );
}

interface DialogProperties {
  readonly unsent: number;
  readonly refused: number;
  /** What was made for libraries that the user was taken out of. */
  readonly left: number;
  readonly close: () => void;
  readonly done: () => void;
}

/** Asks before anything is forgotten, and what shall become of what the server never got. */
function SignOutDialog({ unsent, refused, left, close, done }: DialogProperties): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const name = useId();
  useEffect(() => dialog.current?.showModal(), []);

  const leave = async (choice: "send_first" | "discard") => {
    if (busy) return;
    setBusy(true);
    setTrouble("");
    try {
      await ask("connection.sign_out", { unsent: choice });
      dialog.current?.close();
      done();
    } catch (error) {
      setTrouble(failureText(error));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby={name} aria-describedby={`${name}-text`} onClose={close}>
      <h2 id={name}>{t("options_sign_out_title")}</h2>
      <div id={`${name}-text`}>
        <p>{t("options_sign_out_text")}</p>
        {unsent > 0 && (
          <p>{counted("options_sign_out_unsent_one", "options_sign_out_unsent_other", unsent)}</p>
        )}
        {refused > 0 && (
          <p>{counted("options_sign_out_refused_one", "options_sign_out_refused_other", refused)}</p>
        )}
        {left > 0 && <p>{counted("options_sign_out_left_one", "options_sign_out_left_other", left)}</p>}
      </div>
      <p class="bad" role="alert">
        {trouble}
      </p>
      <div class="deeds" aria-busy={busy}>
        {/* What was refused would be refused again: sending first is no choice where nothing else is left. */}
        {(unsent > 0 || refused + left === 0) && (
          <button type="button" class="primary" onClick={() => leave("send_first")}>
            {unsent > 0 ? t("options_sign_out_send") : t("options_sign_out_confirm")}
          </button>
        )}
        {unsent + refused + left > 0 && (
          <button type="button" class="danger" onClick={() => leave("discard")}>
            {t("options_sign_out_discard")}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {t("options_cancel")}
        </button>
      </div>
    </dialog>
  );
}
