import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ask, onAnnouncement } from "../messaging.ts";
import type { Everything, FoundAnnotation, Sought } from "../model.ts";

export const ANYTHING: Sought = { text: "", site: "", tag: "", color: "", from: "", to: "" };

/** Rows of one request. */
const CHUNK = 30;
/** Milliseconds: while a note is typed, every letter is news; a background that sleeps answers the second time. */
const GATHER = 150;
const RETRY = 500;

interface UsedEverything {
  readonly sought: Sought;
  readonly seek: (sought: Sought) => void;
  /** Counts and choices; null until the first answer. */
  readonly found: Everything | null;
  /** undefined: not here yet; null: gone meanwhile. */
  readonly row: (index: number) => FoundAnnotation | null | undefined;
  /** Asks for what is seen, if it is not here. */
  readonly want: (first: number, last: number) => void;
  readonly failure: unknown;
}

/** What is known of the list at one moment. A new question makes a new one; the old stays on screen until its answer. */
interface Known {
  readonly number: number;
  readonly asked: Set<number>;
  readonly chunks: Map<number, Everything["rows"]>;
}

/** The list of everything, asked for in pieces: those that are seen, and no others. */
export function useEverything(): UsedEverything {
  const [sought, setSought] = useState(ANYTHING);
  const [found, setFound] = useState<Everything | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [, redraw] = useState(0);
  const current = useRef<Known>({ number: 0, asked: new Set(), chunks: new Map() });
  const shown = useRef<Known>(current.current);
  const seen = useRef({ first: 0, sought: ANYTHING, timer: 0 });

  const load = useCallback((chunk: number, fresh: boolean) => {
    const known = current.current;
    known.asked.add(chunk);
    const question = { sought: seen.current.sought, first: chunk * CHUNK, count: CHUNK, fresh };
    ask("everything.find", question).then(
      (answer) => {
        if (known !== current.current) return;
        known.chunks.set(chunk, answer.rows);
        shown.current = known;
        setFound(answer);
        setFailure(null);
        redraw((count) => count + 1);
      },
      (error: unknown) => {
        if (known !== current.current) return;
        known.asked.delete(chunk);
        setFailure(error);
        seen.current.timer = window.setTimeout(() => load(chunk, fresh), RETRY);
      },
    );
  }, []);
  const again = useCallback(
    (chunk: number, fresh: boolean) => {
      clearTimeout(seen.current.timer);
      current.current = { number: current.current.number + 1, asked: new Set(), chunks: new Map() };
      load(chunk, fresh);
    },
    [load],
  );
  const seek = useCallback(
    (next: Sought) => {
      seen.current.sought = next;
      seen.current.first = 0;
      setSought(next);
      again(0, false);
    },
    [again],
  );
  const want = useCallback(
    (first: number, last: number) => {
      seen.current.first = first;
      // While the first answer to a new question is on its way, nothing else is known of it.
      if (current.current.chunks.size === 0) return;
      for (let chunk = Math.floor(first / CHUNK); chunk <= Math.floor(last / CHUNK); chunk++) {
        if (!current.current.asked.has(chunk)) load(chunk, false);
      }
    },
    [load],
  );
  useEffect(() => {
    again(0, true);
    const news = () => {
      clearTimeout(seen.current.timer);
      seen.current.timer = window.setTimeout(
        () => again(Math.floor(seen.current.first / CHUNK), false),
        GATHER,
      );
    };
    const stop = onAnnouncement({ changed: ({ what }) => what === "annotations" && news() });
    return () => {
      clearTimeout(seen.current.timer);
      stop();
    };
  }, [again]);
  const row = (index: number) => shown.current.chunks.get(Math.floor(index / CHUNK))?.[index % CHUNK];
  return { sought, seek, found, row, want, failure };
}
