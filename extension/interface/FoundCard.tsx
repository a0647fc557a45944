import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { FoundAnnotation } from "../model.ts";
import { CopyButton, DeleteButton, shortName } from "./card-deeds.tsx";
import { COLOR_NAMES, counted, day, failureText, t } from "./text.ts";
import type { Deeds } from "./use-deeds.ts";

interface Properties {
  /** undefined: on its way; null: gone meanwhile. */
  readonly annotation: FoundAnnotation | null | undefined;
  readonly deeds: Deeds;
  readonly remove: (annotation: FoundAnnotation) => void;
}

/** One annotation in the list of everything: as high as any other, so that the list knows its length undrawn. */
export function FoundCard({ annotation, deeds, remove }: Properties): JSX.Element {
  if (annotation === undefined) return <p class="card waiting">{t("panel_loading_row")}</p>;
  if (annotation === null) return <p class="card waiting">{t("trouble_gone")}</p>;
  return <Shown annotation={annotation} deeds={deeds} remove={remove} />;
}

interface ShownProperties extends Properties {
  readonly annotation: FoundAnnotation;
}

function Shown({ annotation, deeds, remove }: ShownProperties): JSX.Element {
  const name = useId();
  const { id, url, color, quote, note, tags, title, site, mine, replies, send, author, created } = annotation;
  const short = shortName(annotation);
  const edit = () =>
    void ask("note.window", { id }).catch((error: unknown) => deeds.tell(failureText(error)));
  return (
    <article class={`card ${color}`} aria-labelledby={name} data-id={id}>
      <p class="facts">
        <span class={`swatch ${color}`} aria-hidden="true" />
        <span>{t(COLOR_NAMES[color])}</span>
        <time dateTime={created}>{day(created)}</time>
        {!mine && <span dir="auto">{t("panel_author", author)}</span>}
        {replies > 0 && <span>{counted("panel_replies_one", "panel_replies_other", replies)}</span>}
        {send.kind === "unsent" && <span>{t("panel_unsent")}</span>}
        {send.kind === "refused" && <span class="bad">{t("panel_refused", send.reason)}</span>}
      </p>
      <button type="button" class="quote" title={url} onClick={() => deeds.open(annotation)}>
        <span class="unseen">{t("panel_open_page", "")}</span>
        <span id={name} dir="auto">
          {quote || short}
        </span>
      </button>
      {note.trim() !== "" && (
        <p class="excerpt" dir="auto">
          {note}
        </p>
      )}
      <p class="source" dir="auto">
        {[site, title, ...tags.map((tag) => `#${tag}`)].filter(Boolean).join(" · ")}
      </p>
      <div class="deeds">
        <CopyButton name={short} copy={() => deeds.copy(annotation)} />
        {mine && (
          <>
            <button type="button" class="quiet" aria-label={t("panel_edit_named", short)} onClick={edit}>
              {t("panel_edit")}
            </button>
            <DeleteButton name={short} remove={() => remove(annotation)} />
          </>
        )}
      </div>
    </article>
  );
}
