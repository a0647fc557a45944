/** What each character is to the word aligner, and how a word is folded before it is compared. Offsets here are UTF-16. */

/** Between words. */
export const BREAK = 1;
/** Part of a longer word. */
export const LETTER = 2;
/** A word by itself: scripts written without spaces are compared character by character. */
export const ALONE = 3;
/** Invisible inside a word (soft hyphen, joiners, marks of direction): neither a letter nor a break. */
export const SILENT = 4;

export type CharacterClass = typeof BREAK | typeof LETTER | typeof ALONE | typeof SILENT;

const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORDLIKE = /[\p{L}\p{N}\p{M}]/u;
const INVISIBLE = /[\p{Cf}\u0640]/u;

/** Classes of the basic plane, filled as characters are met; 0 is not yet known. */
const known = new Uint8Array(0x10000);

function classify(character: string): CharacterClass {
  if (INVISIBLE.test(character)) return SILENT;
  if (!WORDLIKE.test(character)) return BREAK;
  return WITHOUT_SPACES.test(character) ? ALONE : LETTER;
}

/** The class of the code point at a UTF-16 offset; a low surrogate answers for its pair. */
export function classAt(text: string, offset: number): CharacterClass {
  const unit = text.charCodeAt(offset);
  if (unit >= 0xd800 && unit <= 0xdfff) {
    const start = unit >= 0xdc00 && offset > 0 ? offset - 1 : offset;
    return classify(String.fromCodePoint(text.codePointAt(start) ?? 0xfffd));
  }
  const remembered = known[unit] as CharacterClass | 0;
  if (remembered !== 0) return remembered;
  const found = classify(String.fromCharCode(unit));
  known[unit] = found;
  return found;
}

/** Spellings of one Arabic letter that writers and editors use for each other, and Latin ones that NFKD leaves whole. */
const VARIANTS: Readonly<Record<string, string>> = {
  آ: "ا",
  أ: "ا",
  إ: "ا",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ئ: "ي",
  ؤ: "و",
  ة: "ه",
  ک: "ك",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ł: "l",
  ı: "i",
};
const VARIANT = new RegExp(`[${Object.keys(VARIANTS).join("")}]`, "gu");
const PLAIN = /^[a-z0-9]*$/;

/** A word without case, accents, compatibility forms and spelling variants: for finding it, never for saying that it is the same. */
export function foldWord(word: string): string {
  const lower = word.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  const bare = lower.replace(VARIANT, (letter) => VARIANTS[letter] ?? letter).normalize("NFKD");
  const folded = bare
    .replace(/[\p{M}\p{Cf}\u0640]/gu, "")
    .replace(VARIANT, (letter) => VARIANTS[letter] ?? letter);
  return folded === "" ? lower : folded;
}
