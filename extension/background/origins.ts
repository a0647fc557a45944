/** What highlights stood in on the pages that they were made on, for readers to read where it is gone. */

import type { OldText } from "../model.ts";
import { cut, PositionOutside } from "../paragraphs.ts";
import type { AnnotationRow } from "../store/rows.ts";
import type { OldParagraphs } from "./places.ts";

/** The paragraphs of the highlight with its words set apart; null where this browser does not have them. */
export async function originOf({ written }: AnnotationRow, old: OldParagraphs): Promise<OldText | null> {
  const { snapshot, start, end } = written.target;
  const paragraphs = snapshot === null || !start || !end ? null : await old(snapshot);
  const last = end && paragraphs?.[end.paragraph];
  if (!paragraphs || !start || !end || !last) return null;
  const beginning = { paragraph: start.paragraph, offset: 0 };
  const ending = { paragraph: end.paragraph, offset: [...last.text].length };
  try {
    return {
      before: cut(paragraphs, { start: beginning, end: start }),
      exact: cut(paragraphs, { start, end }),
      after: cut(paragraphs, { start: end, end: ending }),
    };
  } catch (error) {
    if (error instanceof PositionOutside) return null;
    throw error;
  }
}
