import { readFileSync } from "node:fs";

/** The project's one version, from `annotator/__init__.py`. Build time only. */
export function version(): string {
  const source = readFileSync(new URL("../annotator/__init__.py", import.meta.url), "utf8");
  const found = /^__version__ = "([^"]+)"$/m.exec(source)?.[1];
  if (found === undefined) throw new Error("annotator/__init__.py has no __version__");
  return found;
}
