import { fileURLToPath } from "node:url";
import { defineConfig } from "wxt";
import { noInnerHtml } from "./no-inner-html.ts";
import { version } from "./version.ts";

/** One source, two browsers, Manifest V3 in both. `docs/privacy.md` has a sentence for each permission. */
export default defineConfig({
  manifestVersion: 3,
  srcDir: ".",
  imports: false,
  vite: () => ({
    plugins: [noInnerHtml()],
    // WXT's own context announces itself to the page by an event and a message: a page could tell who is reading.
    resolve: {
      alias: {
        "wxt/utils/content-script-context": fileURLToPath(new URL("page/script-context.ts", import.meta.url)),
      },
    },
  }),
  manifest: ({ browser }) => ({
    name: "__MSG_extension_name__",
    description: "__MSG_extension_description__",
    default_locale: "en",
    version: version(),
    permissions: [
      "activeTab",
      "scripting",
      "storage",
      "unlimitedStorage",
      "contextMenus",
      "alarms",
      "identity",
      ...(browser === "firefox" ? [] : ["sidePanel"]),
    ],
    optional_host_permissions: ["http://*/*", "https://*/*"],
    icons: { 16: "icon-16.png", 32: "icon-32.png", 48: "icon-48.png", 128: "icon-128.png" },
    action: { default_title: "__MSG_action_title__" },
    // Chromium keeps Alt+Shift with N, P, A, C, W, X and Z for its own groups of tabs.
    commands: {
      highlight: { suggested_key: { default: "Alt+Shift+H" }, description: "__MSG_command_highlight__" },
      note: { suggested_key: { default: "Alt+Shift+M" }, description: "__MSG_command_note__" },
      panel: { suggested_key: { default: "Alt+Shift+L" }, description: "__MSG_command_panel__" },
      "toggle-highlights": {
        suggested_key: { default: "Alt+Shift+S" },
        description: "__MSG_command_toggle_highlights__",
      },
    },
    // Firefox's default for MV3 has `upgrade-insecure-requests`, which would rewrite the http: server of a laptop.
    content_security_policy: {
      extension_pages:
        "default-src 'self'; script-src 'self'; connect-src http: https:; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    },
    ...(browser === "firefox"
      ? {
          browser_specific_settings: {
            gecko: {
              id: "extension@annotator",
              strict_min_version: "142.0",
              data_collection_permissions: { required: ["browsingActivity", "websiteContent"] },
            },
          },
        }
      : {
          // Makes the unpacked extension's id innbhmojjfokfaiakbfibjdgbfgolcom on every machine; left out of store zips.
          key: "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnh5MZEJTtZbvLqVWDE5NFo/1QkzeNniyUsXNd/CgPDKL2jGdJ45V7QWlzyM0bof4jQPmy8BaZiOI2RD6zXFslAHmdyZTB4G8xjKV0BcvVlhyOU1b5uiwasbBOILiuRpyRvYRnECqZTXKZyjA6NUQwEdIIsE3WF+0M/7Mp1HjyBaqTI0n7Z+ZKfEFdedxGt7MwYbqYIIoFdcLozrzc4R4XaLSgAl6IeakL12qjsqnc+b2bUpnB1q0j5IHaVV4/m7/UF6hk0yN2QmJmxMmkaZQQCiiT0Nhpz+LmRQL5IcYkcsRPb93ThKjvJPty+/JX50c/IB+pExIghKIwAgGc63P6wIDAQAB",
        }),
  }),
});
