import type { JSX } from "preact";
import { type DifferencePart, difference } from "../anchoring/difference.ts";
import type { OldText } from "../model.ts";
import { t } from "./text.ts";

interface Texts {
  readonly before: string;
  readonly now: string;
}

/** The old text, with the words that went marked: by a line through them and in words, not by colour alone. */
export function OldWords({ before, now }: Texts): JSX.Element {
  return (
    <>
      {difference(before, now)
        .filter(({ kind }) => kind !== "added")
        .map(Part)}
    </>
  );
}

/** The new text, with the words that came marked. */
export function NewWords({ before, now }: Texts): JSX.Element {
  return (
    <>
      {difference(before, now)
        .filter(({ kind }) => kind !== "removed")
        .map(Part)}
    </>
  );
}

function Part({ kind, text }: DifferencePart): JSX.Element | string {
  if (kind === "same") return text;
  const [begins, ends] =
    kind === "removed"
      ? [t("panel_removed_begins"), t("panel_removed_ends")]
      : [t("panel_added_begins"), t("panel_added_ends")];
  const inside = (
    <>
      <span class="unseen"> {begins} </span>
      {text}
      <span class="unseen"> {ends} </span>
    </>
  );
  return kind === "removed" ? <del>{inside}</del> : <ins>{inside}</ins>;
}

/** The paragraph that a highlight was made in, as it then read. */
export function OldParagraph({ origin }: { readonly origin: OldText }): JSX.Element {
  return (
    <details class="origin">
      <summary>{t("panel_old_paragraph")}</summary>
      <blockquote dir="auto">
        {origin.before}
        <mark>{origin.exact}</mark>
        {origin.after}
      </blockquote>
    </details>
  );
}
