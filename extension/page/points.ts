/** On which side of a selection's end a piece of text stands, across shadow roots and frames. Offsets are the DOM's. */

import type { Run } from "./composer.ts";
import { isShadowRoot } from "./reader.ts";

/** One end of a selection: a Range's, a StaticRange's or a Selection's. */
export interface Point {
  readonly node: Node;
  readonly offset: number;
}

/** The point, then the place before (0) or after (1) its shadow host, then that host's …, and of frames in their pages. */
export function* outwards(point: Point, after: 0 | 1): Generator<Point> {
  for (let here: Point | null = point; here !== null; ) {
    yield here;
    const outer = outerElement(here.node);
    const parent: ParentNode | null = outer?.parentNode ?? null;
    if (outer === null || parent === null) return;
    here = { node: parent, offset: Array.prototype.indexOf.call(parent.childNodes, outer) + after };
  }
}

/** The element that a node's tree hangs on: a shadow host, or the frame element of a document. */
function outerElement(node: Node): Element | null {
  const root = node.getRootNode();
  if (isShadowRoot(root)) return root.host;
  return root.nodeType === Node.DOCUMENT_NODE ? ((root as Document).defaultView?.frameElement ?? null) : null;
}

export type Side = "before" | "after" | "elsewhere";

/** Tells on which side of a point a run of the same tree, or of a tree inside it, stands. */
export function comparerAt({ node, offset }: Point): (run: Run) => Side {
  const tree = node.getRootNode();
  const range = (node.ownerDocument ?? (node as Document)).createRange();
  range.setStart(node, Math.min(offset, lengthOf(node)));
  range.collapse(true);
  const holders = new Map<Node, Node | null>();
  const inTree = (other: Node): Node | null => {
    const root = other.getRootNode();
    if (root === tree) return other;
    let holder = holders.get(root);
    if (holder === undefined) {
      const outer = outerElement(other);
      holder = outer === null ? null : inTree(outer);
      holders.set(root, holder);
    }
    return holder;
  };
  return (run) => {
    const here = inTree(run.node);
    // What a host shows stands neither before nor after a point among the host's children.
    if (here === null || (here === node && run.node !== node)) return "elsewhere";
    if (here === node) {
      if (run.from >= offset) return "after";
      return run.from + run.size <= offset ? "before" : "elsewhere";
    }
    return range.comparePoint(here, 0) > 0 ? "after" : "before";
  };
}

function lengthOf(node: Node): number {
  return node.nodeType === Node.ELEMENT_NODE || !("length" in node)
    ? node.childNodes.length
    : Number(node.length);
}
