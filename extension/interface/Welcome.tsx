import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { hostOf } from "../address.ts";
import type { Connection } from "../model.ts";
import { AddressForm } from "./AddressForm.tsx";
import { FirstHighlight } from "./FirstHighlight.tsx";
import { FirstSites } from "./FirstSites.tsx";
import { failureText, type MessageKey, t } from "./text.ts";
import { useConnecting } from "./use-connecting.ts";
import { useSettings } from "./use-settings.ts";

type Step = 1 | 2 | 3 | 4;
const HEADINGS: Readonly<Record<Step, MessageKey>> = {
  1: "welcome_server",
  2: "welcome_sign_in",
  3: "welcome_sites",
  4: "welcome_highlight",
};

/**
 * The first minute, step by step: address, sign in, sites, the first highlight. The page's own address may name the
 * page to begin with (`page`) and the tab it is in (`tab`).
 */
export function Welcome({ address }: { readonly address: string }): JSX.Element {
  const { status, sites, failure, reload } = useSettings();
  const [begin, setBegin] = useState(() => new URL(address).searchParams.get("page") ?? "");
  const tab = new URL(address).searchParams.get("tab");
  const tabId = tab !== null && /^\d{1,15}$/.test(tab) ? Number(tab) : null;
  const [chosen, setChosen] = useState(false);
  if (status === null || sites === null) {
    return (
      <main class="options welcome">
        <h1>{t("welcome_title")}</h1>
        <p role="status">{failure === null ? t("welcome_loading") : failureText(failure)}</p>
      </main>
    );
  }
  const step = status.connection.kind !== "signed_in" ? null : chosen || sites.all ? 4 : 3;
  return (
    <div class="options welcome">
      <header>
        <h1>{t("welcome_title")}</h1>
        <p>{t("welcome_text")}</p>
      </header>
      <main>
        <ol class="steps">
          <Connecting connection={status.connection} reload={reload} />
          <StepItem number={3} current={step}>
            <FirstSites
              page={begin}
              setPage={setBegin}
              done={() => {
                setChosen(true);
                reload();
              }}
            />
          </StepItem>
          <StepItem number={4} current={step}>
            <FirstHighlight page={begin} tabId={tabId} />
          </StepItem>
        </ol>
      </main>
    </div>
  );
}

interface StepProperties {
  readonly number: Step;
  /** The step that is to be done now; null for an earlier one. */
  readonly current: number | null;
  /** What was done, once it is. */
  readonly done?: string;
  readonly children: ComponentChildren;
}

/** One step: open when it is its turn. The focus comes along, so that nobody has to look for what is next. */
function StepItem({ number, current, done, children }: StepProperties): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const isNow = current === number;
  const was = useRef(isNow);
  useEffect(() => {
    if (isNow && !was.current) heading.current?.focus();
    was.current = isNow;
  }, [isNow]);
  const isDone = current !== null && number < current;
  return (
    <li
      class={`step${isNow ? " now" : ""}${isDone ? " done" : ""}`}
      aria-current={isNow ? "step" : undefined}
    >
      <h2 ref={heading} tabIndex={-1}>
        {t(HEADINGS[number])}
        {isDone && <span class="unseen"> {t("welcome_done")}</span>}
      </h2>
      {isDone && done !== undefined && <p class="hint">{done}</p>}
      {isNow && children}
    </li>
  );
}

interface ConnectingProperties {
  readonly connection: Connection;
  readonly reload: () => void;
}

/** The first two steps: which server, and who. */
function Connecting({ connection, reload }: ConnectingProperties): JSX.Element {
  const connecting = useConnecting(connection, reload);
  const { typed, busy, outcome, test, connect } = connecting;
  const signedIn = connection.kind === "signed_in";
  const [answered, setAnswered] = useState("");
  const good = outcome?.good === true;
  useEffect(() => {
    if (good) setAnswered(typed);
  }, [good, typed]);
  const step = signedIn ? 3 : answered !== "" && answered === typed ? 2 : 1;
  const told = outcome !== null && !outcome.good && (
    <div class="outcome bad">
      <p>{outcome.text}</p>
      {outcome.detail !== "" && <p class="hint">{t("options_detail", outcome.detail)}</p>}
    </div>
  );
  return (
    <>
      <StepItem number={1} current={step} done={t("welcome_server_done", hostOf(typed))}>
        <AddressForm connecting={connecting} name="server">
          <div class="deeds">
            <button type="submit" class="primary" aria-disabled={busy !== null} onClick={test}>
              {busy === "test" ? t("options_testing") : t("options_test")}
            </button>
          </div>
          <p class="hint">{t("welcome_permission")}</p>
          <div id="server-outcome" role="status">
            {told}
          </div>
        </AddressForm>
      </StepItem>
      <StepItem
        number={2}
        current={step}
        {...(signedIn ? { done: t("options_signed_in", connection.user, hostOf(connection.server)) } : {})}
      >
        <p>{t("welcome_sign_in_text", hostOf(typed))}</p>
        <div class="deeds">
          <button type="button" class="primary" aria-disabled={busy !== null} onClick={connect}>
            {busy === "connect" ? t("options_connecting") : t("options_connect")}
          </button>
          <button type="button" class="quiet" onClick={() => setAnswered("")}>
            {t("welcome_other_server")}
          </button>
        </div>
        <div role="status">{told}</div>
      </StepItem>
    </>
  );
}
