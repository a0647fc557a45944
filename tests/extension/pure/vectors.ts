/** Reads a file of `tests/vectors/`. Not by import: Vite's own JSON reader refuses half a surrogate pair. */
import { readFileSync } from "node:fs";

/** The parsed file; its shape is told in `tests/vectors/README.md`. */
export function vectors<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(new URL(`../../vectors/${path}`, import.meta.url), "utf8")) as Shape;
}
