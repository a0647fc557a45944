import type { AnnotationView } from "../model.ts";

/** The parts of the panel's list, each in its order. */
export interface Groups {
  readonly pageNotes: readonly AnnotationView[];
  readonly found: readonly AnnotationView[];
  /** Several places are equally good. */
  readonly unsure: readonly AnnotationView[];
  readonly notFound: readonly AnnotationView[];
  readonly replies: readonly AnnotationView[];
}

const LOST: ReadonlySet<string> = new Set(["orphaned", "pending", "ambiguous"]);

/** True where its words do not stand on the page that was read (or in more than one place there). */
export function isLost(annotation: AnnotationView): boolean {
  return annotation.state !== null && LOST.has(annotation.state);
}

/** Highlights in page order; what is lost, page notes and replies by the time they were made. Pure. */
export function groupAnnotations(annotations: readonly AnnotationView[]): Groups {
  const highlights = annotations.filter(
    ({ motivation }) => motivation === "highlighting" || motivation === "commenting",
  );
  return {
    pageNotes: annotations.filter(({ motivation }) => motivation === "describing").sort(byTime),
    found: highlights.filter((one) => !isLost(one)).sort(byPlace),
    unsure: highlights.filter(({ state }) => state === "ambiguous").sort(byTime),
    notFound: highlights.filter((one) => isLost(one) && one.state !== "ambiguous").sort(byTime),
    replies: annotations.filter(({ motivation }) => motivation === "replying").sort(byTime),
  };
}

function byPlace(one: AnnotationView, other: AnnotationView): number {
  if (one.start === null || other.start === null)
    return Number(one.start === null) - Number(other.start === null) || byTime(one, other);
  return (
    one.start.paragraph - other.start.paragraph || one.start.offset - other.start.offset || byTime(one, other)
  );
}

function byTime(one: AnnotationView, other: AnnotationView): number {
  return one.created < other.created ? -1 : Number(one.created > other.created);
}
