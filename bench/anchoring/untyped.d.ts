/** What the two older packages leave untyped. */

declare module "dom-anchor-text-quote" {
  export function toTextPosition(
    root: { readonly textContent: string },
    selector: { readonly exact: string; readonly prefix?: string; readonly suffix?: string },
    options?: { readonly hint?: number },
  ): { start: number; end: number } | null;
}
