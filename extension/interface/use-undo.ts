import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { failureText } from "./text.ts";

/** A message at the foot of the panel; it stays until it is closed or the next one comes, since some read slowly. */
export interface Toast {
  readonly text: string;
  readonly canUndo: boolean;
}

/** Takes one deed back; answers what to say of it. */
export type TakeBack = () => Promise<string>;

export interface Undo {
  readonly toast: Toast | null;
  readonly dismiss: () => void;
  readonly tell: (text: string) => void;
  /** Said to a screen reader alone: of what everybody else sees happen. */
  readonly said: string;
  readonly say: (text: string) => void;
  /** Remembers how a deed is taken back; with a text, it is said and the button offered at once. */
  readonly done: (takeBack: TakeBack, text?: string) => void;
  /** Runs a deed and tells of its failure. True when it went well. */
  readonly attempt: (deed: () => Promise<void>) => Promise<boolean>;
  readonly undo: () => void;
}

/** What is told, and how deeds are taken back: the last one first, by button or by Ctrl+Z. */
export function useUndo(): Undo {
  const [toast, setToast] = useState<Toast | null>(null);
  const [said, say] = useState("");
  const undoable = useRef<TakeBack[]>([]);
  const tell = useCallback((text: string) => setToast({ text, canUndo: false }), []);
  const dismiss = useCallback(() => setToast(null), []);
  const attempt = useCallback(
    async (deed: () => Promise<void>): Promise<boolean> => {
      try {
        await deed();
        return true;
      } catch (error) {
        tell(failureText(error));
        return false;
      }
    },
    [tell],
  );
  const done = useCallback((takeBack: TakeBack, text?: string) => {
    undoable.current.push(takeBack);
    if (text !== undefined) setToast({ text, canUndo: true });
  }, []);
  const undo = useCallback(
    () =>
      void attempt(async () => {
        const last = undoable.current.at(-1);
        if (last === undefined) return;
        tell(await last());
        // Taken off only when it worked: a background that was away can be asked again.
        undoable.current = undoable.current.filter((one) => one !== last);
      }),
    [attempt, tell],
  );
  useUndoKey(undo);
  return { toast, dismiss, tell, said, say, done, attempt, undo };
}

/** Ctrl+Z, or Cmd+Z: but not while typing, where it takes back what was typed. */
function useUndoKey(undo: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo =
        (event.ctrlKey || event.metaKey) &&
        !event.shiftKey &&
        !event.altKey &&
        event.key.toLowerCase() === "z";
      if (!isUndo || isTyping(event.target)) return;
      event.preventDefault();
      undo();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [undo]);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox";
}
