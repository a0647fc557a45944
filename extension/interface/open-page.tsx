import { type ComponentChild, render } from "preact";
import { browser } from "../browser.ts";
import { type MessageKey, speakTheirLanguage, t } from "./text.ts";

/** Fills an extension page: language, direction, title, content. */
export function openPage(title: MessageKey, content: ComponentChild): void {
  speakTheirLanguage(document.documentElement);
  const name = browser.runtime.getManifest().name;
  document.title = t(title) === name ? name : `${t(title)} · ${name}`;
  const place = document.getElementById("app");
  if (place === null) throw new Error("the page has no #app");
  render(content, place);
}
