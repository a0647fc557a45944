/**
 * Keeps what is being typed: every change is written within `wait` milliseconds, and a write that fails is tried
 * again until it succeeds. `saved` is reported only after the answer, so that it is true.
 */

export type DraftState =
  | { readonly kind: "clean" }
  | { readonly kind: "saving" }
  | { readonly kind: "saved" }
  | { readonly kind: "failed"; readonly error: unknown };

const WAIT = 250;
const FIRST_RETRY = 500;
const LONGEST_RETRY = 5000;
/** Enough to know our own writes when they come back as news: nobody types twenty versions ahead of the answers. */
const REMEMBERED = 20;

export class Draft {
  readonly #write: (text: string) => Promise<unknown>;
  readonly #report: (state: DraftState) => void;
  readonly #wait: number;
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
    wait = WAIT,
  ) {
    this.#stored = stored;
    this.#text = stored;
    this.#write = write;
    this.#report = report;
    this.#wait = wait;
  }

  get text(): string {
    return this.#text;
  }

  input(text: string): void {
    this.#text = text;
    this.#report({ kind: "saving" });
    this.#later(this.#wait);
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
      // One at a time; what was typed meanwhile follows when the answer is there.
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
    if (this.#text === this.#stored) this.#report({ kind: "saved" });
    else this.#later(0);
  }
}
