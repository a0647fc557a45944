/**
 * One pass over a page, in the order in which it is rendered: open shadow roots in the place of their hosts' children,
 * same-origin frames in the place of their elements. It reads styles and never boxes, so it forces no layout, and it
 * can stop anywhere, so that a long page is read in slices.
 */

import type { ParagraphKind } from "../anchoring/types.ts";
import {
  isBlock,
  isSkipped,
  isUnrendered,
  kindInside,
  onlyShownChild,
  type Spacing,
  spacing,
} from "./blocks.ts";
import { type Composed, Composer } from "./composer.ts";

/** Steps between two looks at the clock. */
const STRIDE = 64;

/** An element whose children are being read. */
interface Place {
  readonly children: ArrayLike<Node>;
  next: number;
  readonly block: boolean;
  readonly kind: ParagraphKind;
  readonly style: CSSStyleDeclaration | null;
  /** Known once a text stands directly in the element: null where it is invisible. */
  spacing: Spacing | null | undefined;
}

export class Reader {
  readonly paragraphs: Composed[] = [];
  /** Documents and shadow roots that hold text: what to watch for changes. */
  readonly roots: (Document | ShadowRoot)[] = [];
  private readonly places: Place[] = [];
  private readonly composer = new Composer();
  private readonly isOwn: (node: Node) => boolean;

  /** `isOwn` tells the extension's host element, whose text is not the page's. */
  constructor(document: Document, isOwn: (node: Node) => boolean = () => false) {
    this.isOwn = isOwn;
    this.enterDocument(document);
  }

  /** Reads on until the page's end or the moment `until` (of `performance.now()`). Out: whether the page's end was reached. */
  read(until = Number.POSITIVE_INFINITY): boolean {
    for (let step = 1; this.places.length > 0; step++) {
      this.step();
      if (step % STRIDE === 0 && performance.now() >= until) return this.places.length === 0;
    }
    this.end("p");
    return true;
  }

  private step(): void {
    const place = this.places[this.places.length - 1] as Place;
    const child = place.children[place.next++];
    if (child === undefined) {
      this.places.pop();
      if (place.block) this.end(place.kind);
    } else if (child.nodeType === Node.TEXT_NODE) {
      this.text(child as Text, place);
    } else if (child.nodeType === Node.ELEMENT_NODE) {
      this.element(child as Element, place);
    }
  }

  private text(node: Text, place: Place): void {
    if (place.spacing === undefined) {
      place.spacing = place.style?.visibility === "visible" ? spacing(place.style) : null;
    }
    if (place.spacing !== null) this.composer.add(node, place.spacing);
  }

  private element(element: Element, place: Place): void {
    if (element.localName === "br") {
      if (this.composer.lineBreak()) this.end(place.kind);
      return;
    }
    if (this.isOwn(element)) return;
    if (element.localName === "hr") this.end(place.kind);
    if (isSkipped(element)) return;
    const view = element.ownerDocument.defaultView;
    if (view === null) return;
    const style = view.getComputedStyle(element);
    if (isUnrendered(style)) return;
    if (element.localName === "iframe" || element.localName === "frame") {
      this.frame(element, style, place.kind);
      return;
    }
    const block = isBlock(element, style, place.style);
    if (block) this.end(place.kind);
    const kind = kindInside(element, place.kind);
    this.places.push({ children: this.childrenOf(element), next: 0, block, kind, style, spacing: undefined });
  }

  /** The children as rendered: of the shadow root where there is an open one, the assigned nodes of a slot. */
  private childrenOf(element: Element): ArrayLike<Node> {
    const shadow = element.shadowRoot;
    if (shadow) {
      this.roots.push(shadow);
      return [...shadow.childNodes];
    }
    if (element.localName === "slot" && isShadowRoot(element.getRootNode())) {
      const assigned = (element as HTMLSlotElement).assignedNodes();
      if (assigned.length > 0) return assigned;
    }
    const shown = onlyShownChild(element);
    if (shown !== undefined) return shown === null ? [] : [shown];
    // A copy: the live list is walked from its start again after every change of the page.
    return Array.from(element.childNodes);
  }

  private frame(element: Element, style: CSSStyleDeclaration, around: ParagraphKind): void {
    this.end(around);
    if (style.visibility !== "visible") return;
    const inside = sameOriginDocument(element as HTMLIFrameElement);
    if (inside !== null) this.enterDocument(inside);
  }

  private enterDocument(document: Document): void {
    const root = document.documentElement as Element | null;
    if (root === null || document.designMode === "on") return;
    this.roots.push(document);
    this.places.push({ children: [root], next: 0, block: true, kind: "p", style: null, spacing: undefined });
  }

  private end(kind: ParagraphKind): void {
    const paragraph = this.composer.finish(kind);
    if (paragraph !== null) this.paragraphs.push(paragraph);
  }
}

/** Not by `instanceof`: a frame has a constructor of its own. */
export function isShadowRoot(node: Node): node is ShadowRoot {
  return node.nodeType === Node.DOCUMENT_FRAGMENT_NODE && "host" in node;
}

function sameOriginDocument(frame: HTMLIFrameElement): Document | null {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}
