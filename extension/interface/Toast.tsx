import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "./text.ts";
import type { Undo } from "./use-undo.ts";

/** What was just done, at the foot of the panel; what is focused is never scrolled under it (WCAG 2.4.11). */
export function ToastLine({ undo: { toast, undo, dismiss } }: { readonly undo: Undo }): JSX.Element {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => keepFree(line.current), []);
  return (
    <div ref={line} class={toast === null ? "toast empty" : "toast"}>
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

/** Tells the style sheet how high the line is, for `scroll-padding`, and scrolls out from under it what has the focus. */
function keepFree(line: HTMLElement | null): (() => void) | undefined {
  if (line === null) return undefined;
  const root = document.documentElement;
  const look = () => {
    root.style.setProperty("--foot", `${line.offsetHeight}px`);
    const focused = document.activeElement;
    if (line.offsetHeight === 0 || focused === null || line.contains(focused)) return;
    if (isUnder(focused, line)) focused.scrollIntoView({ block: "nearest" });
  };
  const size = new ResizeObserver(look);
  size.observe(line);
  document.addEventListener("focusin", look);
  return () => {
    size.disconnect();
    document.removeEventListener("focusin", look);
    root.style.removeProperty("--foot");
  };
}

function isUnder(element: Element, line: Element): boolean {
  const [box, cover] = [element.getBoundingClientRect(), line.getBoundingClientRect()];
  return element !== document.body && box.bottom > cover.top && box.top < cover.bottom;
}
