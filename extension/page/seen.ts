/** Whether the reader can see an element. Chromium knows when one is covered or see-through; Firefox does not say. */

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
