/**
 * The transport of `messages.ts`. `ask` goes to the background, `tell` from the background to a tab's content script,
 * `announce` from the background to every open extension page. A refusal arrives as `RequestFailed` with its code.
 *
 * The background trusts no name and no sender: a content script can ask only for what stands in `FromPage`,
 * an extension page only for what stands in `FromInterface`.
 */

import type { Browser } from "./browser.ts";
import { browser, ownOrigin, stillInstalled } from "./browser.ts";
import type {
  Failure,
  FromInterface,
  FromPage,
  Reply,
  RequestName,
  Requests,
  ToInterface,
  ToPage,
} from "./messages.ts";

/** A request that was refused or got no answer. `code` is a message key of `_locales`. */
export class RequestFailed extends Error {
  override readonly name = "RequestFailed";
  readonly code: string;
  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

/** Who asks, when it is a content script. `url` is what the browser says of the frame, not what the page says. */
export interface PageSender {
  readonly tabId: number;
  readonly windowId: number;
  readonly url: string;
}

/** Who asks, when it is one of the extension's own pages; `tabId` is null outside a tab (side panel). */
export interface InterfaceSender {
  readonly tabId: number | null;
}

type Answer<T> = T | Promise<T>;
interface Shape {
  ask: unknown;
  answer: unknown;
}
type Handlers<Map, Sender> = {
  [Name in keyof Map]: Map[Name] extends Shape
    ? (payload: Map[Name]["ask"], from: Sender) => Answer<Map[Name]["answer"]>
    : never;
};
export type PageHandlers = Handlers<FromPage, PageSender>;
export type InterfaceHandlers = Handlers<FromInterface, InterfaceSender>;
export type ContentHandlers = {
  [Name in keyof ToPage]: (payload: ToPage[Name]["ask"]) => Answer<ToPage[Name]["answer"]>;
};
export type AnnouncementHandlers = { [Name in keyof ToInterface]?: (payload: ToInterface[Name]) => void };

interface Envelope {
  readonly to: "background" | "page" | "interface";
  readonly name: string;
  readonly payload: unknown;
}
type AnyHandler = (payload: unknown, from: unknown) => unknown;
type HandlerTable = Record<string, AnyHandler>;
type Respond = (reply: Reply<unknown>) => void;

/**
 * From any part to the background. Rejects with RequestFailed: the handler's own code, `toolbar_reload` where the
 * extension was updated under an open page, `trouble_no_answer` where nothing answered.
 */
export async function ask<Name extends RequestName>(
  name: Name,
  payload: Requests[Name]["ask"],
): Promise<Requests[Name]["answer"]> {
  if (!stillInstalled()) throw new RequestFailed("toolbar_reload");
  return unwrap(await carried(() => browser.runtime.sendMessage(envelope("background", name, payload))));
}

/** From the background to the content script of a tab's top frame. Rejects with RequestFailed `trouble_no_answer` when none listens. */
export async function tell<Name extends keyof ToPage>(
  tabId: number,
  name: Name,
  payload: ToPage[Name]["ask"],
): Promise<ToPage[Name]["answer"]> {
  const send = () => browser.tabs.sendMessage(tabId, envelope("page", name, payload), { frameId: 0 });
  return unwrap(await carried(send, "trouble_no_answer"));
}

/** From the background to every open extension page; nobody answers, and nobody need be there. */
export function announce<Name extends keyof ToInterface>(name: Name, payload: ToInterface[Name]): void {
  browser.runtime.sendMessage(envelope("interface", name, payload)).catch(() => undefined);
}

/**
 * Registers the background's handlers; call it once, at the top level of the worker. A handler starts synchronously in
 * the browser's listener, since `sidePanel.open` counts as the user's deed only before the first `await`.
 */
export function handle(handlers: {
  readonly page: PageHandlers;
  readonly interface: InterfaceHandlers;
}): void {
  browser.runtime.onMessage.addListener((message: unknown, sender, respond: Respond) => {
    if (!isEnvelope(message) || message.to !== "background") return undefined;
    const page = pageSender(sender);
    const own = page === null ? interfaceSender(sender) : null;
    const table = page !== null ? handlers.page : own !== null ? handlers.interface : {};
    return answer(table as unknown as HandlerTable, message, page ?? own, respond);
  });
}

/** Registers a content script's handlers of `ToPage`; the answer takes them away again. */
export function handleInPage(handlers: ContentHandlers): () => void {
  return listen("page", (message, respond) =>
    answer(handlers as unknown as HandlerTable, message, null, respond),
  );
}

/** Registers an extension page's listeners for announcements; the answer takes them away again. */
export function onAnnouncement(handlers: AnnouncementHandlers): () => void {
  return listen("interface", ({ name, payload }) => {
    if (Object.hasOwn(handlers, name)) (handlers as unknown as HandlerTable)[name]?.(payload, null);
    return undefined;
  });
}

function listen(
  to: Envelope["to"],
  react: (message: Envelope, respond: Respond) => true | undefined,
): () => void {
  const listener = (
    message: unknown,
    sender: Browser.runtime.MessageSender,
    respond: Respond,
  ): true | undefined => {
    // What the background says comes from no tab; a content script must not speak in its name.
    if (!isEnvelope(message) || message.to !== to || sender.id !== browser.runtime.id || sender.tab)
      return undefined;
    return react(message, respond);
  };
  browser.runtime.onMessage.addListener(listener);
  return () => {
    if (stillInstalled()) browser.runtime.onMessage.removeListener(listener);
  };
}

/** Answers `true`, which keeps the channel open until `respond` is called. */
function answer(table: HandlerTable, { name, payload }: Envelope, from: unknown, respond: Respond): true {
  const handler = Object.hasOwn(table, name) ? table[name] : undefined;
  if (handler === undefined) {
    respond({
      ok: false,
      failure: { code: "trouble_forbidden", message: `${name} may not be asked from here` },
    });
    return true;
  }
  const refuse = (error: unknown) => respond({ ok: false, failure: failureOf(error) });
  try {
    Promise.resolve(handler(payload, from)).then((value) => respond({ ok: true, value }), refuse);
  } catch (error) {
    refuse(error);
  }
  return true;
}

function failureOf(error: unknown): Failure {
  if (error instanceof RequestFailed) return { code: error.code, message: error.message };
  console.error(error);
  return { code: "trouble_unknown", message: error instanceof Error ? error.message : String(error) };
}

function pageSender(sender: Browser.runtime.MessageSender): PageSender | null {
  if (sender.id !== browser.runtime.id || sender.tab?.id === undefined || sender.url === undefined)
    return null;
  if (sender.url.startsWith(ownOrigin())) return null;
  return { tabId: sender.tab.id, windowId: sender.tab.windowId, url: sender.url };
}

function interfaceSender(sender: Browser.runtime.MessageSender): InterfaceSender | null {
  if (sender.id !== browser.runtime.id || !sender.url?.startsWith(ownOrigin())) return null;
  return { tabId: sender.tab?.id ?? null };
}

async function carried(send: () => Promise<unknown>, absent = "trouble_no_answer"): Promise<Reply<unknown>> {
  let reply: unknown;
  try {
    reply = await send();
  } catch (error) {
    throw new RequestFailed(stillInstalled() ? absent : "toolbar_reload", String(error));
  }
  if (typeof reply === "object" && reply !== null && "ok" in reply) return reply as Reply<unknown>;
  throw new RequestFailed(absent, "no answer came");
}

function unwrap<T>(reply: Reply<unknown>): T {
  if (!reply.ok) throw new RequestFailed(reply.failure.code, reply.failure.message);
  return reply.value as T;
}

function envelope(to: Envelope["to"], name: string, payload: unknown): Envelope {
  return { to, name, payload };
}

function isEnvelope(message: unknown): message is Envelope {
  return (
    typeof message === "object" &&
    message !== null &&
    "to" in message &&
    "name" in message &&
    "payload" in message
  );
}
