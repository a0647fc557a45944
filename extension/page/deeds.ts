/** What the reader does on the page: selects, highlights, changes, deletes, takes back. */

import type { PageAsk } from "../messages.ts";
import type { Color } from "../model.ts";
import { pause } from "../slices.ts";
import type { Marks, Removed } from "./marks.ts";
import type { Painter } from "./paint.ts";
import type { Reading } from "./reading.ts";
import { type Box, endBox, lastBox, type Selected } from "./selection.ts";
import type { Toolbar, View, Words } from "./toolbar.ts";
import type { WatchedText } from "./watched-text.ts";

const TOAST_TIME = 8000;

interface Parts {
  readonly document: Document;
  readonly text: WatchedText;
  readonly marks: Marks;
  readonly painter: Painter;
  readonly ask: PageAsk;
  readonly words: Words;
  readonly signal: AbortSignal;
}

export class ReaderDeeds {
  readonly toolbar: Toolbar;
  private readonly parts: Parts;
  private selection: Selected | null = null;
  /** The highlights that the toolbar stands at; the first is the one it acts on. */
  private ids: readonly string[] = [];
  private deleted: Removed | null = null;
  private color: Color = "yellow";
  /** Whether others read the library that a highlight goes to, as the reader was shown it. */
  private shared = false;
  private drafts = 0;
  /** While a highlight is being saved, its deeds wait for its id. */
  private creating: Promise<string | null> | null = null;
  private toast: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: Parts, toolbar: (deeds: ReaderDeeds) => Toolbar) {
    this.parts = parts;
    this.toolbar = toolbar(this);
  }

  /** Opens the toolbar at the selection and reads the page meanwhile, so that a click need not wait for it. */
  select(selection: Selected): void {
    clearTimeout(this.toast);
    this.selection = selection;
    this.ids = [];
    this.deleted = null;
    const { shared } = this;
    this.toolbar.show({ kind: "selection", shared }, () => endBox(selection));
    this.prepare().catch(() => undefined);
  }

  /** Opens the toolbar at highlights that lie over each other, the innermost first. */
  point(ids: readonly string[]): void {
    const mark = this.parts.marks.get(ids[0] ?? "");
    if (mark === undefined) return;
    clearTimeout(this.toast);
    this.selection = null;
    this.deleted = null;
    this.ids = ids;
    this.showHighlight();
  }

  /** From a command or the context menu. Out: false where there is nothing to highlight. */
  async command(color: Color | null, note: boolean, selection: Selected | null): Promise<boolean> {
    const isAtHighlight = this.toolbar.isOpen && (this.ids.length > 0 || this.creating !== null);
    if (selection !== null && !isAtHighlight) {
      this.selection = selection;
      this.ids = [];
      const id = await this.create(color ?? this.color);
      if (note) await this.openNote(id);
      return id !== null;
    }
    if (!isAtHighlight) return false;
    if (note) this.note();
    else this.toolbar.focusInside();
    return true;
  }

  /** What was used last, here or on another page: for commands and notes that name no colour. */
  lastColor(color: Color): void {
    this.color = color;
  }

  /** An open toolbar that says otherwise goes away: what it offers is not what was looked at. A toast may stay. */
  sharing(shared: boolean): void {
    const offers = this.selection !== null || this.ids.length > 0;
    if (shared !== this.shared && offers) this.toolbar.close();
    this.shared = shared;
  }

  /** Says why nothing was done. `key` is one of `_locales`. */
  refuse(key: string): void {
    this.tell(key, false);
  }

  setColor(color: Color): void {
    const id = this.ids[0];
    if (id === undefined && this.creating === null) this.create(color).catch(() => undefined);
    else this.withId((known) => this.change(known, color));
  }

  note(): void {
    const id = this.ids[0];
    if (id !== undefined) this.try(this.parts.ask("note.open", { id }));
    else if (this.creating !== null) this.try(this.creating.then((made) => this.openNote(made)));
    else this.try(this.create(this.color).then((made) => this.openNote(made)));
  }

  /** Whether the toolbar already stands at this selection. */
  isAt({ start, end }: Selected): boolean {
    const here = this.toolbar.isOpen ? this.selection : null;
    if (here === null) return false;
    const same = here.start.node === start.node && here.end.node === end.node;
    return same && here.start.offset === start.offset && here.end.offset === end.offset;
  }

  /** The selection was dropped: a toolbar that offers to highlight it has nothing to offer. */
  selectionGone(): void {
    if (this.selection !== null && this.ids.length === 0 && this.creating === null) this.toolbar.close();
  }

  remove(): void {
    this.withId((id) => this.delete(id));
  }

  undo(): void {
    const removed = this.deleted;
    if (removed === null) return;
    this.deleted = null;
    this.try(
      this.parts.ask("highlight.restore", { id: removed.mark.id }).then(() => {
        this.parts.marks.restore(removed);
        this.tell("toolbar_restored", false);
      }),
    );
  }

  next(): void {
    const [first, ...rest] = this.ids;
    if (first === undefined) return;
    this.ids = [...rest, first];
    this.showHighlight();
  }

  /** The toolbar was closed: a page without highlights is no longer watched. */
  closed(): void {
    clearTimeout(this.toast);
    this.selection = null;
    this.ids = [];
    this.deleted = null;
    if (this.parts.marks.size === 0 && this.creating === null) this.parts.text.rest();
  }

  private async prepare(): Promise<void> {
    const reading = await this.parts.text.soon(this.parts.signal);
    await pause();
    if (this.toolbar.isOpen) await this.parts.text.settledPage(reading);
  }

  /** Paints at once, then saves. Out: the id, or null where the selection holds no text or could not be saved. */
  private create(color: Color): Promise<string | null> {
    this.creating ??= this.createOnce(color).finally(() => {
      this.creating = null;
    });
    return this.creating;
  }

  private async createOnce(color: Color): Promise<string | null> {
    const { text, marks, painter, ask, words, signal } = this.parts;
    const selection = this.selection;
    if (selection === null) return null;
    const reading = text.now();
    const target = reading.target(selection.start, selection.end);
    if (target === null) {
      this.tell("toolbar_impossible", false);
      return null;
    }
    this.color = color;
    // Whoever highlights wants to see it.
    painter.hide(false);
    const draft = `draft ${++this.drafts}`;
    painter.paint(draft, { color, state: "exact", ranges: reading.ranges(target) });
    const { shared } = this;
    const bar = { kind: "highlight", color, hasNote: false, mine: true, shared, others: 0 } as const;
    this.showBar(bar, reading, target);
    this.toolbar.say(words("toolbar_saving"));
    // The paint first: finding the article can take longer than a frame.
    await pause();
    try {
      const { painted } = await ask("highlight.create", {
        page: await text.settledPage(reading),
        target,
        color,
        shared,
      });
      if (signal.aborted) return painted.id;
      marks.put(painted, reading);
      if (this.selection === selection) this.ids = [painted.id];
      this.toolbar.say(words("toolbar_saved"));
      return painted.id;
    } catch (error) {
      this.fail(error);
      return null;
    } finally {
      painter.remove(draft);
    }
  }

  private async change(id: string, color: Color): Promise<void> {
    const { marks, ask, words } = this.parts;
    const before = marks.get(id);
    if (before === undefined) return;
    // The pressed colour pressed again takes the highlight away.
    if (before.color === color) return this.delete(id);
    this.color = color;
    marks.recolor(id, color);
    this.showHighlight();
    try {
      await ask("highlight.color", { id, color });
      this.toolbar.say(words("toolbar_saved"));
    } catch (error) {
      marks.recolor(id, before.color);
      this.fail(error);
    }
  }

  private async delete(id: string): Promise<void> {
    const { marks, ask } = this.parts;
    const removed = marks.remove(id);
    if (removed === null) return;
    try {
      await ask("highlight.delete", { id });
    } catch (error) {
      marks.restore(removed);
      this.fail(error);
      return;
    }
    this.tell("toolbar_deleted", true);
    this.deleted = removed;
  }

  private async openNote(id: string | null): Promise<void> {
    if (id !== null) await this.parts.ask("note.open", { id });
  }

  private withId(act: (id: string) => Promise<unknown>): void {
    const id = this.ids[0];
    if (id !== undefined) this.try(act(id));
    else if (this.creating !== null)
      this.try(this.creating.then((made) => (made === null ? null : act(made))));
  }

  private try(deed: Promise<unknown>): void {
    deed.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    this.tell((code !== "" && this.parts.words(code) !== "" && code) || "toolbar_failed", false);
  }

  private tell(key: string, undo: boolean): void {
    clearTimeout(this.toast);
    if (this.parts.signal.aborted) return;
    this.ids = [];
    this.selection = null;
    this.toolbar.show({ kind: "toast", text: this.parts.words(key), undo }, () => null);
    this.toast = setTimeout(() => this.toolbar.close(), TOAST_TIME);
  }

  private showHighlight(): void {
    const id = this.ids[0] ?? "";
    const mark = this.parts.marks.get(id);
    if (mark === undefined) return;
    const view: View = {
      kind: "highlight",
      color: mark.color,
      hasNote: mark.hasNote,
      mine: mark.mine,
      shared: this.shared,
      others: this.ids.length - 1,
    };
    this.toolbar.show(view, () => this.boxOf(this.parts.painter.stroke(id)?.ranges ?? []));
  }

  private showBar(view: View, reading: Reading, span: Parameters<Reading["ranges"]>[0]): void {
    const selection = this.selection;
    const ranges = reading.ranges(span);
    this.toolbar.show(view, () => (selection === null ? this.boxOf(ranges) : endBox(selection)));
  }

  private boxOf(ranges: readonly Range[]): Box | null {
    const document = ranges[0]?.startContainer.ownerDocument;
    return document ? lastBox(ranges, document) : null;
  }
}
