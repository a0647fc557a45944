/**
 * A background that lives in memory, behind the same typed messages as the real one, and the little of the browser's
 * API that the interface touches. Import this before anything of `extension/`: it sets `globalThis.browser`.
 */
import type { FromInterface, Reply, ToInterface } from "../../../extension/messages.ts";
import type { AnnotationView, Libraries, Library, PanelPage } from "../../../extension/model.ts";
import en from "../../../extension/public/_locales/en/messages.json";
import fr from "../../../extension/public/_locales/fr/messages.json";
import { everythingOf, NOTE_ON_PAGE } from "./everything.ts";

export type Handlers = {
  [Name in keyof FromInterface]: (
    payload: FromInterface[Name]["ask"],
  ) => FromInterface[Name]["answer"] | Promise<FromInterface[Name]["answer"]>;
};
type Listener = (...values: never[]) => unknown;
type AnyHandler = (payload: unknown) => unknown;
type Catalogue = Readonly<Record<string, { readonly message: string }>>;

/** A refusal with a code, as the real background gives one. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

class Listeners {
  readonly all = new Set<Listener>();
  addListener = (listener: Listener) => void this.all.add(listener);
  removeListener = (listener: Listener) => void this.all.delete(listener);
  call(...values: unknown[]): void {
    for (const listener of this.all) (listener as (...values: unknown[]) => unknown)(...values);
  }
}

export const OWN: Library = { id: "own", name: "ada", role: "owner", own: true };
export const DESK: Library = { id: "desk", name: "Foreign desk", role: "editor", own: false };
export const ARCHIVE: Library = { id: "archive", name: "Archive", role: "reader", own: false };
export const ONE_LIBRARY: Libraries = { chosen: OWN, all: [OWN], left: [] };

/** What a test arranges and looks at. */
export const world = {
  rows: new Map<string, AnnotationView>(),
  deleted: new Map<string, AnnotationView>(),
  /** What was attached elsewhere, as it was before. */
  detached: new Map<string, AnnotationView>(),
  page: {} as PanelPage,
  status: {} as FromInterface["connection.get"]["answer"],
  libraries: ONE_LIBRARY,
  sites: {} as FromInterface["sites.get"]["answer"],
  /** Handlers that a test puts in the place of the ordinary ones. */
  instead: {} as Partial<Handlers>,
  /** Every request, in order. */
  asked: [] as { readonly name: string; readonly payload: unknown }[],
  /** Answers nothing at all, like a worker that was just killed. */
  away: false,
  language: "en" as "en" | "fr",
  /** What the reader answers to the browser's question about a permission. */
  grants: true,
  requested: [] as { readonly origins: readonly string[]; readonly inTheClick: boolean }[],
  inTheClick: false,
  removed: [] as string[],
  optionsOpened: 0,
  /** Addresses that were opened in tabs, and tabs that were brought forward. */
  opened: [] as string[],
  activeTab: { id: 7, windowId: 1 },
};

const messages = new Listeners();
const activated = new Listeners();
const updated = new Listeners();

const ordinary: Handlers = {
  "panel.page": () => ({ ...world.page, annotations: [...world.rows.values()] }),
  "panel.hide": ({ hidden }) => {
    world.page = { ...world.page, hidden };
    return { hidden };
  },
  "panel.show": () => ({ shown: true }),
  "annotation.get": ({ id }) => ({ annotation: world.rows.get(id) ?? null, library: world.libraries.chosen }),
  "annotation.write": ({ id, ...written }) => {
    const annotation = { ...rowOf(id), ...written, send: { kind: "unsent" as const } };
    world.rows.set(id, annotation);
    return { annotation };
  },
  "annotation.delete": ({ id }) => {
    world.deleted.set(id, rowOf(id));
    world.rows.delete(id);
    return { deleted: true };
  },
  "annotation.restore": ({ id }) => {
    const annotation = world.deleted.get(id);
    if (annotation === undefined) throw new Refusal("trouble_gone");
    world.rows.set(id, annotation);
    return { annotation };
  },
  "annotation.attach": ({ id }) => {
    const annotation = rowOf(id);
    const attached = {
      ...annotation,
      state: "exact" as const,
      start: { paragraph: 2, offset: 0 },
      quote: "Selected",
    };
    world.rows.set(id, attached);
    world.detached.set(id, annotation);
    return { annotation: attached, before: { snapshot: "old", start: null, end: null, quote: null } };
  },
  "annotation.reattach": ({ id }) => {
    const annotation = world.detached.get(id);
    if (annotation === undefined) throw new Refusal("trouble_gone");
    world.rows.set(id, annotation);
    return { annotation };
  },
  "refused.all": () => ({
    annotations: [...world.rows.values()].filter(({ send }) => send.kind === "refused"),
  }),
  "refused.settle": ({ id, deed }) => {
    const before = { id } as FromInterface["refused.settle"]["answer"]["before"];
    world.deleted.set(id, rowOf(id));
    if (deed === "retry") world.rows.set(id, { ...rowOf(id), send: { kind: "unsent" } });
    else world.rows.delete(id);
    return { before };
  },
  "refused.bring_back": ({ before: { id } }) => {
    const annotation = world.deleted.get(id);
    if (annotation === undefined) throw new Refusal("trouble_gone");
    world.rows.set(id, annotation);
    return { annotation };
  },
  "note.on_page": () => {
    const annotation: AnnotationView = { ...NOTE_ON_PAGE, url: world.page.url };
    world.rows.set(annotation.id, annotation);
    return { annotation };
  },
  "note.window": () => ({ opened: true }),
  ...everythingOf(world.rows),
  "tags.all": () => ({ tags: ["syrie", "Système", "presse"] }),
  "connection.get": () => world.status,
  "connection.test": () => ({ kind: "ok", version: "1.2.3", signedIn: false }),
  "connection.sign_in": ({ server }) => {
    const connection = {
      kind: "signed_in" as const,
      server,
      user: "ada",
      online: true,
      trouble: "",
      libraries: world.libraries,
    };
    world.status = { ...world.status, connection };
    return { connection, failure: "" };
  },
  "connection.sign_out": () => {
    world.status = { connection: { kind: "unset" }, unsent: 0, refused: 0 };
    return { connection: world.status.connection };
  },
  "library.choose": ({ id }) => {
    const chosen = world.libraries.all.find((one) => one.id === id);
    if (chosen === undefined) throw new Refusal("trouble_library_gone");
    arrangeLibraries({ ...world.libraries, chosen });
    announce("changed", { what: "connection" });
    return { libraries: world.libraries };
  },
  "library.unsent": ({ id }) => ({
    markdown: `unsent of ${id}`,
    count: world.libraries.left.find((one) => one.id === id)?.unsent ?? 0,
  }),
  "library.forget": ({ id }) => {
    arrangeLibraries({ ...world.libraries, left: world.libraries.left.filter((one) => one.id !== id) });
    announce("changed", { what: "connection" });
    return { libraries: world.libraries };
  },
  "sync.now": () => ({ started: true }),
  "sites.get": () => world.sites,
  "sites.changed": () => ({ registered: true }),
  "sites.pause": ({ paused }) => {
    world.sites = { ...world.sites, paused };
    return { paused };
  },
};

function rowOf(id: string): AnnotationView {
  const row = world.rows.get(id);
  if (row === undefined) throw new Refusal("trouble_gone");
  return row;
}

async function sendMessage(message: { name: string; payload: unknown }): Promise<Reply<unknown> | undefined> {
  if (world.away) throw new Error("Could not establish connection. Receiving end does not exist.");
  // As the browser does: what is sent is a copy, taken at once.
  const payload = JSON.parse(JSON.stringify(message.payload)) as unknown;
  world.asked.push({ name: message.name, payload });
  const handlers = { ...ordinary, ...world.instead } as unknown as Record<string, AnyHandler>;
  try {
    return { ok: true, value: await handlers[message.name]?.(payload) };
  } catch (error) {
    const code = error instanceof Refusal ? error.code : "error_unexpected";
    return { ok: false, failure: { code, message: String(error) } };
  }
}

function getMessage(key: string, values: string[] = []): string {
  if (key === "@@bidi_dir") return "ltr";
  const catalogue: Catalogue = world.language === "fr" ? fr : en;
  return (catalogue[key]?.message ?? "").replace(
    /\$(\d)/g,
    (_, number: string) => values[Number(number) - 1] ?? "",
  );
}

const browser = {
  runtime: {
    id: "annotator",
    getURL: (path: string) => new URL(path, "chrome-extension://annotator").href,
    getManifest: () => ({ name: "Annotator", version: "1.2.3" }),
    openOptionsPage: async () => {
      world.optionsOpened += 1;
    },
    sendMessage,
    onMessage: messages,
  },
  i18n: { getMessage },
  tabs: {
    query: async () => [world.activeTab],
    create: async ({ url }: { url: string }) => void world.opened.push(url),
    update: async (id: number) => void world.opened.push(`tab ${id}`),
    onActivated: activated,
    onUpdated: updated,
  },
  commands: {
    getAll: async () => [
      { name: "_execute_action", shortcut: "" },
      { name: "highlight", description: "Highlight the selection", shortcut: "Alt+Shift+H" },
      { name: "panel", description: "Show the panel", shortcut: "" },
    ],
  },
  permissions: {
    request: async ({ origins }: { origins: string[] }) => {
      world.requested.push({ origins, inTheClick: world.inTheClick });
      return world.grants;
    },
    remove: async ({ origins }: { origins: string[] }) => {
      world.removed.push(...origins);
      return true;
    },
  },
};
Object.assign(globalThis, { browser });

// A permission must be asked for in the click itself: this is true only while its listeners run.
window.addEventListener("click", () => (world.inTheClick = true), { capture: true });
window.addEventListener("click", () => (world.inTheClick = false));

/** The libraries that the reader has, in all that tells of them. */
export function arrangeLibraries(libraries: Libraries): void {
  world.libraries = libraries;
  const { page, status } = world;
  if (page.connection.kind !== "unset")
    world.page = { ...page, connection: { ...page.connection, libraries } };
  if (status.connection.kind !== "unset")
    world.status = { ...status, connection: { ...status.connection, libraries } };
}

/** Says to every open page what the background would say. */
export function announce<Name extends keyof ToInterface>(name: Name, payload: ToInterface[Name]): void {
  messages.call({ to: "interface", name, payload }, { id: "annotator" }, () => undefined);
}

/** The reader goes to another tab. */
export function activate(tabId: number, windowId = 1): void {
  activated.call({ tabId, windowId });
}

/** A tab has loaded its page. */
export function loaded(tabId: number): void {
  updated.call(tabId, { status: "complete" }, {});
}

export function payloads(name: keyof FromInterface): unknown[] {
  return world.asked.filter((one) => one.name === name).map(({ payload }) => payload);
}

/** How many listen for announcements: none, once every page was closed properly. */
export function listening(): number {
  return messages.all.size + activated.all.size + updated.all.size;
}

/** A connected reader on a page where Annotator may work, with nothing highlighted. */
export function resetWorld(): void {
  const connection = {
    kind: "signed_in",
    server: "http://127.0.0.1:8000",
    user: "ada",
    online: true,
    trouble: "",
    libraries: ONE_LIBRARY,
  } as const;
  world.libraries = ONE_LIBRARY;
  world.rows.clear();
  world.deleted.clear();
  Object.assign(world, {
    asked: [],
    instead: {},
    away: false,
    language: "en",
    grants: true,
    requested: [],
    removed: [],
  });
  Object.assign(world, {
    optionsOpened: 0,
    opened: [],
    activeTab: { id: 7, windowId: 1 },
    inTheClick: false,
  });
  world.page = {
    connection,
    url: "https://example.org/story",
    title: "A story",
    access: "ready",
    annotations: [],
    hidden: false,
    unsent: 0,
    refused: 0,
  };
  world.status = { connection, unsent: 0, refused: 0 };
  world.sites = { all: false, origins: [], paused: false };
}
