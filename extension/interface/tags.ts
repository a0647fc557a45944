/** Words on an annotation. Pure. */

import { plain } from "../plain-words.ts";

/** As the server counts them: code points of one tag, tags of one annotation. */
export const TAG_LENGTH = 100;
export const MOST_TAGS = 100;
const MOST_SUGGESTIONS = 8;

/** What was typed, as a tag: white space folded, nothing left of a comma; "" when nothing remains. */
export function asTag(typed: string): string {
  const folded = typed.replaceAll(",", " ").replace(/\s+/g, " ").trim();
  return [...folded].slice(0, TAG_LENGTH).join("").trim();
}

/** The tags with one more at the end; the same list when it is there already, whatever its case. */
export function withTag(tags: readonly string[], tag: string): readonly string[] {
  const there = tags.some((other) => plain(other) === plain(tag));
  return tag === "" || there || tags.length >= MOST_TAGS ? tags : [...tags, tag];
}

/** Known tags that fit what is typed: those that begin with it first, then those that hold it. */
export function suggestions(
  known: readonly string[],
  taken: readonly string[],
  typed: string,
): readonly string[] {
  const wanted = plain(typed.trim());
  if (wanted === "") return [];
  const used = new Set(taken.map(plain));
  const fitting = known.filter((tag) => plain(tag).includes(wanted) && !used.has(plain(tag)));
  const [begin, hold] = [fitting.filter((tag) => plain(tag).startsWith(wanted)), fitting];
  return [...new Set([...begin, ...hold])].slice(0, MOST_SUGGESTIONS);
}
