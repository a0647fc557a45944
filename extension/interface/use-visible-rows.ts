import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows drawn beyond what is seen, on either side: enough for a turn of the wheel, and for the Tab key's next step. */
const BEYOND = 6;

export interface VisibleRows {
  readonly list: { current: HTMLOListElement | null };
  /** A box as high as one row; measured, since text may be zoomed. */
  readonly probe: { current: HTMLDivElement | null };
  /** CSS pixels. */
  readonly height: number;
  /** Indexes to draw, in order. */
  readonly rows: readonly number[];
}

/** Which rows of a long list in the page's own scroller are to be drawn. The one that has the focus stays. */
export function useVisibleRows(total: number): VisibleRows {
  const list = useRef<HTMLOListElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  const [{ first, last }, setRange] = useState({ first: 0, last: 2 * BEYOND });
  const [focused, setFocused] = useState(-1);

  const look = useCallback(() => {
    if (list.current === null || height === 0) return;
    const above = -list.current.getBoundingClientRect().top;
    const from = Math.max(0, Math.floor(above / height) - BEYOND);
    const to = Math.max(0, Math.ceil((above + window.innerHeight) / height) + BEYOND);
    setRange((before) => (before.first === from && before.last === to ? before : { first: from, last: to }));
  }, [height]);

  useLayoutEffect(() => {
    if (probe.current === null) return undefined;
    const box = probe.current;
    const measure = () => setHeight(box.offsetHeight);
    measure();
    const size = new ResizeObserver(measure);
    size.observe(box);
    return () => size.disconnect();
  }, []);
  useLayoutEffect(look, [look, total]);
  useEffect(() => {
    const onFocus = (event: FocusEvent) => setFocused(indexOf(event.target));
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    document.addEventListener("focusin", onFocus);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
      document.removeEventListener("focusin", onFocus);
    };
  }, [look]);

  const rows = [];
  if (focused >= 0 && focused < Math.min(first, total)) rows.push(focused);
  for (let index = first; index < Math.min(last, total); index++) rows.push(index);
  if (focused >= last && focused < total) rows.push(focused);
  return { list, probe, height, rows };
}

function indexOf(target: EventTarget | null): number {
  const row = target instanceof Element ? target.closest("[data-index]") : null;
  return Number(row?.getAttribute("data-index") ?? -1);
}
