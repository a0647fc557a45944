import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { onAnnouncement } from "../messaging.ts";
import type { AnnotationView } from "../model.ts";
import { EverythingList } from "./EverythingList.tsx";
import { PageList } from "./PageList.tsx";
import { PanelHeader } from "./PanelHeader.tsx";
import { TabPanel, Tabs, type View } from "./Tabs.tsx";
import { ToastLine } from "./Toast.tsx";
import { t } from "./text.ts";
import { useDeeds } from "./use-deeds.ts";
import { usePage } from "./use-page.ts";
import { useUndo } from "./use-undo.ts";

/** The side panel: the annotations of the page beside it, or all of them. `address` is the panel's own. */
export function Panel({ address }: { readonly address: string }): JSX.Element {
  const used = usePage(address);
  const { page, failure, reload, replace, remove: forget } = used;
  const [view, setView] = useState<View>(() =>
    new URL(address).searchParams.get("view") === "everything" ? "everything" : "page",
  );
  const main = useRef<HTMLElement>(null);
  const focus = useFocusOnCard(main);
  const undo = useUndo();
  const deeds = useDeeds({ undo, replace, forget, reload, restored: focus });
  const editing = useEditing(address, used.followed, () => {
    setView("page");
    reload();
  });
  const annotations = page?.annotations ?? [];
  const edit = (id: string | null) => {
    deeds.editing(annotations.find((one) => one.id === id) ?? null);
    editing.edit(id);
  };
  const begun = (annotation: AnnotationView) => {
    deeds.editing(annotation);
    editing.edit(annotation.id);
  };
  return (
    <div class="panel">
      <PanelHeader page={page} tell={undo.tell}>
        <Tabs view={view} choose={setView} />
      </PanelHeader>
      <main
        ref={main}
        tabIndex={-1}
        aria-label={t("panel_title")}
        aria-busy={page === null && failure === null}
      >
        <TabPanel view={view}>
          {view === "everything" ? (
            <EverythingList deeds={deeds} />
          ) : (
            <PageList used={used} deeds={deeds} editing={{ ...editing, edit }} begun={begun} focus={focus} />
          )}
        </TabPanel>
      </main>
      <p role="status" class="unseen">
        {undo.said}
      </p>
      <ToastLine undo={undo} />
    </div>
  );
}

export interface Editing {
  readonly editing: string | null;
  readonly focusNote: number;
  readonly edit: (id: string | null) => void;
}

/** Which annotation is open for editing: by its own button, by the page's toolbar, or by `?note=` of the address. */
function useEditing(address: string, followed: () => number | null, wanted: () => void): Editing {
  const [editing, setEditing] = useState<string | null>(() => new URL(address).searchParams.get("note"));
  const [focusNote, setFocusNote] = useState(1);
  const latest = useRef(wanted);
  latest.current = wanted;
  useEffect(
    () =>
      onAnnouncement({
        "note.show": (news) => {
          // A wish for a panel that is just opening comes before anything is drawn.
          if (news.tabId !== null && news.tabId !== followed()) return;
          setEditing(news.id);
          setFocusNote((count) => count + 1);
          latest.current();
        },
      }),
    [followed],
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
