/** The highlights of a page: where they stand, painted, and looked for again when the page changes under them. */

import type { Color, Painted } from "../model.ts";
import type { PageAsk } from "./page-life.ts";
import type { Painter } from "./paint.ts";
import type { Reading } from "./reading.ts";
import type { WatchedText } from "./watched-text.ts";

/** Changes come in bursts: the page is looked over once in so many milliseconds. */
const BURST = 300;
/** What was not found is looked for again after so many milliseconds, twice as long after every vain attempt. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

export class Marks {
  private readonly document: Document;
  private readonly text: WatchedText;
  private readonly painter: Painter;
  private readonly ask: PageAsk;
  private readonly signal: AbortSignal;
  private known = new Map<string, Painted>();
  /** The reading that the known positions count in. */
  private base: Reading | null = null;
  private looking: Promise<void> | null = null;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry = FIRST_RETRY;
  private notBefore = 0;

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

  /** Reads the page and asks where its annotations stand. One look at a time; a wish during one is granted after it. */
  async look(): Promise<void> {
    if (this.looking !== null) {
      this.again = true;
      return this.looking;
    }
    this.looking = this.lookOnce().finally(() => {
      this.looking = null;
    });
    await this.looking;
    if (this.again && !this.signal.aborted) {
      this.again = false;
      await this.look();
    }
  }

  private async lookOnce(): Promise<void> {
    const reading = await this.text.soon(this.signal);
    const guess = this.text.page(reading);
    const { painted } = await this.ask("page.read", guess);
    this.signal.throwIfAborted();
    this.take(painted, reading);
    if (!guess.settled) idle(() => this.settle());
    // What changed while the background looked is missing from the paint: it is looked for as any later change is.
    if (!this.text.isCurrent(reading)) this.changed();
  }

  /** When the page has nothing better to do: the same text again, with a considered answer to what belongs to the article. */
  private async settle(): Promise<void> {
    const reading = await this.text.soon(this.signal);
    const page = await this.text.settledPage(reading);
    const { painted } = await this.ask("page.read", { page, settled: true });
    if (this.looking === null && !this.signal.aborted) this.take(painted, reading);
  }

  /** The whole list, from the background; positions count in the last text that it was sent. */
  async replace(painted: readonly Painted[]): Promise<void> {
    const base = this.base;
    if (base === null || !this.text.isCurrent(base)) await this.look();
    else this.take(painted, base);
  }

  /** One highlight, made or restored just now; its positions count in `reading`, the text that the background was last sent. */
  put(mark: Painted, reading: Reading | null = this.base): void {
    this.known.set(mark.id, mark);
    this.base = reading;
    if (reading === null || !this.paint(mark, reading)) this.changed();
  }

  recolor(id: string, color: Color): void {
    const mark = this.known.get(id);
    if (mark === undefined) return;
    this.known.set(id, { ...mark, color });
    const stroke = this.painter.stroke(id);
    if (stroke !== undefined) this.painter.paint(id, { ...stroke, color });
  }

  remove(id: string): void {
    this.known.delete(id);
    this.painter.remove(id);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.known = new Map();
    this.base = null;
    this.retry = FIRST_RETRY;
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
      const missing = [...this.known.keys()].some((id) => !this.painter.has(id));
      if (!missing || this.document.hidden) return;
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
    return [...this.known.keys()].filter((id) => this.painter.has(id)).length;
  }

  private take(painted: readonly Painted[], reading: Reading): void {
    this.base = reading;
    this.known = new Map(painted.map((mark) => [mark.id, mark]));
    this.painter.keep(new Set(this.known.keys()));
    for (const mark of painted) this.paint(mark, reading);
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

function idle(deed: () => Promise<void>): void {
  requestIdleCallback(() => deed().catch(() => undefined), { timeout: 3000 });
}
