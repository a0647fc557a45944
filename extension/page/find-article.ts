/** Mozilla's Readability as `FindArticle`. Imported by the content script `article` alone: it is large. */

import { Readability } from "@mozilla/readability";

/** In: a copy that may be taken apart. Out: the article's element, or null. */
export function findArticle(copy: Document): Element | null {
  try {
    const options = { serializer: (node: Node) => node, keepClasses: true };
    const content = new Readability<Node>(copy, options).parse()?.content;
    return content?.nodeType === Node.ELEMENT_NODE ? (content as Element) : null;
  } catch {
    // Pages are of every kind, and it was not written for all of them: without an answer the landmarks decide.
    return null;
  }
}
