import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const tests = here("../tests/extension");

/** The tests stand beside the server's, outside this folder: their packages are looked for here. */
const packagesOfTests: Plugin = {
  name: "packages-of-tests",
  enforce: "pre",
  resolveId(source, importer) {
    if (!importer?.startsWith(tests) || /^[./\0]/.test(source)) return null;
    return this.resolve(source, here("vitest.config.ts"), { skipSelf: true });
  },
};

/** Pure strings run in node; whatever touches a page, IndexedDB or an interface runs in real Chromium. */
export default defineConfig({
  plugins: [packagesOfTests],
  // Its `_locales` are read by tests as modules, which a public folder does not allow.
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: { fs: { allow: [here("..")] } },
  test: {
    projects: [
      {
        extends: true,
        test: { name: "node", include: [`${tests}/{pure,anchoring}/**/*.test.ts`], environment: "node" },
      },
      {
        extends: true,
        optimizeDeps: {
          include: [
            "preact",
            "preact/hooks",
            "preact/jsx-runtime",
            "preact/jsx-dev-runtime",
            "@mozilla/readability",
            "axe-core",
            "idb",
            "wxt/browser",
          ],
        },
        test: {
          name: "chromium",
          maxWorkers: 2, // Much of it waits for a page to be quiet: two files at a time wait together.
          include: [`${tests}/{page,store,sync,background,interface}/**/*.test.{ts,tsx}`],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
                args: ["--no-sandbox"],
              },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
