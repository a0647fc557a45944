/**
 * Every message between the parts of the extension, in one typed map: what is asked, and what comes back.
 *
 * A handler is registered for a name with `handle`, a caller uses `ask` (to the background) or `tell` (to a tab).
 * The background checks who asks: content scripts may use only the names of `FromPage`.
 */

import type {
  AnnotationView,
  Color,
  Connection,
  ConnectionTest,
  DraftTarget,
  Everything,
  Libraries,
  Library,
  PageQuote,
  PageText,
  Painted,
  PanelPage,
  Sought,
} from "./model.ts";
import type { AnnotationRow, StoredTarget } from "./store/rows.ts";

/** From a content script to the background. Answers hold nothing that a reader wrote. */
export interface FromPage {
  /** Is anything annotated here? Answered from the mirror alone; nothing is sent anywhere. */
  "page.visit": { ask: { url: string; canonical: string }; answer: PageVisit };
  /**
   * The text of a known page: where do its annotations stand? Unless `settled`, `article` is a first guess from the page's
   * landmarks: good for painting, while what is to be kept waits for the settled one, which follows when the page is idle.
   */
  "page.read": {
    /** `look` numbers the page's looks; with it, `page.early` may come before the answer. */
    ask: { page: PageText; settled: boolean; look?: number };
    answer: { painted: readonly Painted[] };
  };
  /** Puts `content-scripts/article.js`, which finds the article, beside the content script; only pages that need it pay for it. */
  "page.article": { ask: Record<string, never>; answer: { ready: boolean } };
  /**
   * A new highlight. Answered once it is durably in IndexedDB. `shared` is what the toolbar said of the library: if
   * another was chosen meanwhile, nothing is made, for nobody's private words go where the reader did not see them go.
   */
  "highlight.create": {
    ask: { page: PageText; target: DraftTarget; color: Color; shared: boolean };
    answer: { painted: Painted };
  };
  "highlight.color": { ask: { id: string; color: Color }; answer: { painted: Painted } };
  "highlight.delete": { ask: { id: string }; answer: { deleted: true } };
  "highlight.restore": { ask: { id: string }; answer: { painted: Painted } };
  /** Opens the place where the note of this highlight is typed, outside the page. */
  "note.open": { ask: { id: string }; answer: { opened: "panel" | "window" } };
}

export interface PageVisit {
  readonly known: boolean;
  /** Whether the toolbar may appear. */
  readonly toolbar: boolean;
  /** Whether others read the library that a highlight goes to. Which one it is stays outside the page. */
  readonly shared: boolean;
  /** The reader may only read in that library: a key or a menu that would highlight says so instead. */
  readonly readOnly: boolean;
  /** The colour that was used last, on whatever page. */
  readonly color: Color;
  /** The reader has hidden all highlights in this tab. */
  readonly hidden: boolean;
  /** The page's own words, so that what stands there untouched is painted before its text was read. */
  readonly quotes: readonly PageQuote[];
}

/** How a content script asks the background; handed in, so that what runs in a page can be tried without a browser. */
export type PageAsk = <Name extends keyof FromPage>(
  name: Name,
  payload: FromPage[Name]["ask"],
) => Promise<FromPage[Name]["answer"]>;

/** From the extension's own pages (panel, note window, options) to the background. */
export interface FromInterface {
  "panel.page": { ask: { tabId: number | null }; answer: PanelPage };
  "panel.show": { ask: { tabId: number; id: string }; answer: { shown: boolean } };
  /** Hides or shows all highlights in the tab; answers what they are now, which differs where nobody may enter. */
  "panel.hide": { ask: { tabId: number; hidden: boolean }; answer: { hidden: boolean } };
  /** With the library that it is in, which need not be the chosen one. */
  "annotation.get": {
    ask: { id: string };
    answer: { annotation: AnnotationView | null; library: Library | null };
  };
  "annotation.write": {
    ask: { id: string; note?: string; tags?: readonly string[]; color?: Color };
    answer: { annotation: AnnotationView };
  };
  "annotation.delete": { ask: { id: string }; answer: { deleted: true } };
  "annotation.restore": { ask: { id: string }; answer: { annotation: AnnotationView } };
  /** Moves a highlight to what is selected in the tab; `before` is where it was made until then. */
  "annotation.attach": {
    ask: { id: string; tabId: number };
    answer: { annotation: AnnotationView; before: StoredTarget };
  };
  /** Undo of it. */
  "annotation.reattach": {
    ask: { id: string; target: StoredTarget };
    answer: { annotation: AnnotationView };
  };
  /** What the server refused, on whatever page; the oldest first, and no more than can be looked through. */
  "refused.all": { ask: Record<string, never>; answer: { annotations: readonly AnnotationView[] } };
  /** Tries again what the server refused, or gives it up (the row is then as the server has it). */
  "refused.settle": {
    ask: { id: string; deed: "retry" | "discard" };
    answer: { before: AnnotationRow };
  };
  /** Undo of giving it up: `before` as that was answered. */
  "refused.bring_back": { ask: { before: AnnotationRow }; answer: { annotation: AnnotationView } };
  /** A new note on the page in the tab, empty at first. */
  "note.on_page": { ask: { tabId: number }; answer: { annotation: AnnotationView } };
  /** Opens the small window for this note. */
  "note.window": { ask: { id: string }; answer: { opened: true } };
  /** Rows `first` and on of what was found in the whole mirror; `fresh` reads the mirror anew. */
  "everything.find": {
    ask: { sought: Sought; first: number; count: number; fresh: boolean };
    answer: Everything;
  };
  /**
   * Goes to the page that it was made on. `tab`: open already; `page`: opened, and scrolled once painted; `passage`: its
   * site is not allowed, so that the browser itself looks for the words.
   */
  "everything.open": { ask: { id: string }; answer: { opened: "tab" | "page" | "passage" } };
  "markdown.one": { ask: { id: string }; answer: { markdown: string } };
  /** All that the search finds, under the titles of their pages. */
  "markdown.found": { ask: { sought: Sought }; answer: { markdown: string; count: number } };
  /** The annotations of the page in the tab, in the order given. */
  "markdown.these": { ask: { ids: readonly string[] }; answer: { markdown: string } };
  "tags.all": { ask: Record<string, never>; answer: { tags: readonly string[] } };
  "connection.get": {
    ask: Record<string, never>;
    answer: { connection: Connection; unsent: number; refused: number };
  };
  "connection.test": { ask: { server: string }; answer: ConnectionTest };
  "connection.sign_in": { ask: { server: string }; answer: { connection: Connection; failure: string } };
  /** Removes mirror and tokens; `unsent` says what the user chose to do with what was never sent. */
  "connection.sign_out": { ask: { unsent: "send_first" | "discard" }; answer: { connection: Connection } };
  /** From now on this library is shown, and what is made goes there. */
  "library.choose": { ask: { id: string }; answer: { libraries: Libraries } };
  /** What never reached a library that the user was taken out of. */
  "library.unsent": { ask: { id: string }; answer: { markdown: string; count: number } };
  /** Removes what this browser still has of such a library, with what was never sent. */
  "library.forget": { ask: { id: string }; answer: { libraries: Libraries } };
  "sync.now": { ask: Record<string, never>; answer: { started: true } };
  "sites.get": {
    ask: Record<string, never>;
    answer: { all: boolean; origins: readonly string[]; paused: boolean };
  };
  /** Told after `permissions.request` or `permissions.remove` was answered in the page itself. */
  "sites.changed": { ask: Record<string, never>; answer: { registered: true } };
  "sites.pause": { ask: { paused: boolean }; answer: { paused: boolean } };
}

/** What the page at an address is to show. */
export interface PaintedPage {
  readonly url: string;
  readonly painted: readonly Painted[];
}

/** From the background to a tab's content script. */
export interface ToPage {
  /** The annotations of this page changed elsewhere (panel, another tab, sync); null: look again. */
  "page.repaint": { ask: { page: PaintedPage | null }; answer: { done: true } };
  /** Where some of the annotations stand that this look has asked for; the others take longer. */
  "page.early": { ask: { look: number; painted: readonly Painted[] }; answer: { done: true } };
  /** Take the paint off the page, or put it back. */
  "page.hide": { ask: { hidden: boolean }; answer: { done: true } };
  "page.scroll": { ask: { id: string }; answer: { shown: boolean } };
  /**
   * A command or the context menu: highlight the selection (`color` null: the last one used), and open its note if
   * asked. `done` is false where nothing is selected. Asked again for what was just highlighted, it moves the keyboard
   * into the toolbar.
   */
  "page.highlight": { ask: { color: Color | null; note: boolean }; answer: { done: boolean } };
  /** What is selected, in the page's text as it is now; null where nothing is. */
  "page.selection": {
    ask: Record<string, never>;
    answer: { selected: { readonly page: PageText; readonly target: DraftTarget } | null };
  };
  /** The page's text as it is now. */
  "page.text": { ask: Record<string, never>; answer: { page: PageText } };
  /** Signed out, or the site was paused: take everything off the page. */
  "page.leave": { ask: Record<string, never>; answer: { done: true } };
}

/** From the background to every open extension page; nobody answers. */
export interface ToInterface {
  changed: { what: "annotations" | "connection" | "sites" };
  /** An open panel does not reload when it is opened again: this tells it whose note to show. */
  "note.show": { id: string; tabId: number | null };
}

export type Requests = FromPage & FromInterface;
export type RequestName = keyof Requests;

/** A handler's refusal, carried to the caller: `code` is a message key of `_locales`. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };
