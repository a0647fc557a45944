/**
 * Whether the reader can see an element. Chromium knows when one is covered or see-through. Firefox does not say: there
 * the element has to be in the top layer, where nothing around it can fade, clip or move it, and to stay the last there.
 */

export class Seen {
  /** false: something lies over it, or it is not opaque. undefined where the browser does not say, or not yet. */
  isVisible: boolean | undefined;

  /** Looks until the signal aborts. */
  watch(element: Element, signal: AbortSignal): void {
    this.isVisible = undefined;
    const options = { threshold: [0, 1], trackVisibility: true, delay: 100 };
    const observer = new IntersectionObserver((entries) => {
      this.isVisible = (entries[entries.length - 1] as { isVisible?: boolean } | undefined)?.isVisible;
    }, options);
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
  }
}

/** Above everything else of the page, its modal dialogs apart; again, above what came there since. */
export function putOnTop(host: HTMLElement): void {
  if (typeof host.showPopover !== "function") return;
  if (host.matches(":popover-open")) host.hidePopover();
  host.popover = "manual";
  host.showPopover();
}

/** False where the page has taken it from its place: then it may be anywhere, in anything. */
export function isOnTop(host: HTMLElement): boolean {
  const inPlace = host.parentNode === host.ownerDocument.documentElement;
  return inPlace && (typeof host.showPopover !== "function" || host.matches(":popover-open"));
}

/** Calls `covered` when something of the page's came into the top layer. One inside a shadow root is not heard. */
export function whenCovered(host: HTMLElement, covered: () => void, signal: AbortSignal): void {
  const look = ({ target }: Event) => {
    if (target !== host && target instanceof Element && target.matches(":popover-open, :modal")) covered();
  };
  host.ownerDocument.addEventListener("toggle", look, { signal, capture: true });
}
