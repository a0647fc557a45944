/** The highlights of a page: where they stand, painted, and looked for again when the page changes under them. */

import type { PageAsk } from "../messages.ts";
import type { Color, PageQuote, Painted } from "../model.ts";
import { pause } from "../slices.ts";
import { firstLook } from "./first-look.ts";
import type { Painter, Stroke } from "./paint.ts";
import type { Reading } from "./reading.ts";
import type { WatchedText } from "./watched-text.ts";

/** Changes come in bursts: the page is looked over once in so many milliseconds. */
const BURST = 300;
/** What was not found is looked for again after so many milliseconds, twice as long after every vain attempt. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;
/** Milliseconds without a change, before what was not found is reported as gone: text can arrive late. */
const QUIET = 4000;

/** A highlight that was taken off the page. */
export interface Removed {
  readonly mark: Painted;
  readonly stroke: Stroke | undefined;
}

export class Marks {
  private readonly document: Document;
  private readonly text: WatchedText;
  private readonly painter: Painter;
  private readonly ask: PageAsk;
  private readonly signal: AbortSignal;
  private known = new Map<string, Painted>();
  private looking: Promise<void> | null = null;
  private again = false;
  private looks = 0;
  /** What the look that is being answered has read. */
  private awaited: { readonly look: number; readonly reading: Reading } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private retry = FIRST_RETRY;
  /** The address under which the page was once seen whole. */
  private seenWhole = "";
  private notBefore = 0;
  /** Counts how often everything was taken off the page. */
  private cleared = 0;

  constructor(document: Document, text: WatchedText, painter: Painter, ask: PageAsk, signal: AbortSignal) {
    this.document = document;
    this.text = text;
    this.painter = painter;
    this.ask = ask;
    this.signal = signal;
  }

  get(id: string): Painted | undefined {
    return this.known.get(id);
  }

  get size(): number {
    return this.known.size;
  }

  /**
   * Paints what stands on the page once, word for word, until the look that follows says where everything stands: on
   * a long page that takes a while, and on nearly every visit it finds the same.
   */
  async firstLook(quotes: readonly PageQuote[]): Promise<void> {
    const sought = quotes.filter(({ id }) => !this.painter.has(id));
    if (sought.length === 0) return;
    const hasLeft = this.leaving();
    const found = await firstLook(this.document, sought, this.signal);
    if (hasLeft()) return;
    for (const { id, color } of sought) {
      const range = found.get(id);
      if (range !== undefined) this.painter.paint(id, { color, state: "exact", ranges: [range] });
    }
    // So that it is seen before the reading begins.
    if (found.size > 0) await pause();
  }

  /** Reads the page and asks where its annotations stand. One look at a time; a wish during one is granted after it. */
  async look(): Promise<void> {
    if (this.looking !== null) {
      this.again = true;
      return this.looking;
    }
    this.looking = this.lookOnce().finally(() => {
      this.looking = null;
    });
    const failure = await this.looking.then(
      () => null,
      (error: unknown) => ({ error }),
    );
    if (this.again && !this.signal.aborted) {
      this.again = false;
      await this.look();
    } else if (failure !== null) {
      // What only the first look has found nobody stands for.
      this.painter.keep(new Set(this.known.keys()));
      throw failure.error;
    }
  }

  /** Tells, later on, whether the page has another address by then, or had everything taken off: an answer comes too late. */
  private leaving(): () => boolean {
    const { cleared } = this;
    const { href } = this.document.location;
    return () => this.cleared !== cleared || this.document.location.href !== href || this.signal.aborted;
  }

  private async lookOnce(): Promise<void> {
    const hasLeft = this.leaving();
    const reading = await this.text.soon(this.signal);
    // Each of these takes 20 ms on a page of 2 MB: none waits for the other without letting the page breathe.
    await pause();
    if (hasLeft()) return;
    const guess = this.text.page(reading);
    await pause();
    this.seenWhole = this.seenWhole === guess.page.facts.url ? this.seenWhole : "";
    const settled = guess.settled && this.seenWhole !== "";
    const look = ++this.looks;
    this.awaited = { look, reading };
    const { painted } = await this.ask("page.read", { ...guess, settled, look }).finally(() => {
      this.awaited = null;
    });
    if (hasLeft()) return;
    this.take(painted, reading);
    if (!settled) this.settleLater();
  }

  /** Paints what the look that is under way has found so far; its answer has the last word. */
  early(look: number, painted: readonly Painted[]): void {
    if (this.awaited?.look !== look) return;
    for (const mark of painted) if (mark.start !== null) this.paint(mark, this.awaited.reading);
  }

  /** What is kept and sent of this page is what stands there once all is found, or nothing has changed for a while. */
  private settleLater(): void {
    clearTimeout(this.settling);
    const hasLeft = this.leaving();
    const settle = () => idle(async () => hasLeft() || this.settle());
    if (this.doubtful().length === 0) settle();
    else this.settling = setTimeout(settle, QUIET);
  }

  /** When the page has nothing better to do: the same text again, with a considered answer to what belongs to the article. */
  private async settle(): Promise<void> {
    const hasLeft = this.leaving();
    const reading = await this.text.soon(this.signal);
    if (hasLeft()) return;
    const page = await this.text.settledPage(reading);
    await pause();
    if (hasLeft()) return;
    this.seenWhole = page.facts.url;
    const { painted } = await this.ask("page.read", { page, settled: true });
    if (this.looking === null && !hasLeft()) this.take(painted, reading);
  }

  /**
   * The whole list, from the background. It may count in an older text of this page than the one before us, so what is
   * painted stays where it is; only for what is not, the page is looked at again.
   */
  async replace(painted: readonly Painted[]): Promise<void> {
    const lost = new Set(this.painter.lost());
    const inPlace = ({ id, start }: Painted) => (start === null) === !this.painter.has(id) && !lost.has(id);
    if (!painted.every((mark) => this.known.has(mark.id) && inPlace(mark))) return this.look();
    const ids = new Set(painted.map(({ id }) => id));
    for (const id of [...this.known.keys()]) if (!ids.has(id)) this.remove(id);
    for (const mark of painted) {
      this.known.set(mark.id, mark);
      const stroke = this.painter.stroke(mark.id);
      const changed = stroke !== undefined && (stroke.color !== mark.color || stroke.state !== mark.state);
      if (changed) this.painter.paint(mark.id, { ...stroke, color: mark.color, state: mark.state });
    }
  }

  /** A highlight that was made just now, on `reading`. */
  put(mark: Painted, reading: Reading): void {
    this.known.set(mark.id, mark);
    if (!this.paint(mark, reading)) this.changed();
  }

  /** Takes a highlight off the page. Out: what is needed to bring it back. */
  remove(id: string): Removed | null {
    const mark = this.known.get(id);
    const stroke = this.painter.stroke(id);
    this.known.delete(id);
    this.painter.remove(id);
    return mark === undefined ? null : { mark, stroke };
  }

  restore({ mark, stroke }: Removed): void {
    this.known.set(mark.id, mark);
    if (stroke !== undefined) this.painter.paint(mark.id, stroke);
    if (this.painter.lost().includes(mark.id)) this.painter.remove(mark.id);
    if (!this.painter.has(mark.id)) this.changed();
  }

  recolor(id: string, color: Color): void {
    const mark = this.known.get(id);
    if (mark === undefined) return;
    this.known.set(id, { ...mark, color });
    const stroke = this.painter.stroke(id);
    if (stroke !== undefined) this.painter.paint(id, { ...stroke, color });
  }

  clear(): void {
    clearTimeout(this.timer);
    clearTimeout(this.settling);
    this.timer = undefined;
    this.seenWhole = "";
    this.known = new Map();
    this.retry = FIRST_RETRY;
    this.notBefore = 0;
    this.cleared++;
    this.awaited = null;
    this.painter.clear();
  }

  /** The page has changed. Costs next to nothing: the work is done later, once for a burst, and only where something is lost. */
  changed(): void {
    if (this.timer !== undefined || this.known.size === 0 || this.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.mend().catch(() => undefined);
    }, BURST);
  }

  private async mend(): Promise<void> {
    if (this.painter.lost().length === 0) {
      // Not only what is missing: a part of a page can hold a copy of what stands better in the part that comes later.
      if (this.doubtful().length === 0 || this.document.hidden) return;
      if (performance.now() < this.notBefore) {
        this.wait();
        return;
      }
    }
    const before = this.found();
    await this.look();
    // A page that changes all the time, and has lost a highlight for good, is asked ever more seldom.
    this.retry = this.found() > before ? FIRST_RETRY : Math.min(LAST_RETRY, this.retry * 2);
    this.notBefore = performance.now() + this.retry;
  }

  private wait(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.mend().catch(() => undefined);
      },
      Math.max(BURST, this.notBefore - performance.now()),
    );
  }

  private found(): number {
    return this.known.size - this.doubtful().length;
  }

  /** Those that are not painted, or not in their place word for word: more of the page may tell better. */
  private doubtful(): Painted[] {
    return [...this.known.values()].filter(({ id, state }) => state !== "exact" || !this.painter.has(id));
  }

  private take(painted: readonly Painted[], reading: Reading): void {
    this.known = new Map(painted.map((mark) => [mark.id, mark]));
    this.painter.keep(new Set(this.known.keys()));
    for (const mark of painted) this.paint(mark, reading);
    // What changed while the background looked is missing from the paint: it is looked for as any later change is.
    if (!this.text.isCurrent(reading)) this.changed();
  }

  /** Out: false where it should stand on the page and the page has changed there since it was read. */
  private paint({ id, color, state, start, end }: Painted, reading: Reading): boolean {
    if (start === null || end === null) {
      this.painter.remove(id);
      return true;
    }
    const ranges = reading.ranges({ start, end });
    this.painter.paint(id, { color, state, ranges });
    return ranges.length > 0;
  }
}

function idle(deed: () => Promise<unknown>): void {
  requestIdleCallback(() => deed().catch(() => undefined), { timeout: 3000 });
}
