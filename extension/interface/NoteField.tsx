import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { AnnotationView } from "../model.ts";
import type { DraftState } from "./draft.ts";
import { failureText, t } from "./text.ts";
import { useDraft } from "./use-draft.ts";

interface Properties {
  readonly id: string;
  readonly note: string;
  /** A new number asks for the focus again, also when the field is there already. */
  readonly focus: number;
  /** Hears of every write that was kept. */
  readonly wrote?: (annotation: AnnotationView) => void;
}

/** Where a note is typed. Every input is kept; the line below says so only once it is. */
export function NoteField({ id, note, focus, wrote }: Properties): JSX.Element {
  const draft = useDraft(note, async (text) => {
    const { annotation } = await ask("annotation.write", { id, note: text });
    wrote?.(annotation);
  });
  const field = useRef<HTMLTextAreaElement>(null);
  const name = useId();

  useEffect(() => {
    if (focus === 0) return;
    field.current?.focus();
    field.current?.scrollIntoView({ block: "nearest" });
  }, [focus]);

  return (
    <div class="field">
      <label for={name}>{t("panel_note_label")}</label>
      <textarea
        ref={field}
        id={name}
        rows={5}
        dir="auto"
        placeholder={t("panel_note_placeholder")}
        aria-describedby={`${name}-hint`}
        value={draft.text}
        onInput={(event) => draft.input(event.currentTarget.value)}
        onBlur={draft.flush}
      />
      <p class="hint" id={`${name}-hint`}>
        {t("panel_note_hint")}
      </p>
      <SaveState state={draft.state} />
    </div>
  );
}

/** “Saved” is spoken, “Saving…” is only seen: at every pause in typing it would drown the typing itself. */
export function SaveState({ state }: { readonly state: DraftState }): JSX.Element {
  const outcome =
    state.kind === "saved"
      ? t("panel_saved")
      : state.kind === "failed"
        ? t("panel_not_saved", failureText(state.error))
        : "";
  return (
    <p class={`save-state ${state.kind}`}>
      <span role="status">{outcome}</span>
      {state.kind === "saving" && <span aria-hidden="true">{t("panel_saving")}</span>}
    </p>
  );
}
