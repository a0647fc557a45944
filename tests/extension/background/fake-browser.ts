/** The browser's API as the background meets it, where the real one is not: storage, alarms, messages, tabs. */
import { vi } from "vitest";

type Listener = (...arguments_: never[]) => unknown;

function event(): {
  addListener: (listener: Listener) => void;
  removeListener: (listener: Listener) => void;
  fire: (...a: unknown[]) => unknown[];
} {
  const listeners = new Set<Listener>();
  return {
    addListener: (listener) => void listeners.add(listener),
    removeListener: (listener) => void listeners.delete(listener),
    fire: (...given) => [...listeners].map((listener) => listener(...(given as never[]))),
  };
}

function area(): {
  get: (keys: unknown) => Promise<Record<string, unknown>>;
  set: (items: object) => Promise<void>;
  remove: (key: string) => Promise<void>;
  clear: () => void;
  onChanged: ReturnType<typeof event>;
} {
  let items: Record<string, unknown> = {};
  return {
    get: async (keys) => {
      if (keys === null) return { ...items };
      if (typeof keys === "object" && !Array.isArray(keys)) return { ...(keys as object), ...items };
      const names = typeof keys === "string" ? [keys] : (keys as string[]);
      return Object.fromEntries(names.filter((name) => name in items).map((name) => [name, items[name]]));
    },
    set: async (more) => {
      items = { ...items, ...JSON.parse(JSON.stringify(more)) };
    },
    remove: async (key) => {
      delete items[key];
    },
    clear: () => {
      items = {};
    },
    onChanged: event(),
  };
}

export const ORIGIN = "chrome-extension://abc/";
export const session = area();
export const local = area();
export const onMessage = event();
/** Everything that was sent to tabs. */
export const told: { tabId: number; name: string; payload: unknown }[] = [];

export const browser = {
  runtime: {
    id: "abc",
    getURL: (path: string) => ORIGIN + path.replace(/^\//, ""),
    getManifest: () => ({ version: "0.1.0" }),
    sendMessage: vi.fn(async () => undefined),
    onMessage,
  },
  storage: { local, session },
  tabs: {
    onRemoved: event(),
    sendMessage: async (
      tabId: number,
      { name, payload }: { name: string; payload: unknown },
    ): Promise<{ ok: true; value: object }> => {
      told.push({ tabId, name, payload });
      return { ok: true, value: { done: true, shown: true } };
    },
    get: async (id: number) => ({ id, url: "https://example.org/story", title: "Story" }),
    query: async () => [],
    update: async (id: number) => ({ id, windowId: 1 }),
    create: vi.fn(async (_: { url: string }) => ({ id: 9 })),
  },
  action: {
    setBadgeText: vi.fn(async () => undefined),
    onClicked: event(),
    setTitle: vi.fn(async () => undefined),
    setIcon: vi.fn(async () => undefined),
    setBadgeBackgroundColor: async () => undefined,
  },
  i18n: { getMessage: (key: string) => key },
  permissions: {
    contains: vi.fn(async () => true),
    request: vi.fn(async (_: { origins: string[] }) => true),
    getAll: async () => ({ origins: [] }),
  },
  contextMenus: {
    onClicked: event(),
    removeAll: async () => undefined,
    create: vi.fn((_: { id: string; contexts: string[]; targetUrlPatterns?: string[] }) => undefined),
  },
  commands: { onCommand: event() },
  windows: { create: vi.fn(async () => ({})), update: vi.fn(async () => ({})) },
  scripting: {
    executeScript: vi.fn(async () => []),
    getRegisteredContentScripts: async () => [],
    unregisterContentScripts: async () => undefined,
  },
};

export const panel = { open: vi.fn(async (_: { tabId: number }) => undefined) };
export const sidePanel = () => panel;
export const ownOrigin = () => ORIGIN;
export const stillInstalled = () => true;
export const openPanel = (tabId: number) => panel.open({ tabId });

const SENDER = { id: "abc", tab: { id: 1, windowId: 1 }, url: "https://example.org/story" };

/** Asks as a content script of tab 1 would, or as `sender`; answers the reply. */
export function asked(
  name: string,
  payload: unknown,
  sender: object = SENDER,
): Promise<{ ok: boolean; value?: unknown; failure?: { code: string } }> {
  return new Promise((resolve) => {
    onMessage.fire({ to: "background", name, payload }, sender, resolve);
  });
}

export const PANEL_SENDER = { id: "abc", url: `${ORIGIN}sidepanel.html` };
