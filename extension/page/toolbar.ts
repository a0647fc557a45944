/**
 * The toolbar: one empty host under `<html>` while it is open, buttons in a closed shadow root. It holds no text of the
 * reader's, takes no focus unless asked to, and acts only on what a person did where the person could see it.
 */

import { COLORS, type Color } from "../model.ts";
import { placed } from "./placement.ts";
import { isOnTop, putOnTop, Seen, whenCovered } from "./seen.ts";
import type { Box } from "./selection.ts";
import { button, type Icon, sharedSign, swatch } from "./toolbar-buttons.ts";
import { announceKeys, deedOf, type KeyedDeed, stepTo } from "./toolbar-keys.ts";
import { placementRule, TOOLBAR_STYLE } from "./toolbar-style.ts";

/** A click sooner than this was aimed at something that stood there before. Milliseconds. */
const SETTLING = 300;

/** Looks up a text of `_locales`. */
export type Words = (key: string) => string;

export type View =
  | { readonly kind: "selection"; readonly shared: boolean }
  | HighlightView
  | { readonly kind: "toast"; readonly text: string; readonly undo: boolean };

interface HighlightView {
  readonly kind: "highlight";
  readonly color: Color;
  readonly hasNote: boolean;
  /** Somebody else's is to be looked at, not to be changed. */
  readonly mine: boolean;
  readonly shared: boolean;
  /** How many other highlights lie at the same place. */
  readonly others: number;
}

export interface Deeds {
  color(color: Color): void;
  note(): void;
  remove(): void;
  undo(): void;
  /** Of several highlights at one place, the next. */
  next(): void;
  closed(): void;
}

export class Toolbar {
  private readonly document: Document;
  private readonly words: Words;
  private readonly deeds: Deeds;
  private readonly hosts = new WeakSet<Node>();
  private host: HTMLElement | null = null;
  private bar: HTMLElement | null = null;
  private status: HTMLElement | null = null;
  private placement: CSSStyleSheet | null = null;
  private place: () => Box | null = () => null;
  private settled = 0;
  private readonly seen = new Seen();
  private life: AbortController | null = null;
  private before: HTMLElement | null = null;
  /** What the keys of the buttons shown do. */
  private readonly keyed = new Map<KeyedDeed, () => void>();

  constructor(document: Document, words: Words, deeds: Deeds) {
    this.document = document;
    this.words = words;
    this.deeds = deeds;
  }

  /** Tells our host from the page's own elements, also after it was taken away. */
  readonly isHost = (node: Node): boolean => this.hosts.has(node);

  get isOpen(): boolean {
    return this.host !== null;
  }

  get hasFocus(): boolean {
    return this.host !== null && this.document.activeElement === this.host;
  }

  /** Opens, or changes what is shown where it stands. `place` is asked again while the page scrolls. */
  show(view: View, place: () => Box | null): void {
    const focused = this.hasFocus;
    const fresh = this.host === null;
    if (fresh) this.attach();
    this.place = place;
    this.fill(view);
    const moved = this.reposition(!fresh && view.kind !== "toast");
    if (fresh || moved) this.settled = performance.now() + SETTLING;
    if (focused) this.focusInside();
  }

  /** Says something to those who do not see the colours change. */
  say(text: string): void {
    if (this.status !== null) this.status.textContent = text;
  }

  focusInside(): void {
    if (!this.hasFocus && this.document.activeElement instanceof HTMLElement)
      this.before = this.document.activeElement;
    this.buttons()[0]?.focus({ preventScroll: true });
  }

  close(): void {
    if (this.host === null) return;
    const back = this.hasFocus ? this.before : null;
    this.life?.abort();
    this.host.remove();
    this.host = this.bar = this.status = this.placement = this.life = this.before = null;
    back?.focus({ preventScroll: true });
    this.deeds.closed();
  }

  private attach(): void {
    const host = this.document.createElement("div");
    this.hosts.add(host);
    const root = host.attachShadow({ mode: "closed" });
    const look = new CSSStyleSheet();
    look.replaceSync(TOOLBAR_STYLE);
    this.placement = new CSSStyleSheet();
    root.adoptedStyleSheets = [look, this.placement];
    this.bar = this.document.createElement("div");
    this.status = this.document.createElement("div");
    this.status.className = "status";
    this.status.setAttribute("role", "status");
    root.append(this.bar, this.status);
    this.life = new AbortController();
    this.listen(root, this.life.signal);
    this.document.documentElement.append(host);
    this.host = host;
    putOnTop(host);
    this.seen.watch(host, this.life.signal);
    whenCovered(host, () => this.surface(), this.life.signal);
  }

  /** What came over us may have been meant to take a click for us, or ours for its own. */
  private surface(): void {
    if (this.host === null) return;
    const focused = this.hasFocus;
    putOnTop(this.host);
    this.settled = performance.now() + SETTLING;
    if (focused) this.focusInside();
  }

  private listen(root: ShadowRoot, signal: AbortSignal): void {
    const quiet = [
      "pointerdown",
      "pointerup",
      "mousedown",
      "mouseup",
      "click",
      "dblclick",
      "contextmenu",
      "keyup",
    ];
    for (const type of quiet) {
      root.addEventListener(
        type,
        (event) => {
          // A press on a button would take the focus and, with it, the selection.
          if (type === "mousedown") event.preventDefault();
          event.stopPropagation();
        },
        { signal },
      );
    }
    root.addEventListener("keydown", (event) => this.key(event as KeyboardEvent), { signal });
    const again = () => this.reposition(true);
    this.document.defaultView?.addEventListener("scroll", again, { signal, capture: true, passive: true });
    this.document.defaultView?.addEventListener("resize", again, { signal, passive: true });
  }

  private key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (!event.isTrusted) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
      return;
    }
    const deed = deedOf(event);
    const act = deed === null ? undefined : this.keyed.get(deed);
    if (act !== undefined) {
      event.preventDefault();
      if (this.isSeen()) act();
      return;
    }
    const buttons = this.buttons();
    const here = buttons.findIndex((one) => one.tabIndex === 0);
    const rightToLeft = this.words("@@bidi_dir") === "rtl";
    const next = buttons[stepTo(event.key, here, buttons.length, rightToLeft) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    for (const one of buttons) one.tabIndex = one === next ? 0 : -1;
    next.focus({ preventScroll: true });
  }

  private buttons(): HTMLButtonElement[] {
    return [...(this.bar?.querySelectorAll("button") ?? [])];
  }

  private fill(view: View): void {
    const bar = this.bar as HTMLElement;
    const focused = this.hasFocus ? this.buttons().findIndex((one) => one.tabIndex === 0) : 0;
    bar.className = "bar";
    bar.dir = this.words("@@bidi_dir") === "rtl" ? "rtl" : "ltr";
    bar.lang = this.words("@@ui_locale").replace("_", "-");
    bar.setAttribute("role", view.kind === "toast" ? "group" : "toolbar");
    bar.setAttribute("aria-label", this.labelOf(view));
    this.keyed.clear();
    bar.replaceChildren(...this.parts(view));
    for (const [index, one] of this.buttons().entries())
      one.tabIndex = index === Math.max(0, focused) ? 0 : -1;
    if (view.kind === "toast") this.say(view.text);
  }

  private labelOf(view: View): string {
    if (view.kind === "toast") return view.text;
    const label = this.words(view.kind === "selection" ? "toolbar_label" : "toolbar_existing_label");
    return view.shared ? `${label} (${this.words("toolbar_shared")})` : label;
  }

  private parts(view: View): HTMLElement[] {
    if (view.kind === "toast") {
      const text = this.document.createElement("span");
      text.className = "text";
      text.textContent = view.text;
      const undo = view.undo ? [this.deed("toolbar_undo", null, "undo", () => this.deeds.undo())] : [];
      return [text, ...undo, this.deed("toolbar_close", "close", null, () => this.close())];
    }
    const next =
      view.kind === "highlight" && view.others > 0
        ? [this.deed("toolbar_next", "next", "next", () => this.deeds.next())]
        : [];
    const look = () => this.deed("toolbar_look", "note", "note", () => this.deeds.note());
    const sign = view.shared ? [sharedSign(this.document, this.words("toolbar_shared"))] : [];
    if (view.kind === "highlight" && !view.mine) return [...sign, look(), ...next];
    const current = view.kind === "highlight" ? view.color : null;
    const verb = current === null ? "highlight" : "change";
    const colors = COLORS.map((color) => {
      const name = color === current ? `color_${color}` : `toolbar_${verb}_${color}`;
      const one = swatch(this.document, color, this.words(name), color === current);
      return this.armed(one, color, () => this.deeds.color(color));
    });
    const split = this.document.createElement("span");
    split.className = "split";
    const noted = view.kind === "highlight" && view.hasNote;
    const name = noted ? "toolbar_edit_note" : "toolbar_note";
    const note = this.deed(name, "note", "note", () => this.deeds.note());
    if (view.kind === "selection") return [...sign, ...colors, split, note];
    const remove = this.deed("toolbar_delete", "delete", "delete", () => this.deeds.remove());
    return [...sign, ...colors, split, note, remove, ...next];
  }

  private deed(name: string, icon: Icon | null, keyed: KeyedDeed | null, act: () => void): HTMLElement {
    return this.armed(button(this.document, this.words(name), icon), keyed, act);
  }

  private armed(element: HTMLButtonElement, keyed: KeyedDeed | null, act: () => void): HTMLElement {
    if (keyed !== null) {
      announceKeys(element, keyed);
      this.keyed.set(keyed, act);
    }
    element.addEventListener("click", (event) => {
      if (this.wasMeant(event)) act();
    });
    return element;
  }

  private isSeen(): boolean {
    return this.host !== null && isOnTop(this.host) && this.seen.isVisible !== false;
  }

  /** Whether a person did this, on a bar that had been there to see, uncovered, for a moment. */
  private wasMeant(event: MouseEvent): boolean {
    if (!event.isTrusted || !this.isSeen()) return false;
    // From the keyboard: the focus is in the closed root, where only our own code or the reader's Tab key puts it.
    if (event.detail === 0) return true;
    if (performance.now() < this.settled) return false;
    return this.document.elementFromPoint(event.clientX, event.clientY) === this.host;
  }

  /** Out: whether it jumped, so that a hand on its way may now hit something else. */
  private reposition(growing = false): boolean {
    const view = this.document.defaultView;
    if (this.host === null || this.bar === null || view === null) return false;
    const before = this.host.getBoundingClientRect();
    const root = this.document.documentElement;
    const width = Math.min(view.innerWidth, root.clientWidth || view.innerWidth);
    const touch = view.matchMedia("(pointer: coarse)").matches;
    const size = { width: this.bar.offsetWidth, height: this.bar.offsetHeight };
    const { x, y } = placed(this.place(), size, { width, height: view.innerHeight }, touch);
    // A bar that only gets more buttons keeps those that it has where they are, under the reader's hand.
    const near = Math.abs(before.left - x) < size.width / 2 && Math.abs(before.top - y) < size.height / 2;
    const left = growing && near ? Math.max(0, Math.min(before.left, width - size.width)) : x;
    this.placement?.replaceSync(placementRule(left, y));
    return !near;
  }
}
