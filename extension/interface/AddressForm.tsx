import type { ComponentChildren, JSX } from "preact";
import { t } from "./text.ts";
import type { Connecting } from "./use-connecting.ts";

interface Properties {
  readonly connecting: Connecting;
  /** The field's id; the hint under it and the outcome (which is elsewhere) are called after it. */
  readonly name: string;
  readonly readOnly?: boolean;
  readonly children: ComponentChildren;
}

/** The address of a server in a form of its own, with its hint, and below it what can be done with the address. */
export function AddressForm({ connecting, name, readOnly = false, children }: Properties): JSX.Element {
  const { typed, setTyped, outcome, field } = connecting;
  return (
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
        readOnly={readOnly}
        value={typed}
        aria-invalid={outcome !== null && !outcome.good}
        aria-describedby={`${name}-hint ${name}-outcome`}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <p class="hint" id={`${name}-hint`}>
        {t("options_server_hint")}
      </p>
      {children}
    </form>
  );
}
