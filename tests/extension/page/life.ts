/** A page's life on the test's own document, with a background that keeps its annotations in memory. */

import { userEvent } from "vitest/browser";
import type { FromPage, PageAsk } from "../../../extension/messages.ts";
import type { Color, PageQuote, PageText, Painted } from "../../../extension/model.ts";
import { PageLife } from "../../../extension/page/page-life.ts";
import messages from "../../../extension/public/_locales/en/messages.json";

interface Kept {
  readonly id: string;
  quote: string;
  readonly url: string;
  color: Color;
  deleted: boolean;
}

type Asked = {
  [Name in keyof FromPage]: { readonly name: Name; readonly ask: FromPage[Name]["ask"] };
}[keyof FromPage];

export class Background {
  readonly kept: Kept[] = [];
  readonly asked: Asked[] = [];
  toolbar = true;
  shared = false;
  readOnly = false;
  /** Whether all that is kept is the reader's own. */
  mine = true;
  lastColor: Color = "yellow";
  hidden = false;
  /** Of what stands somewhere on the page. */
  state: Painted["state"] = "exact";
  refusing = false;
  /** If set, annotations are known by this canonical address, and told to a page of this title. */
  canonical = "";
  title = "";
  /** What the page is looked through for before its text was read. */
  quotes: PageQuote[] = [];
  private readonly held = new Map<keyof FromPage, Promise<void>>();
  private readonly answers: {
    [Name in keyof FromPage]: (ask: FromPage[Name]["ask"]) => FromPage[Name]["answer"];
  } = {
    "page.visit": ({ url, canonical }) => ({
      known: this.alive(url).length > 0 && (this.canonical === "" || this.canonical === canonical),
      toolbar: this.toolbar,
      shared: this.shared,
      readOnly: this.readOnly,
      color: this.lastColor,
      hidden: this.hidden,
      quotes: this.quotes,
    }),
    "page.read": ({ page }) => {
      const { url, title } = page.facts;
      const shown = this.title === "" || this.title === title ? this.alive(url) : [];
      return { painted: shown.map((one) => this.placed(one, page)) };
    },
    "page.article": () => ({ ready: false }),
    "highlight.create": ({ page, target, color }) => {
      const one = this.keep(target.quote.exact, color, page.facts.url);
      return { painted: { ...place(one, page), start: target.start, end: target.end } };
    },
    "highlight.color": ({ id, color }) => {
      this.find(id).color = color;
      return { painted: unplaced(this.find(id)) };
    },
    "highlight.delete": ({ id }) => {
      this.find(id).deleted = true;
      return { deleted: true };
    },
    "highlight.restore": ({ id }) => {
      this.find(id).deleted = false;
      const page = this.asked.flatMap(({ ask: told }) => ("page" in told ? [told.page] : [])).at(-1);
      if (page === undefined) throw new Error("no page was read");
      return { painted: place(this.find(id), page) };
    },
    "note.open": () => ({ opened: "window" }),
  };

  /** What is asked by this name waits until it is let go: a background may have to be started first, or be slow. */
  holdBack(name: keyof FromPage): { answer: () => void; refuse: () => void } {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.held.set(name, promise);
    promise.catch(() => undefined);
    const letGo = (done: () => void) => () => {
      this.held.delete(name);
      done();
    };
    return { answer: letGo(resolve), refuse: letGo(() => reject(new Error("refused"))) };
  }

  readonly ask: PageAsk = async (name, ask) => {
    this.asked.push({ name, ask } as Asked);
    await rest(2);
    await this.held.get(name);
    if (this.refusing) throw Object.assign(new Error("refused"), { code: "trouble_none" });
    return this.answers[name](ask);
  };

  keep(quote: string, color: Color = "yellow", url = location.href): Kept {
    const one: Kept = { id: `id-${this.kept.length}`, quote, color, url, deleted: false };
    this.kept.push(one);
    return one;
  }

  private placed(one: Kept, page: PageText): Painted {
    const found = place(one, page);
    return found.start === null ? found : { ...found, mine: this.mine, state: this.state };
  }

  /** Until it is asked this once more. */
  async isAsked(name: keyof FromPage): Promise<void> {
    const before = this.count(name);
    while (this.count(name) === before) await rest(5);
  }

  /** The paragraphs that were told under an address. */
  textsRead(url: string): string[] {
    const { href } = new URL(url, location.href);
    return this.asked.flatMap((one) =>
      one.name === "page.read" && one.ask.page.facts.url === href
        ? one.ask.page.paragraphs.map(({ text }) => text)
        : [],
    );
  }

  count(name: keyof FromPage): number {
    return this.asked.filter((one) => one.name === name).length;
  }

  private alive(url: string): Kept[] {
    return this.kept.filter((one) => one.url === url && !one.deleted);
  }

  private find(id: string): Kept {
    const found = this.kept.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no ${id}`);
    return found;
  }
}

function unplaced({ id, color }: Kept): Painted {
  return { id, color, hasNote: false, mine: true, state: "orphaned", start: null, end: null };
}

/** Where the quote stands word for word in one paragraph. */
function place(one: Kept, { paragraphs }: PageText): Painted {
  const paragraph = paragraphs.findIndex(({ text }) => text.includes(one.quote));
  if (paragraph < 0) return unplaced(one);
  const offset = paragraphs[paragraph]?.text.indexOf(one.quote) ?? 0;
  const [start, end] = [
    { paragraph, offset },
    { paragraph, offset: offset + one.quote.length },
  ];
  return { id: one.id, color: one.color, hasNote: false, mine: true, state: "exact", start, end };
}

let current: AbortController | null = null;

/** Shows `html` in the test's body and lets a page's life begin on it; `before` is what happened before that. */
export async function live(html: string, background: Background, before = () => {}): Promise<PageLife> {
  end();
  document.body.innerHTML = html;
  before();
  current = new AbortController();
  const words = (key: string) =>
    (messages as Record<string, { message: string } | undefined>)[key]?.message ?? "";
  const life = new PageLife(document, background.ask, words, current.signal);
  await life.start();
  return life;
}

export function end(): void {
  current?.abort();
  current = null;
  document.getSelection()?.removeAllRanges();
  document.body.replaceChildren();
}

/** What is painted, by colour. */
export function painted(): Record<string, string[]> {
  const colors = [...CSS.highlights].filter(([name, layer]) => name !== "annotator-flash" && layer.size > 0);
  return Object.fromEntries(
    colors.map(([name, layer]) => [name.slice("annotator-".length), [...layer].map(String)]),
  );
}

export function host(): HTMLElement | null {
  const last = document.documentElement.lastElementChild;
  return last === document.body ? null : (last as HTMLElement | null);
}

/** Longer than the toolbar waits before it takes a click. */
export function settled(): Promise<void> {
  return rest(350);
}

export function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export const BUTTONS = { yellow: 0, green: 1, blue: 2, pink: 3, purple: 4, orange: 5 } as const;
const PADDING = 5;
const STEP = 34;
const SPLIT = 11;

/** Presses a button of the toolbar where a hand would: the root is closed, so by its place. */
export async function press(what: keyof typeof BUTTONS | "note" | "delete" | "undo"): Promise<void> {
  const element = host();
  if (element === null) throw new Error("no toolbar is open");
  const y = element.offsetHeight / 2;
  if (what === "undo") return userEvent.click(element, { position: { x: element.offsetWidth - 60, y } });
  const at = what === "note" ? 6 : what === "delete" ? 7 : BUTTONS[what];
  const x = PADDING + STEP * at + STEP / 2 + (at > 5 ? SPLIT : 0);
  return userEvent.click(element, { position: { x, y } });
}
