/**
 * Keeps what is being typed: every change is written at once, or as soon as the write before it is answered; a write
 * that fails is tried again until it succeeds. `saved` is reported only after the answer, so that it is true.
 *
 * Nothing waits for a pause in typing: what a closing window sends last never arrives (measured in Chromium).
 */

export type DraftState =
  | { readonly kind: "clean" }
  | { readonly kind: "saving" }
  | { readonly kind: "saved" }
  | { readonly kind: "failed"; readonly error: unknown };

const FIRST_RETRY = 500;
const LONGEST_RETRY = 5000;
/** Enough to know our own writes when they come back as news: nobody types twenty versions ahead of the answers. */
const REMEMBERED = 20;

/** Drafts of this page with something that was not answered yet, and who waits for them. */
const unwritten = new Set<Draft>();
const waiting = new Set<() => void>();

/** Resolves to true once all that was typed in this page is kept; to false when `limit` milliseconds were not enough. */
export function allWritten(limit: number): Promise<boolean> {
  for (const draft of unwritten) draft.flush();
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(false), limit);
    const look = () => unwritten.size === 0 && done(true);
    const done = (written: boolean) => {
      clearTimeout(timer);
      waiting.delete(look);
      resolve(written);
    };
    waiting.add(look);
    look();
  });
}

export class Draft {
  readonly #write: (text: string) => Promise<unknown>;
  readonly #report: (state: DraftState) => void;
  #text: string;
  #stored: string;
  #written: readonly string[] = [];
  #inFlight = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry = FIRST_RETRY;

  constructor(
    stored: string,
    write: (text: string) => Promise<unknown>,
    report: (state: DraftState) => void,
  ) {
    this.#stored = stored;
    this.#text = stored;
    this.#write = write;
    this.#report = report;
  }

  get text(): string {
    return this.#text;
  }

  input(text: string): void {
    this.#text = text;
    unwritten.add(this);
    this.#report({ kind: "saving" });
    // While another write is under way, or one waits to be tried again, this follows it.
    if (this.#inFlight === 0 && this.#timer === undefined) void this.#send();
  }

  /** Writes now what is not written, even beside a write that is still under way: the page may be gone in a moment. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const underWay = this.#inFlight > 0 && this.#written.at(-1) === this.#text;
    if (this.#text !== this.#stored && !underWay) void this.#send();
  }

  /** News from elsewhere. True when it was taken; false while something is being typed, or when it is our own echo. */
  accept(stored: string): boolean {
    const dirty = this.#text !== this.#stored || this.#inFlight > 0;
    if (dirty || stored === this.#text || this.#written.includes(stored)) return false;
    this.#stored = stored;
    this.#text = stored;
    return true;
  }

  #later(wait: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#inFlight === 0) void this.#send();
    }, wait);
  }

  async #send(): Promise<void> {
    const text = this.#text;
    this.#written = [...this.#written, text].slice(-REMEMBERED);
    this.#inFlight += 1;
    try {
      await this.#write(text);
      this.#stored = text;
      this.#retry = FIRST_RETRY;
      this.#inFlight -= 1;
      this.#answered();
    } catch (error) {
      this.#written = this.#written.filter((other) => other !== text);
      this.#inFlight -= 1;
      this.#report({ kind: "failed", error });
      this.#later(this.#retry);
      this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY);
    }
  }

  #answered(): void {
    if (this.#inFlight > 0) return;
    if (this.#text !== this.#stored) {
      void this.#send();
      return;
    }
    unwritten.delete(this);
    this.#report({ kind: "saved" });
    for (const look of waiting) look();
  }
}
