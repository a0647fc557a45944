import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ask, onAnnouncement } from "../messaging.ts";
import type { AnnotationView, PanelPage } from "../model.ts";
import { followTab } from "./active-tab.ts";

export interface UsedPage {
  readonly tabId: number | null;
  /** The same at this very moment, also before it has been drawn. */
  readonly followed: () => number | null;
  /** null until the first answer. */
  readonly page: PanelPage | null;
  readonly failure: unknown;
  readonly reload: () => void;
  /** Shows an answer at once, before the news of it comes round. */
  readonly replace: (annotation: AnnotationView) => void;
  readonly remove: (id: string) => void;
}

/** A background that sleeps answers the second time; a page that is still loading changes several times in a moment. */
const RETRY = 500;
const GATHER = 40;

/** What the panel shows for the tab it follows, asked for again whenever the background says that it changed. */
export function usePage(address: string): UsedPage {
  const [tabId, setTabId] = useState<number | null>(null);
  const [page, setPage] = useState<PanelPage | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const asked = useRef({ tabId: null as number | null, number: 0, timer: 0 });

  const look = useCallback(() => {
    const current = asked.current;
    current.number += 1;
    const mine = current.number;
    ask("panel.page", { tabId: current.tabId }).then(
      (answer) => {
        if (mine !== current.number) return;
        setPage(answer);
        setFailure(null);
      },
      (error: unknown) => {
        if (mine !== current.number) return;
        setFailure(error);
        current.timer = window.setTimeout(look, RETRY);
      },
    );
  }, []);
  const reload = useCallback(() => {
    clearTimeout(asked.current.timer);
    asked.current.timer = window.setTimeout(look, GATHER);
  }, [look]);

  useEffect(
    () =>
      followTab(address, (next) => {
        if (asked.current.tabId !== next) setPage(null);
        asked.current.tabId = next;
        setTabId(next);
        clearTimeout(asked.current.timer);
        look();
      }),
    [address, look],
  );
  useEffect(() => onAnnouncement({ changed: reload }), [reload]);
  useEffect(() => () => clearTimeout(asked.current.timer), []);

  const change = useCallback(
    (alter: (list: readonly AnnotationView[]) => readonly AnnotationView[]) => {
      setPage((shown) => shown && { ...shown, annotations: alter(shown.annotations) });
      // An answer that is on its way was given before this: it would take the change back for a moment.
      asked.current.number += 1;
      reload();
    },
    [reload],
  );
  const remove = useCallback((id: string) => change((list) => list.filter((one) => one.id !== id)), [change]);
  const replace = useCallback(
    (annotation: AnnotationView) =>
      change((list) => [...list.filter(({ id }) => id !== annotation.id), annotation]),
    [change],
  );
  const followed = useCallback(() => asked.current.tabId, []);
  return { tabId, followed, page, failure, reload, replace, remove };
}
