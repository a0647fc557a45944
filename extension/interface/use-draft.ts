import { useEffect, useRef, useState } from "preact/hooks";
import { Draft, type DraftState } from "./draft.ts";

interface UsedDraft {
  readonly text: string;
  readonly state: DraftState;
  readonly input: (text: string) => void;
  readonly flush: () => void;
}

/** A `Draft` for the life of one component: written out when the field is left, the page is hidden, or all of it goes. */
export function useDraft(stored: string, write: (text: string) => Promise<unknown>): UsedDraft {
  const [state, setState] = useState<DraftState>({ kind: "clean" });
  const [text, setText] = useState(stored);
  const writer = useRef(write);
  writer.current = write;
  const kept = useRef<Draft | null>(null);
  kept.current ??= new Draft(stored, (value) => writer.current(value), setState);
  const draft = kept.current;

  useEffect(() => {
    if (draft.accept(stored)) setText(stored);
  }, [draft, stored]);

  useEffect(() => {
    const flush = () => draft.flush();
    window.addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    return () => {
      window.removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", flush);
      draft.flush();
    };
  }, [draft]);

  const input = (value: string) => {
    setText(value);
    draft.input(value);
  };
  return { text, state, input, flush: () => draft.flush() };
}
