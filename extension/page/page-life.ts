/**
 * One page's life with the extension: asks whether the page is known, paints it, follows its address, opens the toolbar.
 * Everything ends with one AbortSignal. On a page without annotations there are listeners, an eye on the `<head>`, and
 * nothing else.
 */

import type { PageAsk, PaintedPage } from "../messages.ts";
import type { Color, DraftTarget, PageText, Painted } from "../model.ts";
import { ReaderDeeds } from "./deeds.ts";
import { Marks } from "./marks.ts";
import { Painter } from "./paint.ts";
import { isSame, type Said, said, watchHead } from "./said.ts";
import { rootsOf, type Selected, selected } from "./selection.ts";
import { Toolbar, type Words } from "./toolbar.ts";
import { WatchedText } from "./watched-text.ts";

/** After a finger lifts, the system may still move the ends of the selection. Milliseconds. */
const TOUCH_REST = 350;
/** Farther than this between press and release is a drag. CSS pixels. */
const DRAG = 4;

export class PageLife {
  private readonly document: Document;
  private readonly ask: PageAsk;
  private readonly signal: AbortSignal;
  private readonly painter = new Painter();
  private readonly text: WatchedText;
  private readonly marks: Marks;
  private readonly deeds: ReaderDeeds;
  private readonly heard = new WeakSet<Document>();
  private address = "";
  private isKnown = false;
  /** What the page said of itself under this address when its annotations were asked for, the latest last. */
  private said: readonly Said[] = [];
  private visiting: Promise<void> = Promise.resolve();
  private toolbarWanted = false;
  private readOnly = false;
  /** How often the reader has hidden or shown them: an answer that was asked for before knows nothing of it. */
  private timesHidden = 0;
  /** A hand was quicker than this script, or than the background: its selection is offered when the answer comes. */
  private selectedEarly = false;
  private shadows: ShadowRoot[] = [];
  private pressedAt: readonly [number, number] = [0, 0];
  private touched: ReturnType<typeof setTimeout> | undefined;

  constructor(document: Document, ask: PageAsk, words: Words, signal: AbortSignal) {
    this.document = document;
    this.ask = ask;
    this.signal = signal;
    const isOwn = (node: Node): boolean => this.deeds.toolbar.isHost(node);
    this.text = new WatchedText(
      document,
      isOwn,
      () => this.pageChanged(),
      () => ask("page.article", {}).catch(() => undefined),
    );
    this.marks = new Marks(document, this.text, this.painter, ask, signal);
    const parts = { document, text: this.text, marks: this.marks, painter: this.painter, ask, words, signal };
    this.deeds = new ReaderDeeds(
      parts,
      (deeds) =>
        new Toolbar(document, words, {
          color: (color) => deeds.setColor(color),
          note: () => deeds.note(),
          remove: () => deeds.remove(),
          undo: () => deeds.undo(),
          next: () => deeds.next(),
          closed: () => deeds.closed(),
        }),
    );
  }

  async start(): Promise<void> {
    this.listen(this.document);
    const view = this.document.defaultView;
    const { signal } = this;
    const moved = () => this.followAddress();
    view?.addEventListener("popstate", moved, { signal });
    view?.addEventListener("hashchange", moved, { signal });
    view?.addEventListener("pageshow", (event) => event.persisted && this.quietly(this.visit()), { signal });
    view?.navigation?.addEventListener("navigatesuccess", moved, { signal });
    watchHead(this.document, () => this.headChanged(), signal);
    // A click into a frame takes the focus from this window: the moment to listen there, however late the frame came.
    view?.addEventListener("blur", () => this.listenInFrames(), { signal });
    signal.addEventListener("abort", () => this.leave());
    // Without a hand, a selection is the page's own doing: it would learn from our answer that we are here.
    this.selectedEarly = view?.navigator.userActivation?.hasBeenActive === true;
    await this.visit();
  }

  /** Asks anew: at the start, after a change of address, and when the background says so. */
  visit(): Promise<void> {
    this.visiting = this.visitNow();
    return this.visiting;
  }

  private async visitNow(): Promise<void> {
    const url = this.document.location.href;
    const now = said(this.document);
    const before = this.address === url ? this.said : [];
    this.said = [...before.filter((one) => !isSame(one, now)), now];
    this.address = url;
    const { canonical } = now;
    const { timesHidden } = this;
    const visit = await this.ask("page.visit", { url, canonical });
    const { known, toolbar, color, hidden, quotes } = visit;
    if (this.address !== url || this.said.at(-1) !== now || this.signal.aborted) return;
    this.isKnown = known;
    this.toolbarWanted = toolbar;
    this.readOnly = visit.readOnly;
    this.deeds.lastColor(color);
    this.deeds.sharing(visit.shared);
    if (this.timesHidden === timesHidden) this.painter.hide(hidden);
    if (toolbar && this.selectedEarly) this.offer();
    this.selectedEarly = false;
    if (known) {
      await this.marks.firstLook(quotes);
      await this.marks.look();
      this.listenInFrames();
    } else {
      this.marks.clear();
      if (!this.deeds.toolbar.isOpen) this.text.rest();
    }
  }

  /** `page` null: they are to be asked for. */
  async repaint(page: PaintedPage | null): Promise<void> {
    if (page === null) await this.visit();
    // Under another address by now, this page asks for its own.
    else if (page.url === this.document.location.href) await this.marks.replace(page.painted);
  }

  /** What a look has found so far. */
  early(look: number, painted: readonly Painted[]): void {
    this.marks.early(look, painted);
  }

  show(id: string): boolean {
    return this.painter.show(id);
  }

  /** Takes the paint off the page or puts it back. The highlights stay, and are followed. */
  hide(hidden: boolean): void {
    this.timesHidden++;
    this.painter.hide(hidden);
  }

  /** Out: false where nothing is selected. May be asked while the page has only just been entered. */
  async highlight(color: Color | null, note: boolean): Promise<boolean> {
    await this.visiting;
    if (this.readOnly) this.deeds.refuse("trouble_read_only");
    return this.toolbarWanted && this.deeds.command(color, note, this.selection());
  }

  /** What is selected, and the page's text that it counts in; null where no text is selected. */
  async selectedText(): Promise<{ page: PageText; target: DraftTarget } | null> {
    const selection = this.selection();
    if (selection === null) return null;
    const reading = this.text.now();
    const target = reading.target(selection.start, selection.end);
    return target === null ? null : { page: await this.text.settledPage(reading), target };
  }

  /** The page's text as it is now. */
  wholeText(): Promise<PageText> {
    return this.text.settledPage(this.text.now());
  }

  /** Takes everything of ours off the page; `visit` brings it back. */
  leave(): void {
    this.toolbarWanted = false;
    this.deeds.toolbar.close();
    this.marks.clear();
    this.text.rest();
  }

  private pageChanged(): void {
    this.followAddress();
    this.marks.changed();
  }

  /** A page that is an application changes its address without loading anew. */
  private followAddress(): void {
    if (this.document.location.href !== this.address && !this.signal.aborted) this.quietly(this.visit());
  }

  /** Annotations may be those of its canonical address, and then only where the title agrees. Nothing is asked twice. */
  private headChanged(): void {
    this.followAddress();
    const now = said(this.document);
    if (this.said.some((one) => isSame(one, now))) return;
    const titleMatters = this.isKnown && this.marks.size === 0;
    if (now.canonical !== this.said.at(-1)?.canonical || titleMatters) this.quietly(this.visit());
  }

  private listen(document: Document): void {
    if (this.heard.has(document)) return;
    this.heard.add(document);
    const { signal } = this;
    const options = { signal, capture: true, passive: true };
    document.addEventListener("pointerup", (event) => this.released(event), options);
    document.addEventListener("keyup", (event) => this.keyReleased(event), options);
    document.addEventListener("keydown", (event) => this.escaped(event), options);
    document.addEventListener("pointerdown", (event) => this.pressed(event), options);
    document.addEventListener("selectionchange", () => this.selectionChanged(), options);
    // Not in the capture phase: a page that makes use of the click itself has the say.
    document.addEventListener("click", (event) => this.clicked(event), { signal, passive: true });
  }

  private listenInFrames(): void {
    for (const frame of this.document.querySelectorAll("iframe, frame")) {
      const inside = frameDocument(frame);
      if (inside !== null) this.listen(inside);
    }
  }

  private released(event: PointerEvent): void {
    if (!event.isTrusted || this.isOnToolbar(event)) return;
    this.shadows = rootsOf(event);
    if (!this.toolbarWanted) {
      this.selectedEarly = true;
      return;
    }
    const rest = event.pointerType === "touch" ? TOUCH_REST : 0;
    clearTimeout(this.touched);
    this.touched = setTimeout(() => this.offer(), rest);
  }

  /** A selection made with Shift and the arrows, or Ctrl+A. */
  private keyReleased(event: KeyboardEvent): void {
    if (!event.isTrusted || this.isOnToolbar(event)) return;
    const selects = /^(?:Arrow|Home|End|Page)/.test(event.key)
      ? event.shiftKey
      : event.key === "Shift" || event.key === "a";
    if (selects && this.toolbarWanted) this.offer();
    else if (selects) this.selectedEarly = true;
  }

  private pressed(event: PointerEvent): void {
    this.pressedAt = [event.clientX, event.clientY];
    if (event.isTrusted && !this.isOnToolbar(event)) this.deeds.toolbar.close();
  }

  private escaped(event: KeyboardEvent): void {
    if (event.isTrusted && event.key === "Escape" && !this.isOnToolbar(event)) this.deeds.toolbar.close();
  }

  /** The handles of a touch screen move a selection without any pointer event. */
  private selectionChanged(): void {
    if (!this.toolbarWanted || !this.deeds.toolbar.isOpen || this.deeds.toolbar.hasFocus) return;
    if (this.selection() === null) this.deeds.selectionGone();
  }

  private offer(): void {
    if (this.signal.aborted) return;
    this.followAddress();
    const selection = this.selection();
    if (selection === null || !holdsText(selection)) return;
    if (!this.deeds.isAt(selection)) this.deeds.select(selection);
  }

  private clicked(event: MouseEvent): void {
    if (!event.isTrusted || event.button !== 0 || this.marks.size === 0 || event.defaultPrevented) return;
    if (this.isOnToolbar(event) || this.selects(event) || isOnControl(event)) return;
    const document = event.view?.document ?? this.document;
    const ids = this.painter
      .at(document, event.clientX, event.clientY)
      .filter((id) => this.marks.get(id) !== undefined);
    if (ids.length > 0) this.deeds.point(ids);
  }

  /** A drag or a double click. The selection itself does not tell: one that this click drops may still be there. */
  private selects(event: MouseEvent): boolean {
    const [x, y] = this.pressedAt;
    return event.detail > 1 || Math.hypot(event.clientX - x, event.clientY - y) > DRAG;
  }

  private selection(): Selected | null {
    const active = frameDocument(this.document.activeElement);
    return (active && selected(active, this.shadows)) ?? selected(this.document, this.shadows);
  }

  private isOnToolbar(event: Event): boolean {
    return event.target instanceof Node && this.deeds.toolbar.isHost(event.target);
  }

  /** What fails here has no one to tell: the page was left, or the extension is gone. */
  private quietly(deed: Promise<unknown>): void {
    deed.catch(() => undefined);
  }
}

function holdsText({ range, document }: Selected): boolean {
  if (range.startContainer !== range.endContainer)
    return (document.getSelection()?.toString() ?? "").trim() !== "" || isStatic(range);
  const { data } = range.startContainer as Partial<Text>;
  return data === undefined || data.slice(range.startOffset, range.endOffset).trim() !== "";
}

function isStatic(range: AbstractRange): boolean {
  return !("cloneRange" in range);
}

function isOnControl(event: MouseEvent): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof Element &&
    target.closest("a[href], button, input, textarea, select, summary, label") !== null
  );
}

function frameDocument(element: Element | null): Document | null {
  return element !== null && /^i?frame$/.test(element.localName)
    ? (element as HTMLIFrameElement).contentDocument
    : null;
}
