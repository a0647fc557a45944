/** A page as one folded text, and the way back to its paragraphs. Twin of `Page` in `annotator/copies.py`; code points. */

import { codePointLength } from "../paragraphs.ts";
import { Folded, pointsOf } from "./fold.ts";
import { PARAGRAPH_BREAK, type Paragraph, type Position } from "./types.ts";

const SPACE = 0x20;

/** The paragraphs as one folded text. */
export class Page {
  readonly paragraphs: readonly Paragraph[];
  readonly folded: Folded;
  readonly text: Uint32Array;
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];

  constructor(paragraphs: readonly Paragraph[]) {
    this.paragraphs = paragraphs;
    this.folded = new Folded(pointsOf(paragraphs.map(({ text }) => text).join(PARAGRAPH_BREAK)));
    this.text = this.folded.points;
    let start = 0;
    for (const { text } of paragraphs) {
      const length = codePointLength(text);
      this.starts.push(start);
      this.lengths.push(length);
      start += length + PARAGRAPH_BREAK.length;
    }
  }

  /** The paragraph of a folded character. */
  paragraph(index: number): number {
    return this.paragraphOfRaw(this.folded.rawAt(index));
  }

  /** Whether no other character of the same paragraph stands before this folded one. */
  beginsParagraph(index: number): boolean {
    const before = this.text[index - 1] === SPACE ? index - 2 : index - 1;
    return before < 0 || this.paragraph(before) !== this.paragraph(index);
  }

  /** Whether no other character of the same paragraph stands after this folded one. */
  endsParagraph(index: number): boolean {
    const after = this.text[index + 1] === SPACE ? index + 2 : index + 1;
    return after >= this.text.length || this.paragraph(after) !== this.paragraph(index);
  }

  /** The position of a raw offset at which a span begins. */
  start(raw: number): Position {
    const paragraph = this.paragraphOfRaw(raw);
    return { paragraph, offset: Math.min(raw - this.startOf(paragraph), this.lengths[paragraph] as number) };
  }

  /** The position of a raw offset at which a span ends. */
  end(raw: number): Position {
    const paragraph = this.paragraphOfRaw(raw - 1);
    const offset = raw - this.startOf(paragraph);
    return offset <= (this.lengths[paragraph] as number) ? { paragraph, offset } : this.start(raw);
  }

  private startOf(paragraph: number): number {
    return this.starts[paragraph] as number;
  }

  private paragraphOfRaw(raw: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.startOf(middle) <= raw) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
