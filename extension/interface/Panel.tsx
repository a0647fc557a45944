import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { onAnnouncement } from "../messaging.ts";
import type { AnnotationView } from "../model.ts";
import { AnnotationCard } from "./AnnotationCard.tsx";
import { type Groups, groupAnnotations } from "./grouping.ts";
import { PanelHeader } from "./PanelHeader.tsx";
import { Notice, PanelNotices } from "./PanelNotices.tsx";
import { counted, failureText, t } from "./text.ts";
import { type Toast, useDeeds } from "./use-deeds.ts";
import { usePage } from "./use-page.ts";

/** The side panel: the annotations of the page beside it. `address` is the panel's own. */
export function Panel({ address }: { readonly address: string }): JSX.Element {
  const { tabId, followed, page, failure, reload, replace, remove: forget } = usePage(address);
  const { editing, focusNote, edit } = useEditing(address, followed, reload);
  const list = useRef<HTMLElement>(null);
  const focus = useFocusOnCard(list);
  const deeds = useDeeds({ replace, forget, reload, restored: focus });
  const groups = groupAnnotations(page?.annotations ?? []);

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
      editing={editing === annotation.id}
      focusNote={editing === annotation.id ? focusNote : 0}
      edit={edit}
      remove={remove}
    />
  );
  return (
    <div class="panel">
      <PanelHeader page={page} tell={deeds.tell} />
      <main
        ref={list}
        tabIndex={-1}
        aria-label={t("panel_title")}
        aria-busy={page === null && failure === null}
      >
        {page === null && failure === null && <p class="waiting">{t("panel_loading")}</p>}
        {failure !== null && <Failed failure={failure} reload={reload} />}
        {page !== null && <PanelNotices page={page} tell={deeds.tell} reload={reload} />}
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
      </main>
      <ToastLine toast={deeds.toast} undo={deeds.undo} dismiss={deeds.dismiss} />
    </div>
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

interface ToastProperties {
  readonly toast: Toast | null;
  readonly undo: () => void;
  readonly dismiss: () => void;
}

function ToastLine({ toast, undo, dismiss }: ToastProperties): JSX.Element {
  return (
    <div class={toast === null ? "toast empty" : "toast"}>
      <p role="status">{toast?.text ?? ""}</p>
      {toast !== null && (
        <div class="deeds">
          {toast.canUndo && (
            <button type="button" onClick={undo} aria-keyshortcuts="Control+Z Meta+Z">
              {t("panel_undo")}
            </button>
          )}
          <button
            type="button"
            class="quiet"
            aria-label={t("panel_dismiss")}
            title={t("panel_dismiss")}
            onClick={dismiss}
          >
            <span aria-hidden="true">×</span>
          </button>
        </div>
      )}
    </div>
  );
}

interface Editing {
  readonly editing: string | null;
  readonly focusNote: number;
  readonly edit: (id: string | null) => void;
}

/** Which annotation is open for editing: by its own button, by the page's toolbar, or by `?note=` of the address. */
function useEditing(address: string, followed: () => number | null, reload: () => void): Editing {
  const [editing, setEditing] = useState<string | null>(() => new URL(address).searchParams.get("note"));
  const [focusNote, setFocusNote] = useState(1);
  useEffect(
    () =>
      onAnnouncement({
        "note.show": (news) => {
          // A wish for a panel that is just opening comes before anything is drawn.
          if (news.tabId !== null && news.tabId !== followed()) return;
          setEditing(news.id);
          setFocusNote((count) => count + 1);
          reload();
        },
      }),
    [followed, reload],
  );
  const edit = (id: string | null) => {
    setEditing(id);
    setFocusNote((count) => count + 1);
  };
  return { editing, focusNote, edit };
}

/** Moves the focus to a card's first button once it is drawn; to the list itself where there is none. */
function useFocusOnCard(list: { readonly current: HTMLElement | null }): (id: string | null) => void {
  const [wanted, setWanted] = useState<{ readonly id: string | null } | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    const card =
      wanted.id === null ? null : list.current?.querySelector(`[data-id="${CSS.escape(wanted.id)}"]`);
    const target = card?.querySelector<HTMLElement>("button") ?? list.current;
    target?.focus();
  }, [wanted, list]);
  return (id) => setWanted({ id });
}

/** Where the focus goes when this one is gone: to the next, else to the one before. */
function neighbourOf({ pageNotes, found, replies, unsure, notFound }: Groups, id: string): string | null {
  const order = [...pageNotes, ...found, ...replies, ...unsure, ...notFound];
  const at = order.findIndex((one) => one.id === id);
  return (order[at + 1] ?? order[at - 1])?.id ?? null;
}
