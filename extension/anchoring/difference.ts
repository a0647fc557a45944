/**
 * What differs between an old and a new sentence, word by word, for a reader to see.
 * Vectors for both languages: `tests/vectors/difference/`.
 */

export type DifferenceKind = "same" | "removed" | "added";

/** A run of text. `same` and `added` in order are the new text; `same` and `removed` are the old one, but for the kind of white space. */
export interface DifferencePart {
  readonly kind: DifferenceKind;
  readonly text: string;
}

/** A word, a run of white space, or one other character; scripts without spaces go character by character. */
const PIECES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{M}\p{N}]+|\s+|./gsu;
const WORD = /[\p{L}\p{M}\p{N}]/u;
const SPACE = /^\s+$/u;
/** Above so many comparisons only the common beginning and end are found. */
const MOST_COMPARISONS = 4_000_000;
/** What a common piece is worth: a word more than a mark, a mark more than a space. */
const WORTH = { word: 4, mark: 2, space: 1 };

/**
 * The difference of two texts as runs in reading order, what was removed before what was added in its stead.
 * White space of any kind is the same; apart from it, `same` runs stand in both texts, as the new one writes them.
 */
export function difference(before: string, after: string): DifferencePart[] {
  const old = before.match(PIECES) ?? [];
  const fresh = after.match(PIECES) ?? [];
  let head = 0;
  while (head < old.length && head < fresh.length && same(old[head], fresh[head])) head++;
  let tail = 0;
  const most = Math.min(old.length, fresh.length) - head;
  while (tail < most && same(old[old.length - 1 - tail], fresh[fresh.length - 1 - tail])) tail++;
  const parts = new Parts();
  for (const piece of fresh.slice(0, head)) parts.add("same", piece);
  inner(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail), parts);
  for (const piece of fresh.slice(fresh.length - tail)) parts.add("same", piece);
  return parts.done();
}

function same(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  return left === right || (SPACE.test(left) && SPACE.test(right));
}

function worth(piece: string): number {
  if (WORD.test(piece)) return WORTH.word;
  return SPACE.test(piece) ? WORTH.space : WORTH.mark;
}

/** The heaviest common subsequence, written out; what is removed comes before what is added. */
function inner(old: readonly string[], fresh: readonly string[], parts: Parts): void {
  const width = fresh.length + 1;
  const best = (old.length + 1) * width <= MOST_COMPARISONS ? table(old, fresh) : null;
  let row = 0;
  let column = 0;
  while (row < old.length || column < fresh.length) {
    const here = best?.[row * width + column] ?? 0;
    const both = row < old.length && column < fresh.length;
    if (
      best &&
      both &&
      same(old[row], fresh[column]) &&
      here > (best[(row + 1) * width + column] ?? 0) &&
      here > (best[row * width + column + 1] ?? 0)
    ) {
      parts.add("same", fresh[column] as string);
      row++;
      column++;
    } else if (
      row < old.length &&
      (!best || column === fresh.length || best[(row + 1) * width + column] === here)
    ) {
      parts.add("removed", old[row++] as string);
    } else parts.add("added", fresh[column++] as string);
  }
}

/** For every pair of rests, the worth of what they have in common. */
function table(old: readonly string[], fresh: readonly string[]): Uint32Array {
  const width = fresh.length + 1;
  const best = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      const below = best[(row + 1) * width + column] as number;
      const right = best[row * width + column + 1] as number;
      const across = best[(row + 1) * width + column + 1] as number;
      const taken = same(old[row], fresh[column]) ? across + worth(fresh[column] as string) : 0;
      best[row * width + column] = Math.max(below, right, taken);
    }
  }
  return best;
}

/**
 * Collects runs. All that was removed between two `same` runs comes first, then all that was added; white space alone
 * between two changes belongs to both, so that a changed phrase reads as one.
 */
class Parts {
  private readonly parts: DifferencePart[] = [];
  private removed = "";
  private added = "";
  private kept = "";
  private keptSpace = "";

  add(kind: DifferenceKind, text: string): void {
    if (kind === "same") {
      if (this.kept === "" && this.changed() && SPACE.test(text)) {
        this.keptSpace += text;
        return;
      }
      this.endChange();
      this.kept += this.keptSpace + text;
      this.keptSpace = "";
      return;
    }
    this.endSame();
    this.removed += this.keptSpace;
    this.added += this.keptSpace;
    this.keptSpace = "";
    if (kind === "removed") this.removed += text;
    else this.added += text;
  }

  done(): DifferencePart[] {
    this.endChange();
    this.kept += this.keptSpace;
    this.endSame();
    return this.parts;
  }

  private changed(): boolean {
    return this.removed !== "" || this.added !== "";
  }

  private endSame(): void {
    if (this.kept !== "") this.parts.push({ kind: "same", text: this.kept });
    this.kept = "";
  }

  private endChange(): void {
    if (this.removed !== "") this.parts.push({ kind: "removed", text: this.removed });
    if (this.added !== "") this.parts.push({ kind: "added", text: this.added });
    this.removed = "";
    this.added = "";
  }
}
