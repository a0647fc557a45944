import { useRef } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { AnnotationView, Color, Sought } from "../model.ts";
import { counted, t } from "./text.ts";
import type { Undo } from "./use-undo.ts";

export interface Deeds {
  readonly tell: (text: string) => void;
  /** Said to a screen reader alone. */
  readonly say: (text: string) => void;
  /** The editor of this annotation was opened: what is written from now on is one deed to undo. */
  readonly editing: (annotation: AnnotationView | null) => void;
  /** A field of the editor was kept. */
  readonly wrote: (annotation: AnnotationView) => void;
  readonly remove: (annotation: AnnotationView) => Promise<boolean>;
  readonly recolor: (annotation: AnnotationView, color: Color) => void;
  /** Moves it to what is selected on the page. */
  readonly attach: (annotation: AnnotationView, tabId: number) => void;
  readonly settle: (annotation: AnnotationView, deed: "retry" | "discard") => void;
  readonly show: (annotation: AnnotationView, tabId: number | null) => void;
  /** Opens the page it was made on, and scrolls to it. */
  readonly open: (annotation: AnnotationView) => void;
  /** Begins a note on the page as a whole; `begun` hears of it. */
  readonly noteOnPage: (tabId: number, begun: (annotation: AnnotationView) => void) => void;
  readonly copy: (annotation: AnnotationView) => void;
  readonly copyThese: (annotations: readonly AnnotationView[]) => void;
  readonly copyFound: (sought: Sought) => void;
}

interface Surroundings {
  readonly undo: Undo;
  readonly replace: (annotation: AnnotationView) => void;
  readonly forget: (id: string) => void;
  readonly reload: () => void;
  /** Called with the id of what came back. */
  readonly restored: (id: string) => void;
}

/** What can be done to an annotation in the panel, and how each deed is taken back. */
export function useDeeds({ undo, replace, forget, reload, restored }: Surroundings): Deeds {
  const { tell, say, done, attempt } = undo;
  const edited = useRef<AnnotationView | null>(null);

  const write = async (id: string, edit: { note?: string; tags?: readonly string[]; color?: Color }) =>
    replace((await ask("annotation.write", { id, ...edit })).annotation);

  const wrote = (annotation: AnnotationView) => {
    replace(annotation);
    const before = edited.current;
    if (before === null || before.id !== annotation.id) return;
    edited.current = null;
    const { id, note, tags } = before;
    done(async () => {
      await write(id, { note, tags });
      return t("panel_undone");
    });
  };

  const remove = ({ id }: AnnotationView) =>
    attempt(async () => {
      await ask("annotation.delete", { id });
      forget(id);
      done(async () => {
        replace((await ask("annotation.restore", { id })).annotation);
        restored(id);
        return t("panel_restored");
      }, t("panel_deleted"));
    });

  const recolor = ({ id, color: before }: AnnotationView, color: Color) =>
    void attempt(async () => {
      await write(id, { color });
      done(async () => {
        await write(id, { color: before });
        return t("panel_undone");
      });
    });

  const attach = ({ id }: AnnotationView, tabId: number) =>
    void attempt(async () => {
      const { annotation, before } = await ask("annotation.attach", { id, tabId });
      replace(annotation);
      done(async () => {
        replace((await ask("annotation.reattach", { id, target: before })).annotation);
        return t("panel_undone");
      }, t("panel_attached"));
    });

  const settle = ({ id }: AnnotationView, deed: "retry" | "discard") =>
    void attempt(async () => {
      const { before } = await ask("refused.settle", { id, deed });
      reload();
      if (deed === "retry") return;
      done(async () => {
        replace((await ask("refused.bring_back", { before })).annotation);
        return t("panel_undone");
      }, t("panel_discarded"));
    });

  const show = ({ id }: AnnotationView, tabId: number | null) =>
    void attempt(async () => {
      const shown = tabId !== null && (await ask("panel.show", { tabId, id })).shown;
      if (!shown) tell(t("panel_not_shown"));
    });

  const open = ({ id }: AnnotationView) =>
    void attempt(async () => {
      const { opened } = await ask("everything.open", { id });
      if (opened === "passage") tell(t("panel_opened_unpermitted"));
    });

  const noteOnPage = (tabId: number, begun: (annotation: AnnotationView) => void) =>
    void attempt(async () => {
      const { annotation } = await ask("note.on_page", { tabId });
      replace(annotation);
      begun(annotation);
      done(async () => {
        await ask("annotation.delete", { id: annotation.id });
        forget(annotation.id);
        return t("panel_undone");
      });
    });

  const copyText = (fetch: () => Promise<{ markdown: string; said: string }>) =>
    void attempt(async () => {
      const { markdown, said } = await fetch();
      await navigator.clipboard.writeText(markdown);
      tell(said);
    });
  const copy = ({ id }: AnnotationView) =>
    copyText(async () => ({ ...(await ask("markdown.one", { id })), said: copied(1) }));
  const copyThese = (annotations: readonly AnnotationView[]) =>
    copyText(async () => {
      const ids = annotations.map(({ id }) => id);
      return { ...(await ask("markdown.these", { ids })), said: copied(ids.length) };
    });
  const copyFound = (sought: Sought) =>
    copyText(async () => {
      const { markdown, count } = await ask("markdown.found", { sought });
      return { markdown, said: copied(count) };
    });

  const editing = (annotation: AnnotationView | null) => {
    edited.current = annotation;
  };
  return {
    tell,
    say,
    editing,
    wrote,
    remove,
    recolor,
    attach,
    settle,
    show,
    open,
    noteOnPage,
    copy,
    copyThese,
    copyFound,
  };
}

function copied(count: number): string {
  return counted("panel_copied_one", "panel_copied_other", count);
}
