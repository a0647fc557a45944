/** Cuts a very long paragraph into pieces of sentences, at places that the text itself decides. */

/** Paragraphs up to this many UTF-16 units stay whole. */
const LONG = 4_000;
/** A piece has at least, about and at most so many. */
const LEAST = 200;
const MOST = 1_500;
/** One sentence end, and one space, in so many is a cut: which one depends on the words before, so that edits elsewhere move none. */
const ONE_END_IN = 3;
const ONE_SPACE_IN = 128;
const END = /[.!?…。！？؟۔;；\n]/;

/** Where the pieces start; the first is 0. */
export function pieceStarts(text: string): number[] {
  const starts = [0];
  if (text.length <= LONG) return starts;
  let start = 0;
  for (let at = LEAST; at < text.length - LEAST; at++) {
    const size = at - start;
    if (size < LEAST || !(isChosenEnd(text, at) || size >= MOST)) continue;
    start = size >= MOST ? spaceBefore(text, at, start + LEAST) : at;
    starts.push(start);
    at = start;
  }
  return starts;
}

function isChosenEnd(text: string, at: number): boolean {
  const last = text.charCodeAt(at - 1);
  const space = last === 0x20;
  const stop = last === 0x2e ? text.charCodeAt(at) <= 0x20 : !space && END.test(text[at - 1] as string);
  if (!stop && !space) return false;
  let hash = 0;
  for (let back = 2; back < 12; back++) hash = (Math.imul(hash, 31) + text.charCodeAt(at - back)) | 0;
  return (hash >>> 3) % (stop ? ONE_END_IN : ONE_SPACE_IN) === 0;
}

/** The last space before a place, else the place itself; never inside a surrogate pair. */
function spaceBefore(text: string, at: number, least: number): number {
  for (let back = at; back > least; back--) if (text.charCodeAt(back - 1) <= 0x20) return back;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at;
}
