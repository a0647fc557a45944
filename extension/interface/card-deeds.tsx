import type { JSX } from "preact";
import type { AnnotationView } from "../model.ts";
import { t } from "./text.ts";

/** What an annotation's buttons call it: its first words, so that a list of buttons can be told apart by ear. */
export function shortName({ quote }: Pick<AnnotationView, "quote">): string {
  return quote === "" ? t("panel_page_note_name") : shortened(quote);
}

export function CopyButton({
  name,
  copy,
}: {
  readonly name: string;
  readonly copy: () => void;
}): JSX.Element {
  return (
    <button type="button" class="quiet" aria-label={t("panel_copy_named", name)} onClick={copy}>
      {t("panel_copy")}
    </button>
  );
}

export function DeleteButton({
  name,
  remove,
}: {
  readonly name: string;
  readonly remove: () => void;
}): JSX.Element {
  return (
    <button type="button" class="quiet" aria-label={t("panel_delete_named", name)} onClick={remove}>
      {t("panel_delete")}
    </button>
  );
}

function shortened(quote: string): string {
  const words = quote.replace(/\s+/g, " ").trim().split(" ");
  return words.length <= 8 ? words.join(" ") : `${words.slice(0, 8).join(" ")}…`;
}
