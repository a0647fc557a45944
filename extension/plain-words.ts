/** Text as one looks for a word in it. Pure. */

/** Case and accents aside: "Système" is found by "systeme". */
export function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The words that were typed, folded; all of them have to be found, in any order. */
export function plainWords(typed: string): readonly string[] {
  return plain(typed).split(/\s+/u).filter(Boolean);
}
