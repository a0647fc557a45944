/** Every string that a reader sees, by key; the browser picks the language. */
import type { AnchorState } from "../anchoring/types.ts";
import { browser } from "../browser.ts";
import { RequestFailed } from "../messaging.ts";
import type { Color } from "../model.ts";
import type messages from "../public/_locales/en/messages.json";

export type MessageKey = keyof typeof messages;

/** The browser's own signature: WXT declares one overload for each key, which a variable key does not fit. */
type GetMessage = (key: string, values?: string[]) => string;

function getMessage(key: string, values: string[] = []): string {
  return (browser.i18n.getMessage as unknown as GetMessage)(key, values);
}

/** The text of a key in the reader's language; `values` stand where the message says $1, $2 … */
export function t(key: MessageKey, ...values: string[]): string {
  return getMessage(key, values);
}

/** Language and direction of the strings shown (not of the browser's interface, which may be a third language). */
export function speakTheirLanguage(root: HTMLElement): void {
  root.lang = language();
  root.dir = getMessage("@@bidi_dir") === "rtl" && RIGHT_TO_LEFT.has(language()) ? "rtl" : "ltr";
}

/** Languages of `_locales` that are written from the right; none yet, and the styles are ready for it. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set();

function language(): string {
  return t("interface_language");
}

/** “1 highlight”, “2 highlights”: the first key for the language's singular, the other for the rest. */
export function counted(one: MessageKey, other: MessageKey, count: number): string {
  const form = new Intl.PluralRules(language()).select(count) === "one" ? one : other;
  return t(form, number(count));
}

/** 5000 as the reader writes it. */
export function number(count: number): string {
  return new Intl.NumberFormat(language()).format(count);
}

/** The day of a moment (ISO 8601), where the reader is; "" for what is none. */
export function day(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime())
    ? ""
    : new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(date);
}

export const COLOR_NAMES: Readonly<Record<Color, MessageKey>> = {
  yellow: "color_yellow",
  green: "color_green",
  blue: "color_blue",
  pink: "color_pink",
  purple: "color_purple",
  orange: "color_orange",
};

export const STATE_NAMES: Readonly<Record<AnchorState, MessageKey>> = {
  exact: "state_exact",
  moved: "state_moved",
  edited: "state_edited",
  ambiguous: "state_ambiguous",
  orphaned: "state_orphaned",
  pending: "state_pending",
};

/** What to tell the reader of a failure's code, which is a key of `_locales`; a strange code still gives a sentence. */
export function troubleText(code: string): string {
  const known = /^(trouble|error)_\w+$/.test(code) ? getMessage(code) : "";
  return known || t("trouble_unknown");
}

/** The same for something caught. */
export function failureText(error: unknown): string {
  const code = error instanceof RequestFailed ? error.code : "";
  // The same code on a page says to reload the page; of our own pages there is nothing to reload any more.
  return troubleText(code === "toolbar_reload" ? "trouble_updated" : code);
}
