/**
 * Paints highlights with the CSS Custom Highlight API: nothing in the page's `<body>` changes. The ranges are kept here,
 * since Firefox cannot iterate `CSS.highlights`; only names that are ours are ever set or deleted there.
 */

import type { AnchorState } from "../anchoring/types.ts";
import type { Color } from "../model.ts";
import { adoptStyle, colorName, dropStyle, EDITED, FLASH, viewOf } from "./highlight-style.ts";

const FLASH_TIME = 1600;
/** A pixel around a box still counts as on it. */
const REACH = 1;

export interface Stroke {
  readonly color: Color;
  readonly state: AnchorState;
  readonly ranges: readonly Range[];
  /** What stood in the ranges when they were first painted: when it differs, the page has changed under them. */
  readonly words?: string;
}

type Painted = Required<Stroke>;

export class Painter {
  private readonly strokes = new Map<string, Painted>();
  private readonly layers = new Map<Window, Map<string, Highlight>>();
  private readonly dressed = new Set<Document | ShadowRoot>();
  private flashing: ReturnType<typeof setTimeout> | undefined;
  private hidden = false;

  /** Paints a highlight, instead of what was painted under this id. */
  paint(id: string, stroke: Stroke): void {
    this.remove(id);
    if (stroke.ranges.length === 0) return;
    this.strokes.set(id, { words: wordsIn(stroke.ranges), ...stroke });
    for (const range of stroke.ranges) {
      this.dress(range);
      for (const name of namesOf(stroke)) this.layer(range, name)?.add(range);
    }
  }

  remove(id: string): void {
    const stroke = this.strokes.get(id);
    if (stroke === undefined) return;
    this.strokes.delete(id);
    for (const range of stroke.ranges) {
      for (const layers of this.layers.values()) {
        for (const name of namesOf(stroke)) layers.get(name)?.delete(range);
      }
    }
  }

  /** Takes the paint off the page, or puts it back; what is painted meanwhile stays hidden too. Only a flash is seen. */
  hide(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    for (const [view, layers] of this.layers) {
      for (const [name, layer] of layers) {
        if (name === FLASH) continue;
        if (hidden) unregister(view, name, layer);
        else register(view, name, layer);
      }
    }
  }

  /** Keeps only these ids. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of [...this.strokes.keys()]) if (!ids.has(id)) this.remove(id);
  }

  has(id: string): boolean {
    return this.strokes.has(id);
  }

  /** What is painted under an id; painted again later, it is lost if its words have changed meanwhile. */
  stroke(id: string): Stroke | undefined {
    return this.strokes.get(id);
  }

  /** The highlights whose text was taken away, moved out or rewritten since they were painted. */
  lost(): string[] {
    const lost: string[] = [];
    for (const [id, { ranges, words }] of this.strokes) {
      const whole = ranges.every((range) => !range.collapsed && range.startContainer.isConnected);
      if (!whole || wordsIn(ranges) !== words) lost.push(id);
    }
    return lost;
  }

  /** The highlights at a point of a document's viewport, in CSS pixels; the shortest first, so that each can be reached. */
  at(document: Document, x: number, y: number): string[] {
    if (this.hidden) return [];
    const caret = document.caretPositionFromPoint?.(x, y) ?? null;
    const found: [string, number][] = [];
    for (const [id, { ranges, words }] of this.strokes) {
      if (ranges.some((range) => mayHold(range, document, caret) && isOn(range, x, y)))
        found.push([id, words.length]);
    }
    return found.sort((a, b) => a[1] - b[1]).map(([id]) => id);
  }

  /** Scrolls to a highlight and lets it flash. Out: false where it is not painted. */
  show(id: string): boolean {
    const first = this.strokes.get(id)?.ranges[0];
    const element = first?.startContainer.parentElement;
    const view = first?.startContainer.ownerDocument?.defaultView;
    if (first === undefined || !element || !view) return false;
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    // A paragraph can be longer than the window: then its middle is not where the highlight is.
    const box = first.getBoundingClientRect();
    if (box.top < 0 || box.bottom > view.innerHeight) {
      view.scrollBy({ top: box.top - view.innerHeight / 3, behavior: "instant" });
    }
    this.flash(id);
    return true;
  }

  private flash(id: string): void {
    clearTimeout(this.flashing);
    this.clearLayer(FLASH);
    for (const range of this.strokes.get(id)?.ranges ?? []) this.layer(range, FLASH)?.add(range);
    this.flashing = setTimeout(() => this.clearLayer(FLASH), FLASH_TIME);
  }

  /** Takes everything of ours off the page. */
  clear(): void {
    clearTimeout(this.flashing);
    this.strokes.clear();
    for (const [view, layers] of this.layers) {
      for (const [name, layer] of layers) {
        layer.clear();
        unregister(view, name, layer);
      }
    }
    this.layers.clear();
    for (const tree of this.dressed) dropStyle(tree);
    this.dressed.clear();
  }

  private clearLayer(name: string): void {
    for (const layers of this.layers.values()) layers.get(name)?.clear();
  }

  private layer(range: Range, name: string): Highlight | undefined {
    const view = range.startContainer.ownerDocument?.defaultView;
    if (!view) return undefined;
    let layers = this.layers.get(view);
    if (layers === undefined) {
      layers = new Map<string, Highlight>();
      this.layers.set(view, layers);
    }
    let layer = layers.get(name);
    if (layer === undefined) {
      layer = new view.Highlight();
      layer.priority = name === FLASH ? 2 : name === EDITED ? 1 : 0;
      layers.set(name, layer);
      if (!this.hidden || name === FLASH) register(view, name, layer);
    }
    return layer;
  }

  /** Gives the trees of a range our rules; Firefox does not let highlights inherit into shadow roots. */
  private dress(range: Range): void {
    const tree = range.startContainer.getRootNode() as Document | ShadowRoot;
    for (const root of [tree, range.startContainer.ownerDocument]) {
      if (!root || this.dressed.has(root) || viewOf(root) === null) continue;
      adoptStyle(root);
      this.dressed.add(root);
    }
  }
}

function register(view: Window, name: string, layer: Highlight): void {
  (view as Window & typeof globalThis).CSS.highlights.set(name, layer);
}

function unregister(view: Window, name: string, layer: Highlight): void {
  const registry = (view as Window & typeof globalThis).CSS?.highlights;
  // After an update of the extension the name may already belong to its successor on this page.
  if (registry?.get(name) === layer) registry.delete(name);
}

function namesOf({ color, state }: Stroke): string[] {
  return state === "edited" ? [colorName(color), EDITED] : [colorName(color)];
}

function wordsIn(ranges: readonly Range[]): string {
  return ranges.map((range) => range.toString()).join("\n");
}

/** A first sieve without boxes: the caret nearest to the point must lie in the range. It does not look into shadow roots. */
function mayHold(range: Range, document: Document, caret: CaretPosition | null): boolean {
  if (range.startContainer.ownerDocument !== document) return false;
  if (caret === null || range.startContainer.getRootNode() !== caret.offsetNode.getRootNode()) return true;
  return range.isPointInRange(caret.offsetNode, caret.offset);
}

function isOn(range: Range, x: number, y: number): boolean {
  return [...range.getClientRects()].some(
    ({ left, right, top, bottom }) =>
      x >= left - REACH && x <= right + REACH && y >= top - REACH && y <= bottom + REACH,
  );
}
