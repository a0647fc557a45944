import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../messaging.ts";
import type { AnnotationView, Color } from "../model.ts";
import { failureText, t } from "./text.ts";

/** A message at the foot of the panel; it stays until it is closed or the next one comes, since some read slowly. */
export interface Toast {
  readonly text: string;
  readonly canUndo: boolean;
}

export interface Deeds {
  readonly toast: Toast | null;
  readonly dismiss: () => void;
  readonly tell: (text: string) => void;
  readonly undo: () => void;
  /** A field of the editor was kept. */
  readonly wrote: (annotation: AnnotationView) => void;
  readonly remove: (annotation: AnnotationView) => Promise<boolean>;
  readonly recolor: (annotation: AnnotationView, color: Color) => void;
  /** Moves it to what is selected on the page. */
  readonly attach: (annotation: AnnotationView, tabId: number) => void;
  readonly settle: (annotation: AnnotationView, deed: "retry" | "discard") => void;
  readonly show: (annotation: AnnotationView, tabId: number | null) => void;
}

interface Surroundings {
  readonly replace: (annotation: AnnotationView) => void;
  readonly forget: (id: string) => void;
  readonly reload: () => void;
  /** Called with the id of what came back. */
  readonly restored: (id: string) => void;
}

/** What can be done to an annotation in the panel, and how it is undone: last deed first. */
export function useDeeds({ replace, forget, reload, restored }: Surroundings): Deeds {
  const [toast, setToast] = useState<Toast | null>(null);
  const undoable = useRef<(() => Promise<string>)[]>([]);
  const tell = useCallback((text: string) => setToast({ text, canUndo: false }), []);
  const attempt = async (deed: () => Promise<void>): Promise<boolean> => {
    try {
      await deed();
      return true;
    } catch (error) {
      tell(failureText(error));
      return false;
    }
  };

  const remove = ({ id }: AnnotationView) =>
    attempt(async () => {
      await ask("annotation.delete", { id });
      forget(id);
      undoable.current.push(async () => {
        replace((await ask("annotation.restore", { id })).annotation);
        restored(id);
        return t("panel_restored");
      });
      setToast({ text: t("panel_deleted"), canUndo: true });
    });

  const paint = async (id: string, color: Color) =>
    replace((await ask("annotation.write", { id, color })).annotation);
  const recolor = ({ id, color: before }: AnnotationView, color: Color) =>
    void attempt(async () => {
      await paint(id, color);
      undoable.current.push(async () => {
        await paint(id, before);
        return t("panel_undone");
      });
    });

  const attach = ({ id }: AnnotationView, tabId: number) =>
    void attempt(async () => {
      const { annotation, before } = await ask("annotation.attach", { id, tabId });
      replace(annotation);
      undoable.current.push(async () => {
        replace((await ask("annotation.reattach", { id, target: before })).annotation);
        return t("panel_undone");
      });
      setToast({ text: t("panel_attached"), canUndo: true });
    });

  const undo = () =>
    void attempt(async () => {
      const last = undoable.current.at(-1);
      if (last === undefined) return;
      tell(await last());
      // Taken off only when it worked: a background that was away can be asked again.
      undoable.current = undoable.current.filter((one) => one !== last);
    });

  const settle = ({ id }: AnnotationView, deed: "retry" | "discard") =>
    void attempt(async () => {
      await ask("refused.settle", { id, deed });
      reload();
    });
  const show = ({ id }: AnnotationView, tabId: number | null) =>
    void attempt(async () => {
      const shown = tabId !== null && (await ask("panel.show", { tabId, id })).shown;
      if (!shown) tell(t("panel_not_shown"));
    });

  useUndoKey(undo);
  return {
    toast,
    dismiss: () => setToast(null),
    tell,
    undo,
    wrote: replace,
    remove,
    recolor,
    attach,
    settle,
    show,
  };
}

/** Ctrl+Z, or Cmd+Z: but not while typing, where it takes back what was typed. */
function useUndoKey(undo: () => void): void {
  const latest = useRef(undo);
  latest.current = undo;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo =
        (event.ctrlKey || event.metaKey) &&
        !event.shiftKey &&
        !event.altKey &&
        event.key.toLowerCase() === "z";
      if (!isUndo || isTyping(event.target)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox";
}
