import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { type MessageKey, t } from "./text.ts";

export type View = "page" | "everything";

const TABS: readonly { readonly view: View; readonly name: MessageKey }[] = [
  { view: "page", name: "panel_tab_page" },
  { view: "everything", name: "panel_tab_everything" },
];

interface Properties {
  readonly view: View;
  readonly choose: (view: View) => void;
}

/** This page, or everything: the arrows go from one to the other, as in any tab list. */
export function Tabs({ view, choose }: Properties): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const other = event.key === "Home" ? "page" : event.key === "End" ? "everything" : otherThan(view);
    choose(other);
    list.current?.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  };
  return (
    <div ref={list} class="tabs" role="tablist" aria-label={t("panel_views_label")} onKeyDown={onKeyDown}>
      {TABS.map((tab) => (
        <button
          key={tab.view}
          type="button"
          role="tab"
          id={`tab-${tab.view}`}
          aria-selected={tab.view === view}
          {...(tab.view === view ? { "aria-controls": `panel-${tab.view}` } : {})}
          tabIndex={tab.view === view ? 0 : -1}
          onClick={() => choose(tab.view)}
        >
          {t(tab.name)}
        </button>
      ))}
    </div>
  );
}

/** What a tab shows. */
export function TabPanel({ view, children }: { view: View; children: ComponentChildren }): JSX.Element {
  return (
    <div class="tab-panel" role="tabpanel" id={`panel-${view}`} aria-labelledby={`tab-${view}`}>
      {children}
    </div>
  );
}

function otherThan(view: View): View {
  return view === "page" ? "everything" : "page";
}
