/** What an element is for the text of a page: skipped, a block of its own kind, or part of the line it stands in. */

import type { ParagraphKind } from "../anchoring/types.ts";

/** Elements whose text is no text of the page, whatever the style sheet says. `rt` and `rp` would double what they annotate. */
const SKIPPED = new Set(
  (
    "script style noscript template head title link meta " +
    "input textarea select button option optgroup datalist output progress meter " +
    "canvas svg audio video object embed map img picture " +
    "rt rp rtc"
  ).split(" "),
);

const KINDS: Readonly<Record<string, ParagraphKind>> = {
  h1: "h1",
  h2: "h2",
  h3: "h3",
  h4: "h4",
  h5: "h5",
  h6: "h6",
  li: "li",
  dt: "li",
  dd: "li",
  blockquote: "quote",
  q: "quote",
  pre: "pre",
  listing: "pre",
  xmp: "pre",
  caption: "caption",
  figcaption: "caption",
  td: "cell",
  th: "cell",
};

/** Inside these a new text begins: a `<section>` in a list item holds paragraphs, not list items. */
const FRESH = new Set(["article", "section", "main", "aside", "nav", "header", "footer"]);

/** Written inside a line; when such an element floats (drop caps, footnote marks) its few letters still belong to the line. */
const PHRASING = new Set(
  "a abbr b bdi bdo cite code em font i ins kbd mark q s small span strong sub sup u".split(" "),
);
const LONGEST_INITIAL = 3;

const MATHML = "http://www.w3.org/1998/Math/MathML";
const INLINE =
  /^(?:inline|inline-block|inline-flex|inline-grid|inline flow-root|contents|ruby|ruby-base|ruby-base-container|math|inline math)$/;

/** True for elements that hold no text of the page: code, form controls, pictures, what the reader may edit. */
export function isSkipped(element: Element): boolean {
  return SKIPPED.has(element.localName) || isEditable(element);
}

export function isEditable(element: Element): boolean {
  const editable = element.getAttribute("contenteditable");
  return editable !== null && editable.toLowerCase() !== "false";
}

/** The kind of the paragraphs directly inside `element`, when those around it are of the kind `around`. */
export function kindInside(element: Element, around: ParagraphKind): ParagraphKind {
  const name = element.localName;
  const own = KINDS[name];
  if (own !== undefined) return name === "q" ? around : own;
  if (FRESH.has(name)) return "p";
  // Layout tables hold whole articles in one cell: its paragraphs are paragraphs.
  if (name === "p" && around === "cell") return "p";
  if (element.getAttribute("role") === "heading") return headingLevel(element);
  return around;
}

function headingLevel(element: Element): ParagraphKind {
  const level = Number(element.getAttribute("aria-level"));
  return KINDS[`h${Number.isInteger(level) && level >= 1 && level <= 6 ? level : 2}`] ?? "h2";
}

/** Whether a box of this style begins and ends its own lines, in a parent of the style `around`. */
export function isBlock(
  element: Element,
  style: CSSStyleDeclaration,
  around: CSSStyleDeclaration | null,
): boolean {
  if (INLINE.test(style.display)) return false;
  if (around !== null && isItemOfLine(element, around)) return false;
  // Every part of a formula is a box of its own to CSS; the formula is one text.
  if (element.namespaceURI === MATHML && element.localName !== "math") return false;
  return !isInitial(element, style);
}

/**
 * The parts of a badge or of a link with an icon, written inside a line as `inline-flex`: CSS makes each a block, but
 * they stand in the line all the same.
 */
function isItemOfLine(element: Element, around: CSSStyleDeclaration): boolean {
  if (!/^inline-(?:flex|grid)$/.test(around.display) || around.flexDirection.startsWith("column"))
    return false;
  const parent = element.parentElement;
  return PHRASING.has(element.localName) && parent !== null && PHRASING.has(parent.localName);
}

function isInitial(element: Element, style: CSSStyleDeclaration): boolean {
  if (!PHRASING.has(element.localName)) return false;
  if (style.float === "none" && style.position !== "absolute") return false;
  return (element.textContent ?? "").trim().length <= LONGEST_INITIAL;
}

/** Not rendered at all, with everything inside it; outside every slot it has no style. Hidden visibility is another matter: a child may be visible again. */
export function isUnrendered(style: CSSStyleDeclaration): boolean {
  if (style.display === "") return true;
  return style.display === "none" || style.display === "ruby-text" || style.contentVisibility === "hidden";
}

/** The one child of a closed `<details>` that is shown; null for every other element. */
export function onlyShownChild(element: Element): Element | null | undefined {
  if (element.localName !== "details" || element.hasAttribute("open")) return undefined;
  for (const child of element.children) if (child.localName === "summary") return child;
  return null;
}

export type Spacing = "collapse" | "lines" | "verbatim";

/** How a browser treats the white space of text with this style; `lines` keeps only its line ends. */
export function spacing(style: CSSStyleDeclaration): Spacing {
  const rule = style.getPropertyValue("white-space-collapse") || style.whiteSpace;
  if (/^(?:preserve|pre|pre-wrap|break-spaces)$/.test(rule)) return "verbatim";
  return rule === "preserve-breaks" || rule === "pre-line" ? "lines" : "collapse";
}
