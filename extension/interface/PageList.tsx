import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { AnnotationView } from "../model.ts";
import { plain, plainWords } from "../plain-words.ts";
import { AnnotationCard } from "./AnnotationCard.tsx";
import { type Groups, groupAnnotations } from "./grouping.ts";
import { Notice } from "./Notice.tsx";
import type { Editing } from "./Panel.tsx";
import { isReadOnly, PanelNotices } from "./PanelNotices.tsx";
import { SearchField } from "./SearchField.tsx";
import { counted, failureText, t } from "./text.ts";
import type { Deeds } from "./use-deeds.ts";
import type { UsedPage } from "./use-page.ts";

/** A page with fewer is seen at a glance. */
const WORTH_FILTERING = 2;

interface Properties {
  readonly used: UsedPage;
  readonly deeds: Deeds;
  readonly editing: Editing;
  /** Hears of a note on the page that was just begun. */
  readonly begun: (annotation: AnnotationView) => void;
  readonly focus: (id: string | null) => void;
}

/** The annotations of the page beside the panel, in its order. */
export function PageList({ used, deeds, editing, begun, focus }: Properties): JSX.Element {
  const { tabId, page, failure, reload } = used;
  const [filter, setFilter] = useState("");
  const all = page?.annotations ?? [];
  const shown = filtered(all, filter, editing.editing);
  const groups = groupAnnotations(shown);
  const remove = async (annotation: AnnotationView) => {
    const neighbour = neighbourOf(groups, annotation.id);
    if (await deeds.remove(annotation)) focus(neighbour);
  };
  const card = (annotation: AnnotationView) => (
    <AnnotationCard
      key={annotation.id}
      annotation={annotation}
      tabId={tabId}
      deeds={deeds}
      editing={editing.editing === annotation.id}
      focusNote={editing.editing === annotation.id ? editing.focusNote : 0}
      edit={editing.edit}
      remove={remove}
    />
  );
  const canNote =
    page !== null && page.access === "ready" && page.connection.kind !== "unset" && !isReadOnly(page);
  return (
    <>
      {page === null && failure === null && <p class="waiting">{t("panel_loading")}</p>}
      {failure !== null && <Failed failure={failure} reload={reload} />}
      {page !== null && <PanelNotices page={page} tabId={tabId} tell={deeds.tell} reload={reload} />}
      {(all.length >= WORTH_FILTERING || filter !== "") && (
        <SearchField label={t("panel_filter_label")} text={filter} change={setFilter} />
      )}
      {(canNote || all.length > 0) && (
        <div class="deeds">
          {canNote && tabId !== null && (
            <button type="button" onClick={() => deeds.noteOnPage(tabId, begun)}>
              {t("panel_note_on_page")}
            </button>
          )}
          {shown.length > 0 && (
            <button type="button" class="quiet" onClick={() => deeds.copyThese(inOrder(groups))}>
              {t("panel_copy_all")}
            </button>
          )}
        </div>
      )}
      {all.length > 0 && shown.length === 0 && <NothingFound clear={() => setFilter("")} />}
      <Lists groups={groups} card={card} />
    </>
  );
}

interface ListsProperties {
  readonly groups: Groups;
  readonly card: (annotation: AnnotationView) => JSX.Element;
}

function Lists({ groups, card }: ListsProperties): JSX.Element {
  return (
    <>
      <Group heading={t("panel_page_notes_heading")} annotations={groups.pageNotes} card={card} />
      <Group
        heading={counted("panel_count_one", "panel_count_other", groups.found.length)}
        annotations={groups.found}
        card={card}
      />
      <Group heading={t("panel_replies_heading")} annotations={groups.replies} card={card} />
      <Group heading={t("panel_unsure_heading")} annotations={groups.unsure} card={card} />
      <Group
        heading={t("panel_not_found_heading")}
        help={t("panel_not_found_help")}
        annotations={groups.notFound}
        card={card}
      />
    </>
  );
}

interface GroupProperties {
  readonly heading: string;
  readonly help?: string;
  readonly annotations: readonly AnnotationView[];
  readonly card: (annotation: AnnotationView) => JSX.Element;
}

function Group({ heading, help, annotations, card }: GroupProperties): JSX.Element | null {
  const name = useId();
  if (annotations.length === 0) return null;
  return (
    <section aria-labelledby={name}>
      <h2 id={name}>{heading}</h2>
      {help !== undefined && <p class="hint">{help}</p>}
      <ol class="cards">{annotations.map(card)}</ol>
    </section>
  );
}

function Failed({
  failure,
  reload,
}: {
  readonly failure: unknown;
  readonly reload: () => void;
}): JSX.Element {
  return (
    <div role="alert">
      <Notice title={t("panel_failed_title")} text={failureText(failure)}>
        <div class="deeds">
          <button type="button" onClick={reload}>
            {t("panel_retry")}
          </button>
        </div>
      </Notice>
    </div>
  );
}

/** Something is there, but not what is looked for. */
export function NothingFound({ clear }: { readonly clear: () => void }): JSX.Element {
  return (
    <Notice title={t("panel_no_match_title")} text={t("panel_no_match_text")}>
      <div class="deeds">
        <button type="button" onClick={clear}>
          {t("panel_clear_filters")}
        </button>
      </div>
    </Notice>
  );
}

/** Those that have all the words that are looked for; what is being edited stays, whatever it says meanwhile. */
function filtered(
  annotations: readonly AnnotationView[],
  filter: string,
  edited: string | null,
): readonly AnnotationView[] {
  const words = plainWords(filter);
  if (words.length === 0) return annotations;
  return annotations.filter((one) => {
    const text = plain([one.quote, one.now, one.note, one.author, ...one.tags].join("\n"));
    return one.id === edited || words.every((word) => text.includes(word));
  });
}

function inOrder({ pageNotes, found, replies, unsure, notFound }: Groups): AnnotationView[] {
  return [...pageNotes, ...found, ...replies, ...unsure, ...notFound];
}

/** Where the focus goes when this one is gone: to the next, else to the one before. */
function neighbourOf(groups: Groups, id: string): string | null {
  const order = inOrder(groups);
  const at = order.findIndex((one) => one.id === id);
  return (order[at + 1] ?? order[at - 1])?.id ?? null;
}
