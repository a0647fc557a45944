/** The words of the annotation model as TypeScript sees them; the same names stand in the API and in Python. */

export const PARAGRAPH_KINDS = [
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "p",
  "li",
  "quote",
  "pre",
  "caption",
  "cell",
] as const;
export type ParagraphKind = (typeof PARAGRAPH_KINDS)[number];

/** One block of visible text. */
export interface Paragraph {
  readonly kind: ParagraphKind;
  readonly text: string;
}

/** A place in a list of paragraphs; `offset` counts Unicode code points inside the paragraph's text. */
export interface Position {
  readonly paragraph: number;
  readonly offset: number;
}

/** What was highlighted, with up to 32 code points before and after; paragraphs are joined by PARAGRAPH_BREAK. */
export interface Quote {
  readonly exact: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** How quotes, prefixes and suffixes write the border between two paragraphs. */
export const PARAGRAPH_BREAK = "\n\n";
export const CONTEXT_LENGTH = 32;

/** A half-open span of the text of one snapshot. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** What the engine looks for: where it stood, and the words. */
export interface AnchorTarget extends Span {
  readonly quote: Quote;
}

export type FoundState = "exact" | "moved" | "edited";
export type LostState = "ambiguous" | "orphaned";
/** `pending` is not yet looked at: the server's placing found no such words, or the engine had no steps left for it. */
export type AnchorState = FoundState | LostState | "pending";

/** Where a target stands now. `text` is what stands there, empty when nothing does. */
export type Anchor =
  | { readonly state: FoundState; readonly start: Position; readonly end: Position; readonly text: string }
  | { readonly state: LostState | "pending"; readonly start: null; readonly end: null; readonly text: "" };
