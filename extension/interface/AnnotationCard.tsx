import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { AnnotationView } from "../model.ts";
import { ColorField } from "./ColorField.tsx";
import { CopyButton, DeleteButton, shortName } from "./card-deeds.tsx";
import { NewWords, OldParagraph, OldWords } from "./Difference.tsx";
import { isLost } from "./grouping.ts";
import { NoteField } from "./NoteField.tsx";
import { TagField } from "./TagField.tsx";
import { COLOR_NAMES, counted, STATE_NAMES, t } from "./text.ts";
import type { Deeds } from "./use-deeds.ts";
import { Written } from "./Written.tsx";

interface Properties {
  readonly annotation: AnnotationView;
  readonly tabId: number | null;
  readonly deeds: Deeds;
  readonly editing: boolean;
  /** Counts the requests to focus the note; 0 for none. */
  readonly focusNote: number;
  readonly edit: (id: string | null) => void;
  /** Deletes it and moves the focus to a neighbour. */
  readonly remove: (annotation: AnnotationView) => void;
}

/** One annotation: what was highlighted, what is known of it, its note and tags, and what can be done. */
export function AnnotationCard({
  annotation,
  tabId,
  deeds,
  editing,
  focusNote,
  edit,
  remove,
}: Properties): JSX.Element {
  const name = useId();
  const toggle = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) toggle.current?.focus();
    wasEditing.current = editing;
  }, [editing]);

  const { id, note, tags, mine, quote } = annotation;
  const short = shortName(annotation);
  const isOpen = editing && mine;
  const attach = mine && tabId !== null ? () => deeds.attach(annotation, tabId) : null;
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !editing) return;
    event.preventDefault();
    edit(null);
  };
  return (
    <li>
      <article
        class={`card ${annotation.color}${editing ? " editing" : ""}`}
        aria-labelledby={name}
        data-id={id}
        onKeyDown={closeOnEscape}
      >
        <Facts annotation={annotation} />
        <QuoteLine annotation={annotation} name={name} show={() => deeds.show(annotation, tabId)} />
        {annotation.now !== "" && (
          <p class="quote now">
            <span class="label">{t("panel_now")}</span>{" "}
            <q dir="auto">
              <NewWords before={quote} now={annotation.now} />
            </q>
          </p>
        )}
        {isLost(annotation) && <Lost annotation={annotation} name={short} attach={attach} />}
        {isOpen ? (
          <div class="editor">
            <NoteField id={id} note={note} focus={focusNote} wrote={deeds.wrote} />
            <TagField id={id} tags={tags} say={deeds.say} wrote={deeds.wrote} />
            <ColorField color={annotation.color} choose={(color) => deeds.recolor(annotation, color)} />
            {attach !== null && quote !== "" && !isLost(annotation) && (
              <div class="deeds">
                <button type="button" aria-label={t("panel_attach_instead_named", short)} onClick={attach}>
                  {t("panel_attach_instead")}
                </button>
              </div>
            )}
          </div>
        ) : (
          <Written note={note} tags={tags} />
        )}
        <Refused annotation={annotation} deeds={deeds} />
        <div class="deeds">
          {mine && (
            <button
              ref={toggle}
              type="button"
              aria-expanded={editing}
              aria-label={editing ? undefined : t("panel_edit_named", short)}
              onClick={() => edit(editing ? null : id)}
            >
              {editing ? t("panel_done") : t("panel_edit")}
            </button>
          )}
          <CopyButton name={short} copy={() => deeds.copy(annotation)} />
          {mine && <DeleteButton name={short} remove={() => remove(annotation)} />}
        </div>
      </article>
    </li>
  );
}

interface LostProperties {
  readonly annotation: AnnotationView;
  readonly name: string;
  /** null where it is not the reader's to move. */
  readonly attach: (() => void) | null;
}

/** What can be done about a highlight that has no place on the page: read where it stood, and give it a new one. */
function Lost({ annotation, name, attach }: LostProperties): JSX.Element {
  const { state, origin } = annotation;
  return (
    <>
      {origin !== null && <OldParagraph origin={origin} />}
      {attach !== null && (
        <div class="lost">
          <p class="hint">{t(state === "ambiguous" ? "panel_ambiguous_hint" : "panel_orphaned_hint")}</p>
          <div class="deeds">
            <button type="button" aria-label={t("panel_attach_named", name)} onClick={attach}>
              {t("panel_attach")}
            </button>
          </div>
        </div>
      )}
    </>
  );
}

function Facts({ annotation }: { readonly annotation: AnnotationView }): JSX.Element {
  const { color, state, author, mine, replies, send } = annotation;
  return (
    <p class="facts">
      <span class={`swatch ${color}`} aria-hidden="true" />
      <span>
        <span class="unseen">{t("panel_color_group")} </span>
        {t(COLOR_NAMES[color])}
      </span>
      {state !== null && state !== "exact" && <span class={`state ${state}`}>{t(STATE_NAMES[state])}</span>}
      {!mine && <span dir="auto">{t("panel_author", author)}</span>}
      {replies > 0 && <span>{counted("panel_replies_one", "panel_replies_other", replies)}</span>}
      {send.kind === "unsent" && <span>{t("panel_unsent")}</span>}
    </p>
  );
}

interface QuoteProperties {
  readonly annotation: AnnotationView;
  readonly name: string;
  readonly show: () => void;
}

/** The words, as a button where the page can be scrolled to them; without one where they stand nowhere. */
function QuoteLine({ annotation, name, show }: QuoteProperties): JSX.Element {
  const { quote, now } = annotation;
  if (quote === "") return <h3 id={name}>{t("panel_page_note_name")}</h3>;
  if (isLost(annotation) || annotation.start === null) {
    return (
      <blockquote class="quote" id={name} dir="auto">
        {quote}
      </blockquote>
    );
  }
  return (
    <button type="button" class="quote" onClick={show}>
      <span class="unseen">{t("panel_show", "")}</span>
      <span id={name} dir="auto">
        {now === "" ? quote : <OldWords before={quote} now={now} />}
      </span>
    </button>
  );
}

function Refused({
  annotation,
  deeds,
}: {
  readonly annotation: AnnotationView;
  readonly deeds: Deeds;
}): JSX.Element | null {
  const { send } = annotation;
  if (send.kind !== "refused") return null;
  return (
    <div class="refused">
      <p>{t("panel_refused", send.reason)}</p>
      <div class="deeds">
        <button type="button" onClick={() => deeds.settle(annotation, "retry")}>
          {t("panel_retry")}
        </button>
        <button type="button" class="quiet" onClick={() => deeds.settle(annotation, "discard")}>
          {t("panel_discard")}
        </button>
      </div>
    </div>
  );
}
