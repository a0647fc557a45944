import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { LeftLibrary } from "../model.ts";
import { Notice } from "./Notice.tsx";
import { counted, failureText, t } from "./text.ts";

interface Properties {
  readonly left: readonly LeftLibrary[];
  readonly tell: (text: string) => void;
}

/** How many annotations can be sent nowhere any more. */
export function countLeft(left: readonly LeftLibrary[]): number {
  return left.reduce((sum, { unsent }) => sum + unsent, 0);
}

/** Libraries that the user was taken out of, each until it is put away. What was never sent can be copied first. */
export function LeftLibraries({ left, tell }: Properties): JSX.Element {
  return (
    <>
      {left.map((library) => (
        <Left key={library.id} library={library} tell={tell} />
      ))}
    </>
  );
}

function Left({ library, tell }: { library: LeftLibrary; tell: (text: string) => void }): JSX.Element {
  const { id, unsent } = library;
  const name = library.name.trim() || id;
  const [sure, setSure] = useState(false);
  const attempt = (deed: Promise<string>) =>
    void deed.then(tell, (error: unknown) => tell(failureText(error)));
  const copy = () => attempt(copyUnsent(id));
  const forget = () => attempt(ask("library.forget", { id }).then(() => t("panel_left_forgotten", name)));
  return (
    <Notice
      title={t("panel_left_title", name)}
      text={
        unsent === 0
          ? t("panel_left_text")
          : counted("panel_left_unsent_one", "panel_left_unsent_other", unsent)
      }
    >
      <div class="deeds">
        {unsent === 0 ? (
          <button type="button" onClick={forget}>
            {t("panel_left_close")}
          </button>
        ) : (
          <>
            <button type="button" class="primary" onClick={copy}>
              {t("panel_left_copy")}
            </button>
            {/* Nothing brings them back: so it takes a second click, on a button that says so. */}
            <button
              type="button"
              class={sure ? "danger" : "quiet"}
              onClick={sure ? forget : () => setSure(true)}
            >
              {t(sure ? "panel_left_really" : "panel_left_forget")}
            </button>
          </>
        )}
      </div>
    </Notice>
  );
}

async function copyUnsent(id: string): Promise<string> {
  const { markdown, count } = await ask("library.unsent", { id });
  await navigator.clipboard.writeText(markdown);
  return counted("panel_copied_one", "panel_copied_other", count);
}
